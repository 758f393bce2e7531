// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;

/** A graph whose driver is this process: a group of jobs in a context. */
final class SparkRun implements GraphRun {

  private static final org.joda.time.Duration LOOK = org.joda.time.Duration.millis(500);

  /** What Spark knows of ends within moments. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(10);

  private final Optional<ClusterJob> clusterJob;
  private final SparkMaster master;
  private final GraphListener listener;

  /** What ended it badly, if anything. */
  private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();

  private SparkRun(SharedContext.Lease lease, GraphListener listener) {
    String application = lease.context().sc().applicationId();
    this.clusterJob =
        lease
            .settings()
            .cluster()
            .map(cluster -> new ClusterJob(SparkGraphRunner.NAME, cluster, application));
    this.master = lease.settings().master();
    this.listener = listener;
  }

  /**
   * Starts {@code graph} in a context, of which it gives its share back when the graph ended.
   *
   * @throws GraphFailure if Beam cannot run it
   */
  static SparkRun start(Pipeline graph, SharedContext.Lease lease) throws GraphFailure {
    JavaSparkContext context = lease.context();
    String group = "beamwright-" + UUID.randomUUID();
    GraphListener listener = new GraphListener(context.sc(), group);
    SparkRun run = new SparkRun(lease, listener);
    context.sc().addSparkListener(listener);
    // The thread in which Beam runs the graph is begun by this one, and takes its group over.
    context.setJobGroup(group, graph.getOptions().getJobName(), true);
    PipelineResult result;
    try {
      result = graph.run();
    } catch (RuntimeException e) {
      context.sc().removeSparkListener(listener);
      throw new GraphFailure(SparkGraphRunner.NAME, Causes.of(e));
    } finally {
      context.clearJobGroup();
    }
    Thread watch = new Thread(() -> run.watch(result, lease), group);
    watch.setDaemon(true);
    watch.start();
    return run;
  }

  private void watch(PipelineResult result, SharedContext.Lease lease) {
    Optional<Throwable> failure =
        failureOf(result, () -> lease.context().sc().isStopped(), FORGOTTEN);
    try (lease) {
      listener.hearAll();
      lease.context().sc().removeSparkListener(listener);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Nobody does that to this thread.
    } finally {
      end.complete(failure);
    }
  }

  /**
   * Waits for the end of {@code result}.
   *
   * @param isStopped whether the context is; a job that comes to Spark in that moment is neither
   *     run nor refused, and would be waited for forever
   * @param forgotten how long after that a job which has not ended is such a one
   */
  static Optional<Throwable> failureOf(
      PipelineResult result, BooleanSupplier isStopped, Duration forgotten) {
    try {
      OptionalLong stopped = OptionalLong.empty();
      while (!result.waitUntilFinish(LOOK).isTerminal()) {
        long now = System.nanoTime();
        if (stopped.isEmpty() && isStopped.getAsBoolean()) {
          stopped = OptionalLong.of(now);
        }
        if (stopped.isPresent() && now - stopped.getAsLong() > forgotten.toNanos()) {
          result.cancel();
          return Optional.of(new SparkException("SparkContext was shut down as a job began"));
        }
      }
      return Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  @Override
  public Optional<ClusterJob> clusterJob() {
    return clusterJob;
  }

  @Override
  public boolean await(Duration limit) throws GraphFailure, InterruptedException {
    Optional<Throwable> failure;
    try {
      failure = end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // It is completed with values alone.
    }
    if (failure.isEmpty()) {
      return true;
    }
    throw listener.isCancelled()
        ? GraphFailure.cancelled(SparkGraphRunner.NAME)
        : new GraphFailure(SparkGraphRunner.NAME, Causes.ofGraph(failure.get(), master));
  }

  @Override
  public void cancel() {
    if (!end.isDone()) {
      listener.cancel();
    }
  }

  @Override
  public Map<String, Long> counters() {
    return listener.counters();
  }

  @Override
  public void close() {
    cancel();
  }
}
