// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.versioning.job.ClusterJob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;

/**
 * A runner whose library ends by itself, as Spark does on a signal, before anybody could cancel its
 * graph: while that starts, with the option {@code at=start}, or while it runs.
 */
public final class DyingRunner implements GraphRunner {

  private static final int MOST_SECONDS = 60;

  private static CountDownLatch death = new CountDownLatch(1);

  private boolean whileItStarts;

  /** Found by {@link java.util.ServiceLoader}. */
  public DyingRunner() {}

  /** From now on graphs wait for {@link #die}. */
  static synchronized void revive() {
    death = new CountDownLatch(1);
  }

  static synchronized void die() {
    death.countDown();
  }

  private static void awaitDeath() {
    CountDownLatch latch;
    synchronized (DyingRunner.class) {
      latch = death;
    }
    try {
      if (!latch.await(MOST_SECONDS, TimeUnit.SECONDS)) {
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
    whileItStarts = settings.options().getOrDefault("at", "run").equals("start");
    return Pipeline.create();
  }

  @Override
  public GraphRun start(Pipeline graph) {
    if (whileItStarts) {
      awaitDeath();
      throw new IllegalStateException("the library is gone");
    }
    return new Dying();
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
