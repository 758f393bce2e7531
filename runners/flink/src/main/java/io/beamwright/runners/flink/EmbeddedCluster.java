// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster of this process, which all its graphs share. It starts with the first and ends with
 * the process: a start takes as long as a small graph.
 */
final class EmbeddedCluster {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCluster.class);

  private static final long CANCEL_SECONDS = 5;
  private static final long CLOSE_SECONDS = 3;

  private static @Nullable EmbeddedCluster shared;
  private static boolean isProcessEnding;

  private final MiniCluster cluster;
  private final Address address;
  private final int slotsEach;
  private final Map<JobID, CompletableFuture<JobExecutionResult>> running =
      new ConcurrentHashMap<>();
  private volatile boolean isEnding;
  private int slots;
  private int leased;

  private EmbeddedCluster(int slotsEach) throws Exception {
    this.slotsEach = slotsEach;
    this.slots = slotsEach;
    this.cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration(slotsEach))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slotsEach)
                .build());
    cluster.start();
    URI rest = cluster.getRestAddress().get();
    this.address = new Address(rest.getHost(), rest.getPort());
  }

  private static Configuration configuration(int slotsEach) {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.BIND_PORT, "0");
    // A shuffle reserves 512 buffers of 32 KiB for each task unless told otherwise.
    configuration.set(NettyShuffleEnvironmentOptions.NETWORK_SORT_SHUFFLE_MIN_BUFFERS, 64);
    // All of it is written over with zeros as the cluster starts: on two cores 192 MiB would take
    // half a second more of the two that the start takes.
    MemorySize network = MemorySize.ofMebiBytes(32L * slotsEach);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, network);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, network);
    // The same of what the first shuffle is read with.
    configuration.set(
        TaskManagerOptions.NETWORK_BATCH_SHUFFLE_READ_MEMORY,
        MemorySize.ofMebiBytes(16L * slotsEach));
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    // A graph waits for those that began before it, however long they take.
    configuration.set(JobManagerOptions.SLOT_REQUEST_TIMEOUT, Duration.ofDays(30).toMillis());
    return configuration;
  }

  /** Starts beside the caller what {@link #lease} waits for, if it is not there. */
  static void warmUp(int slots) {
    Thread start =
        new Thread(
            () -> {
              try {
                var unused = started(slots);
              } catch (EnvironmentFault e) {
                LOG.debug("Flink did not start; the first graph that needs it tries again.", e);
              }
            },
            "flink-starts");
    start.setDaemon(true);
    start.start();
  }

  /**
   * Room for a graph, in a cluster that is there when this returns.
   *
   * @throws EnvironmentFault if it does not start
   */
  static synchronized Lease lease(int slots) {
    EmbeddedCluster cluster = started(slots);
    try {
      cluster.grow(slots);
      return cluster.new Lease(slots);
    } catch (Exception e) {
      throw notStarted(e);
    }
  }

  private static synchronized EmbeddedCluster started(int slots) {
    EmbeddedCluster cluster = shared;
    if (isProcessEnding) {
      throw new EnvironmentFault("Flink does not start: the process is ending.", "Run it again.");
    }
    if (cluster == null) {
      try {
        cluster =
            new EmbeddedCluster(
                Math.max(2, Math.max(slots, Runtime.getRuntime().availableProcessors())));
        Runtime.getRuntime()
            .addShutdownHook(new Thread(EmbeddedCluster::endWithProcess, "flink-ends"));
      } catch (Exception e) {
        throw notStarted(e);
      }
      shared = cluster;
    }
    return cluster;
  }

  private static EnvironmentFault notStarted(Exception failure) {
    return new EnvironmentFault(
        "Flink does not start in this process: " + failure.getMessage() + ".",
        "Give the process more memory (-Xmx), or name the master of a cluster.",
        failure);
  }

  private void grow(int more) throws Exception {
    while (slots < leased + more) {
      cluster.startTaskManager();
      slots += slotsEach;
    }
    leased += more;
  }

  private static void endWithProcess() {
    synchronized (EmbeddedCluster.class) {
      isProcessEnding = true;
    }
    endShared();
  }

  /**
   * Ends the cluster of this process, if there is one. Whoever ends the process may have a graph
   * cancelled at the same moment, which needs a cluster that answers: it is there for as long as
   * that takes.
   */
  static void endShared() {
    try {
      EmbeddedCluster ends = takeShared();
      if (ends != null) {
        ends.end();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static synchronized @Nullable EmbeddedCluster takeShared() throws InterruptedException {
    EmbeddedCluster taken = shared;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CANCEL_SECONDS);
    while (taken != null && taken.leased > 0 && System.nanoTime() < deadline) {
      TimeUnit.NANOSECONDS.timedWait(EmbeddedCluster.class, deadline - System.nanoTime());
    }
    shared = null;
    return taken;
  }

  private void end() {
    isEnding = true;
    // A process that ends does not wait for more; folders of temporary files go with the cluster.
    var unused =
        cluster
            .closeAsync()
            .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
            .exceptionally(failure -> null)
            .join();
    running.forEach((job, end) -> end.completeExceptionally(ended(job)));
  }

  private static JobCancellationException ended(JobID job) {
    return new JobCancellationException(job, "The process is ending.", null);
  }

  /** Room for one graph. */
  final class Lease implements AutoCloseable {

    private final int held;
    private boolean closed;

    private Lease(int held) {
      this.held = held;
    }

    Address address() {
      return address;
    }

    /**
     * How a job here ends: told at once, where a client of its REST interface would ask for it.
     * What the cluster ends with is cancelled.
     */
    CompletableFuture<JobExecutionResult> end(JobID job) {
      CompletableFuture<JobExecutionResult> end =
          resultOf(job)
              .exceptionally(
                  failure -> {
                    if (isEnding) {
                      throw new CompletionException(ended(job));
                    }
                    throw failure instanceof CompletionException wrapped
                        ? wrapped
                        : new CompletionException(failure);
                  });
      running.put(job, end);
      if (isEnding) {
        end.completeExceptionally(ended(job));
      }
      return end.whenComplete((result, failure) -> running.remove(job));
    }

    private CompletableFuture<JobExecutionResult> resultOf(JobID job) {
      try {
        return cluster.requestJobResult(job).thenApply(Lease::result);
      } catch (IllegalStateException e) {
        // It is not running any more.
        return CompletableFuture.failedFuture(ended(job));
      }
    }

    private static JobExecutionResult result(JobResult result) {
      try {
        return result.toJobExecutionResult(EmbeddedCluster.class.getClassLoader());
      } catch (Exception e) {
        throw new CompletionException(e);
      }
    }

    /** Gives the room back; a second time does nothing. */
    @Override
    public void close() {
      synchronized (EmbeddedCluster.class) {
        leased -= closed ? 0 : held;
        closed = true;
        EmbeddedCluster.class.notifyAll();
      }
    }
  }
}
