// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunRecords;
import io.beamwright.pipelines.record.StageRecord;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect run}: what was submitted, and what came of each stage. */
@Command(name = "run", description = "Show a run: what was submitted and what came of each stage.")
final class InspectRunCommand implements Subcommand {

  @Parameters(paramLabel = "RUN", description = "A run's id, or 4 or more of its first digits.")
  private String typed = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      RunRecord run = new RunRecords(store).require(typed);
      Map<String, JobSummary> summaries = summaries(store, run);
      if (session.json()) {
        session
            .console()
            .document(
                json -> {
                  json.writeStartObject();
                  RecordJson.run(json, run, summaries);
                  json.writeEndObject();
                });
      } else {
        print(session.console(), run, summaries);
      }
      return Exit.FINE;
    }
  }

  /** What the jobs that the run made of its stages did and cost, by stage. */
  private static Map<String, JobSummary> summaries(Store store, RunRecord run) {
    Map<String, JobSummary> summaries = new HashMap<>();
    for (StageRecord stage : run.stages()) {
      if (stage.job().isPresent() && !stage.state().equals(StageRecord.REUSED)) {
        JobSummary.of(store, stage.job().get(), run.run())
            .ifPresent(summary -> summaries.put(stage.stage(), summary));
      }
    }
    return summaries;
  }

  private static void print(Console console, RunRecord run, Map<String, JobSummary> summaries) {
    Sheet sheet = new Sheet(console);
    sheet.line("run", run.run());
    sheet.line("state", run.state().name());
    sheet.lines("cause", Stream.of(run.reason(), run.remedy()).filter(s -> !s.isEmpty()).toList());
    sheet.line("submitted", Times.time(run.time()) + " by " + run.author());
    sheet.line(
        "ended",
        run.ended()
            .map(end -> Times.time(end) + ", after " + Times.duration(run.took()))
            .orElse(""));
    sheet.line("runner", run.runner() + ", beamwright " + run.engine());
    sheet.line("specs", String.join(", ", run.specs()));
    run.puts().forEach((repo, commit) -> sheet.line("put", repo + "@" + commit.brief()));
    console.line("");
    Table table =
        new Table(
            Table.left("STAGE"),
            Table.left("STATE"),
            Table.right("TOOK"),
            Table.right("RAN"),
            Table.right("REUSED"),
            Table.right("WROTE"),
            Table.left("JOB"),
            Table.left("COMMIT"),
            Table.left("WHY"));
    for (StageRecord stage : run.stages()) {
      Optional<JobSummary> summary = Optional.ofNullable(summaries.get(stage.stage()));
      table.row(
          stage.stage(),
          stage.state(),
          Times.duration(summary.map(JobSummary::took)),
          summary.map(of -> Long.toString(of.ran())).orElse(""),
          summary.map(of -> Long.toString(of.reused())).orElse(""),
          summary.map(of -> Transfer.size(of.bytes())).orElse(""),
          stage.job().map(Sha256::hex).map(Console::shortId).orElse(""),
          stage.commit().map(commit -> stage.stage() + "@" + commit.brief()).orElse(""),
          stage.cause().isEmpty() ? stage.why() : stage.cause());
    }
    console.table(table);
  }
}
