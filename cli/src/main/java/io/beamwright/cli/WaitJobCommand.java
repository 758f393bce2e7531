// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.JobControl;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.versioning.Store;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wait job}. */
@Command(name = "job", description = "Wait until a job ended; the exit code says how.")
final class WaitJobCommand implements Subcommand {

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
      JobRecord ended = control.await(record);
      return EndOutput.ended(session, ended);
    }
  }
}
