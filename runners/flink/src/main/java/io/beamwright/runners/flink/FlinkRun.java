// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.runners.Counters;
import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.job.ClusterJob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job in a cluster, this process's own or another. */
final class FlinkRun implements GraphRun {

  private static final Logger LOG = LoggerFactory.getLogger(FlinkRun.class);
  private static final long COUNTERS_SECONDS = 1;
  private static final int MOST_SHOWN = 300;

  private final Submission.Submitted submitted;
  private final Address address;
  private final Optional<EmbeddedCluster.Lease> lease;
  private final Optional<JobStatusPage> page;
  private @Nullable CompletableFuture<JobExecutionResult> end;
  private Map<String, Long> counted = Map.of();
  private CompletableFuture<Map<String, Long>> asked = CompletableFuture.completedFuture(counted);

  /** {@code lease} of the cluster in this process, if it is there. */
  FlinkRun(Submission.Submitted submitted, Address address, Optional<EmbeddedCluster.Lease> lease) {
    this.submitted = submitted;
    this.address = address;
    this.lease = lease;
    this.page =
        lease.isPresent() ? Optional.empty() : Optional.of(new JobStatusPage(address, id()));
    this.end = lease.map(held -> held.end(submitted.job().getJobID())).orElse(null);
  }

  @Override
  public Optional<ClusterJob> clusterJob() {
    return lease.isPresent()
        ? Optional.empty()
        : Optional.of(new ClusterJob(FlinkGraphRunner.NAME, address.toString(), id()));
  }

  private String id() {
    return submitted.job().getJobID().toHexString();
  }

  @Override
  public boolean await(Duration limit) throws GraphFailure, InterruptedException {
    if (end == null) {
      if (!page.orElseThrow().awaitChange(limit)) {
        return false;
      }
      if (page.orElseThrow().hasFinished()) {
        return true;
      }
      end = submitted.job().getJobExecutionResult();
    }
    try {
      var unused = end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private GraphFailure failure(ExecutionException e) {
    if (Causes.sayCancelled(e)) {
      return GraphFailure.cancelled(FlinkGraphRunner.NAME);
    }
    Throwable cause = Causes.of(e);
    if (cause instanceof NoResourceAvailableException) {
      cause =
          new EnvironmentFault(
              "The Flink cluster at " + address + " had no free slots for the job " + id() + ".",
              "Wait until other jobs ended or start TaskManagers, and run it again.",
              cause);
    } else if (!Causes.sayEnded(e)) {
      cause = untold(cause);
    }
    return new GraphFailure(FlinkGraphRunner.NAME, cause);
  }

  /** A JobManager that is started again begins without jobs. */
  private EnvironmentFault untold(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (said.contains("FlinkJobNotFoundException") || said.contains("Could not find Flink job")) {
      return new EnvironmentFault(
          "Flink at %s does not know the job %s any more: its JobManager was started again."
              .formatted(address, id()),
          "What its datums made is kept. When the cluster is well, go on: beamwright run --resume"
              + " RUN, which beamwright list run names.",
          cause);
    }
    // What a server threw comes as its whole stack trace.
    String line = said.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    return new EnvironmentFault(
        "Flink at %s does not tell how the job %s ended: %s."
            .formatted(address, id(), line.substring(0, Math.min(line.length(), MOST_SHOWN))),
        "The job may still run there: look at the cluster before you run it again.",
        cause);
  }

  @Override
  public void cancel() {
    var unused =
        submitted
            .job()
            .cancel()
            .whenComplete(
                (done, failure) -> {
                  // It ended before, or the cluster does not answer: await tells which.
                  if (failure != null) {
                    LOG.debug("The job {} was not cancelled", id(), failure);
                  }
                });
  }

  /**
   * {@inheritDoc} Asked for beside the caller: where the cluster does not answer, Flink's client
   * tries for a minute, and whoever waits for the job has to hear of a stop meanwhile. Until there
   * is an answer, the last one is told.
   */
  @Override
  public synchronized Map<String, Long> counters() {
    if (asked.isDone()) {
      Map<String, Long> last = counted;
      counted = asked.exceptionally(failure -> last).join();
      asked =
          CompletableFuture.supplyAsync(
              () -> Counters.attempted(submitted.result().metrics()), FlinkRun::beside);
    }
    try {
      counted = asked.get(COUNTERS_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("The counters of the job {} are not known", id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return counted;
  }

  private static void beside(Runnable asking) {
    Thread thread = new Thread(asking, "flink-counters");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    lease.ifPresent(
        held -> {
          if (end == null || !end.isDone()) {
            cancel();
          }
          held.close();
        });
  }
}
