// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.JobControl;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunRecords;
import io.beamwright.versioning.Store;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wait run}. */
@Command(name = "run", description = "Wait until a run ended; the exit code says how.")
final class WaitRunCommand implements Subcommand {

  @Parameters(paramLabel = "RUN", description = "A run's id, or 4 or more of its first digits.")
  private String typed = "";

  @Override
  public Exit run(Session session) throws InterruptedException {
    try (Store store = session.openStore()) {
      RunRecord record = new RunRecords(store).require(typed);
      JobControl control = new JobControl(store, Clock.systemUTC());
      RunRecord ended = control.await(record);
      return EndOutput.ended(session, ended);
    }
  }
}
