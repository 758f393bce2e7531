// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.runners.direct.DirectGraphRunner;
import io.beamwright.versioning.job.ClusterJob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * A runner whose library ends by itself, as Spark does on a signal, before anybody could cancel its
 * graph: while that starts, with the option {@code at=start}, while it runs, or with {@code at=end}
 * after it published.
 */
public final class DyingRunner implements GraphRunner {

  private static final int MOST_SECONDS = 60;

  private static volatile CountDownLatch death = new CountDownLatch(1);

  private String at = "run";

  /** Found by {@link java.util.ServiceLoader}. */
  public DyingRunner() {}

  /** From now on graphs wait for {@link #die}. */
  static void revive() {
    death = new CountDownLatch(1);
  }

  static void die() {
    death.countDown();
  }

  private static void awaitDeath() {
    try {
      if (!death.await(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody ended the library");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String name() {
    return "dying";
  }

  @Override
  public Pipeline newGraph(RunnerSettings settings) {
    at = settings.options().getOrDefault("at", "run");
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    options.setBlockOnRun(false);
    return Pipeline.create(options);
  }

  @Override
  public GraphRun start(Pipeline graph) throws GraphFailure {
    if (at.equals("run")) {
      return new Dying();
    }
    if (at.equals("end")) {
      runToItsEnd(graph);
    }
    awaitDeath();
    throw new IllegalStateException("the library is gone");
  }

  private static void runToItsEnd(Pipeline graph) throws GraphFailure {
    try (GraphRun run = new DirectGraphRunner().start(graph)) {
      run.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Dying implements GraphRun {

    @Override
    public Optional<ClusterJob> clusterJob() {
      return Optional.empty();
    }

    @Override
    public boolean await(Duration limit) throws GraphFailure {
      awaitDeath();
      throw new GraphFailure("dying", new IllegalStateException("the library is gone"));
    }

    @Override
    public void cancel() {
      throw new AssertionError("it is gone before that");
    }

    @Override
    public Map<String, Long> counters() {
      return Map.of();
    }

    @Override
    public void close() {}
  }
}
