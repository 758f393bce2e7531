// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.runners.GraphFailure;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.restartstrategy.RestartStrategies;
import org.apache.flink.api.common.time.Time;
import org.apache.flink.api.java.RemoteEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.JobListener;
import org.jspecify.annotations.Nullable;

/**
 * The environment that Beam's runner finds while it submits one graph. Beam's own result knows
 * neither the job's id nor why it failed; the {@link JobClient} that the environment hears of does.
 */
final class Submission extends RemoteEnvironment implements JobListener {

  private static final Object INSTALLING = new Object();

  private @Nullable JobClient job;

  /** A graph for the cluster at {@code address}, whose workers load {@code jars}. */
  static Submission to(Address address, List<String> jars, int retries) {
    // Flink refuses a new environment while one is installed for all threads.
    synchronized (INSTALLING) {
      List<URL> classPaths = List.of();
      if (FlinkCommand.startedThisProcess()) {
        // Its command installed one, for which ours stands in from now on.
        resetContextEnvironment();
        classPaths = FlinkCommand.classPaths();
      }
      return new Submission(address, jars, classPaths, retries);
    }
  }

  private Submission(Address address, List<String> jars, List<URL> classPaths, int retries) {
    super(
        address.host(),
        address.port(),
        new Configuration(),
        jars.toArray(String[]::new),
        classPaths.toArray(URL[]::new));
    // Of the number of retries Beam tells Flink in streaming graphs only.
    setRestartStrategy(
        retries == 0
            ? RestartStrategies.noRestart()
            : RestartStrategies.fixedDelayRestart(retries, Time.milliseconds(500)));
    registerJobListener(this);
  }

  /** A job in the cluster, and what Beam knows of it. */
  record Submitted(JobClient job, PipelineResult result) {}

  /**
   * Has Beam submit the graph to this environment, once.
   *
   * @throws GraphFailure if the cluster does not take it
   */
  Submitted submit(Pipeline graph) throws GraphFailure {
    install();
    try {
      PipelineResult result = graph.run();
      return new Submitted(Objects.requireNonNull(job, "Flink told of no job"), result);
    } catch (RuntimeException e) {
      throw new GraphFailure(FlinkGraphRunner.NAME, Causes.of(e));
    } finally {
      uninstall();
    }
  }

  // Flink installs an environment for this thread and for all that have none, and takes away both.
  // Another thread, which has none, takes away only the second: so submissions go side by side.
  private void install() {
    synchronized (INSTALLING) {
      initializeContextEnvironment(() -> this);
      CompletableFuture.runAsync(
              Submission::resetContextEnvironment, command -> new Thread(command).start())
          .join();
    }
  }

  private static void uninstall() {
    synchronized (INSTALLING) {
      resetContextEnvironment();
    }
  }

  @Override
  public void onJobSubmitted(@Nullable JobClient client, @Nullable Throwable failure) {
    job = client;
  }

  @Override
  public void onJobExecuted(@Nullable JobExecutionResult result, @Nullable Throwable failure) {
    // Of a job that nobody waits for inside of Flink.
  }
}
