// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobState;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunState;
import io.beamwright.versioning.fault.EnvironmentFault;

/** Tells how a job or a run stands that was waited for, or stopped. */
final class EndOutput {

  private EndOutput() {}

  /** After a stop: fine if it ended, however. */
  static Exit stopped(Session session, JobRecord job) {
    print(session, job);
    return Exit.FINE;
  }

  /** After a stop: fine if it ended, however. */
  static Exit stopped(Session session, RunRecord run) {
    print(session, run);
    return Exit.FINE;
  }

  /**
   * After a wait: fine if it succeeded.
   *
   * @throws EnvironmentFault if nobody drives it any more
   */
  static Exit ended(Session session, JobRecord job) {
    requireDriven(job);
    print(session, job);
    return exit(job);
  }

  /** Fine if it succeeded. */
  static Exit exit(JobRecord job) {
    return job.state() == JobState.SUCCESS ? Exit.FINE : Exit.JOB_FAILED;
  }

  /**
   * Returns unless the job has no end and nobody drives it.
   *
   * @throws EnvironmentFault in that case
   */
  static void requireDriven(JobRecord job) {
    if (job.state() == JobState.LOST) {
      throw lost("job " + Console.shortId(job.id().hex()) + " (" + job.stage() + ")", job.run());
    }
  }

  /**
   * After a wait: fine if it succeeded.
   *
   * @throws EnvironmentFault if nobody drives it any more
   */
  static Exit ended(Session session, RunRecord run) {
    if (run.state() == RunState.LOST) {
      throw lost("run " + Console.shortId(run.run()), run.run());
    }
    print(session, run);
    return run.state() == RunState.SUCCESS ? Exit.FINE : Exit.JOB_FAILED;
  }

  private static EnvironmentFault lost(String what, String run) {
    return new EnvironmentFault(
        "Nobody drives the " + what + " any more: its process is gone.",
        "Go on with it: beamwright run --resume " + Console.shortId(run));
  }

  private static void print(Session session, JobRecord job) {
    print(
        session,
        json -> RecordJson.job(json, job),
        "job %s (%s) %s%s"
            .formatted(
                Console.shortId(job.id().hex()),
                job.stage(),
                job.state(),
                job.end().map(end -> cause(end.cause())).orElse("")));
  }

  private static void print(Session session, RunRecord run) {
    print(
        session,
        json -> RecordJson.run(json, run),
        "run %s %s%s".formatted(Console.shortId(run.run()), run.state(), cause(run.reason())));
  }

  /** One object with {@code members}, or {@code line}. */
  private static void print(Session session, Console.Document members, String line) {
    if (!session.json()) {
      session.console().line(line);
      return;
    }
    session
        .console()
        .document(
            json -> {
              json.writeStartObject();
              members.writeTo(json);
              json.writeEndObject();
            });
  }

  private static String cause(String cause) {
    return cause.isEmpty() ? "" : ": " + cause;
  }
}
