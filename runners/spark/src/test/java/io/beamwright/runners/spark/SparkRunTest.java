// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.time.Duration;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SparkRunTest {

  private static final SparkMaster MASTER = SparkMaster.of("spark://127.0.0.1:7077");

  /** What a job is that came to Spark as its context stopped. */
  private static final class Forgotten implements PipelineResult {

    private State state = State.RUNNING;

    @Override
    public State getState() {
      return state;
    }

    @Override
    public State cancel() {
      state = State.CANCELLED;
      return state;
    }

    @Override
    public State waitUntilFinish(org.joda.time.Duration limit) {
      return state;
    }

    @Override
    public State waitUntilFinish() {
      throw new AssertionError("it would wait for ever");
    }

    @Override
    public MetricResults metrics() {
      throw new AssertionError("nobody asks what a forgotten job counted");
    }
  }

  @Test
  void aJobThatSparkForgotAsItsContextStoppedEndsAndSaysSo() {
    Forgotten job = new Forgotten();

    Optional<Throwable> failure = SparkRun.failureOf(job, () -> true, Duration.ofMillis(20));

    assertThat(job.getState()).isEqualTo(PipelineResult.State.CANCELLED);
    assertThat(Causes.ofGraph(failure.orElseThrow(), MASTER))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("ended in the middle: SparkContext was shut down as a job began");
  }
}
