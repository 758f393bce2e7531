// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunRecords;
import io.beamwright.pipelines.record.RunState;
import io.beamwright.runners.ClusterJobs;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobStates;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for jobs and runs that another process drives, and has them ended. All that is known of
 * them is in the store, and of one whose driver is gone in its cluster.
 */
public final class JobControl {

  private static final Duration LOOKS_EVERY = Duration.ofMillis(500);

  /** A driver looks every two seconds, and a cluster takes its time to cancel. */
  private static final Duration MOST_FOR_STOP = Duration.ofSeconds(90);

  private final Store store;
  private final Clock clock;

  /** Over the jobs and runs of {@code store}. */
  public JobControl(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Has {@code job} ended, and waits for that; the results of its datums are kept.
   *
   * @param by who asks, for people
   * @return how it stands then
   * @throws UserFault if it does not run
   * @throws EnvironmentFault if its driver does not answer; the request stands
   */
  public JobRecord stop(JobRecord job, String by) throws InterruptedException {
    String brief = brief(job.id().hex());
    if (!job.state().isOpen()) {
      throw new UserFault(
          "The job " + brief + " does not run: it is " + job.state() + ".",
          "Try: beamwright list job");
    }
    Attempt attempt = job.attempts().get(0);
    new JobStates(store.jobs(), job.id()).askToStop(attempt.number(), by, clock.instant());
    JobRecord now =
        until(() -> read(job), record -> !record.state().isDriven(), MOST_FOR_STOP, "job " + brief);
    if (now.state().isOpen()) {
      endOrphan(now, attempt, by);
      return read(job);
    }
    return now;
  }

  /** Nobody drives it: what a cluster runs is cancelled, and its end is written down from here. */
  private void endOrphan(JobRecord job, Attempt attempt, String by) {
    job.cluster().filter(ClusterJobs::cancel).ifPresent(ClusterJobs::awaitEnd);
    // It may have published before it was cancelled.
    if (read(job).state().isOpen()) {
      JobPlan plan = JobPlan.of(store.jobs().plan(job.id(), attempt.number()).orElseThrow());
      var unused = new Publisher(store, clock).kill(plan, attempt, new Publication.Killed(by));
    }
  }

  /**
   * Has the stages of {@code run} ended that run, and none begun any more; waits for that.
   *
   * @param by who asks, for people
   * @return how it stands then
   * @throws UserFault if it does not run
   * @throws EnvironmentFault if its driver does not answer; the request stands
   */
  public RunRecord stop(RunRecord run, String by) throws InterruptedException {
    String brief = brief(run.run());
    if (run.state() != RunState.RUNNING && run.state() != RunState.LOST) {
      throw new UserFault(
          "The run " + brief + " does not run: it is " + run.state() + ".",
          "Try: beamwright list run");
    }
    store.runs().askToStop(run.run(), by, clock.instant());
    RunRecord now =
        until(
            () -> read(run),
            record -> record.state() != RunState.RUNNING,
            MOST_FOR_STOP,
            "run " + brief);
    if (now.state() == RunState.LOST) {
      for (JobRecord job : new JobRecords(store).of(run.run(), run.time())) {
        if (job.state().isOpen()) {
          endOrphan(job, job.attempts().get(0), by);
        }
      }
      Submission.killed(store, run.run(), by, clock.instant());
      return read(run);
    }
    return now;
  }

  /** Waits until {@code job} ended, or nobody drives it. */
  public JobRecord await(JobRecord job) throws InterruptedException {
    return until(
        () -> read(job),
        record -> !record.state().isDriven(),
        Duration.ofDays(Integer.MAX_VALUE),
        "");
  }

  /** Waits until {@code run} ended, or nobody drives it. */
  public RunRecord await(RunRecord run) throws InterruptedException {
    return until(
        () -> read(run),
        record -> record.state() != RunState.RUNNING,
        Duration.ofDays(Integer.MAX_VALUE),
        "");
  }

  private static <T> T until(Supplier<T> read, Predicate<T> isOver, Duration limit, String what)
      throws InterruptedException {
    long begun = System.nanoTime();
    T state = read.get();
    while (!isOver.test(state)) {
      if (Duration.ofNanos(System.nanoTime() - begun).compareTo(limit) > 0) {
        throw new EnvironmentFault(
            "Whoever drives the "
                + what
                + " did not end it within "
                + limit.toSeconds()
                + " seconds.",
            "The request stands. See beamwright inspect, and the cluster if it runs on one.");
      }
      Thread.sleep(LOOKS_EVERY.toMillis());
      state = read.get();
    }
    return state;
  }

  private JobRecord read(JobRecord job) {
    return new JobRecords(store).require(job.id().hex());
  }

  private RunRecord read(RunRecord run) {
    return new RunRecords(store).require(run.run());
  }

  private static String brief(String id) {
    return id.substring(0, Math.min(12, id.length()));
  }
}
