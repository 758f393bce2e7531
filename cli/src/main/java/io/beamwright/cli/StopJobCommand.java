// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.JobControl;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.versioning.Store;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code stop job}. */
@Command(
    name = "job",
    description = "End a job that runs, here or on a cluster; what its datums made is kept.")
final class StopJobCommand implements Subcommand {

  @Parameters(
      paramLabel = "JOB",
      description =
          "A job's id or 4 or more of its first digits; a stage, for its newest job; or REPO@REF,"
              + " for the job that made that commit.")
  private String typed = "";

  @Override
  public Exit run(Session session) throws InterruptedException {
    try (Store store = session.openStore()) {
      JobRecord record = new JobRecords(store).require(typed);
      JobControl control = new JobControl(store, Clock.systemUTC());
      JobRecord ended = control.stop(record, session.author());
      return EndOutput.stopped(session, ended);
    }
  }
}
