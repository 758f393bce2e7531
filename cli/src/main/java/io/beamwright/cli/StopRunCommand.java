// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.JobControl;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunRecords;
import io.beamwright.versioning.Store;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code stop run}. */
@Command(name = "run", description = "End a run: the stages that run, and none begins any more.")
final class StopRunCommand implements Subcommand {

  @Parameters(paramLabel = "RUN", description = "A run's id, or 4 or more of its first digits.")
  private String typed = "";

  @Override
  public Exit run(Session session) throws InterruptedException {
    try (Store store = session.openStore()) {
      RunRecord record = new RunRecords(store).require(typed);
      JobControl control = new JobControl(store, Clock.systemUTC());
      RunRecord ended = control.stop(record, session.author());
      return EndOutput.stopped(session, ended);
    }
  }
}
