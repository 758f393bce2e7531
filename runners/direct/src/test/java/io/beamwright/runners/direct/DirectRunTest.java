// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.runners.GraphFailure;
import java.time.Duration;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.junit.jupiter.api.Test;

/** What failed has ended, also where Beam does not say why: nobody waits for it. */
class DirectRunTest {

  /** As Beam's is, when it is cancelled just after it failed. */
  private static final class Failed implements PipelineResult {

    @Override
    public State getState() {
      return State.FAILED;
    }

    @Override
    public State cancel() {
      return State.FAILED;
    }

    @Override
    public State waitUntilFinish(org.joda.time.Duration duration) {
      return State.FAILED;
    }

    @Override
    public State waitUntilFinish() {
      return State.FAILED;
    }

    @Override
    public MetricResults metrics() {
      throw new AssertionError("nobody asks");
    }
  }

  @Test
  void whatFailedWithoutACauseHasEnded() {
    DirectRun run = new DirectRun(new Failed());
    assertThatThrownBy(() -> run.await(Duration.ofMillis(1)))
        .isInstanceOf(GraphFailure.class)
        .rootCause()
        .hasMessageContaining("failed without a cause");
  }

  @Test
  void whatFailedAndWasCancelledWasCancelled() {
    DirectRun run = new DirectRun(new Failed());
    run.cancel();
    assertThatThrownBy(() -> run.await(Duration.ofMillis(1)))
        .isInstanceOfSatisfying(
            GraphFailure.class, failure -> assertThat(failure.isCancelled()).isTrue());
  }
}
