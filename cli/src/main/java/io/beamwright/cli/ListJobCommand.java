// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.JobState;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunRecords;
import io.beamwright.pipelines.record.StageRecord;
import io.beamwright.versioning.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code list job}: the newest jobs, and the stages that could not run. */
@Command(name = "job", description = "List the newest jobs, the last begun first.")
final class ListJobCommand implements Subcommand {

  @Option(names = "--stage", paramLabel = "NAME", description = "Of this stage only.")
  private @Nullable String stage;

  @Option(
      names = {"-n", "--number"},
      paramLabel = "N",
      defaultValue = "20",
      converter = Limit.class,
      description = "At most this many (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  /** A job, or a stage that was never one because what it reads failed. */
  private sealed interface Row {
    Instant at();

    record OfJob(JobRecord job, Instant at) implements Row {}

    record Unrunnable(RunRecord run, StageRecord stage, Instant at) implements Row {}
  }

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      print(session, rows(store));
      return Exit.FINE;
    }
  }

  private List<Row> rows(Store store) {
    List<Row> rows = new ArrayList<>();
    for (JobRecord job : new JobRecords(store).newestFirst(Optional.ofNullable(stage), limit)) {
      rows.add(new Row.OfJob(job, job.started().orElseThrow()));
    }
    for (RunRecord run : new RunRecords(store).newestFirst(limit)) {
      for (StageRecord stageOfRun : run.stages()) {
        if (isUnrunnable(stageOfRun)) {
          rows.add(new Row.Unrunnable(run, stageOfRun, run.ended().orElse(run.time())));
        }
      }
    }
    rows.sort(Comparator.comparing(Row::at).reversed());
    return rows.stream().limit(limit).toList();
  }

  private boolean isUnrunnable(StageRecord stageOfRun) {
    return stageOfRun.state().equals(StageRecord.UNRUNNABLE)
        && (stage == null || stage.equals(stageOfRun.stage()));
  }

  private static void print(Session session, List<Row> rows) {
    if (session.json()) {
      session
          .console()
          .document(
              json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("jobs");
                for (Row row : rows) {
                  json.writeStartObject();
                  if (row instanceof Row.OfJob ofJob) {
                    RecordJson.job(json, ofJob.job());
                  } else if (row instanceof Row.Unrunnable unrunnable) {
                    RecordJson.stage(json, unrunnable.stage());
                    json.writeStringField("run", unrunnable.run().run());
                  }
                  json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
              });
      return;
    }
    Table table =
        new Table(
            Table.left("JOB"),
            Table.left("STAGE"),
            Table.left("STATE"),
            Table.left("STARTED"),
            Table.right("TOOK"),
            Table.right("DATUMS"),
            Table.right("RAN"),
            Table.right("REUSED"),
            Table.right("FAILED"),
            Table.right("WROTE"),
            Table.left("RUN"),
            Table.left("COMMIT OR CAUSE"));
    rows.forEach(row -> add(table, row));
    session.console().table(table);
  }

  private static void add(Table table, Row row) {
    if (row instanceof Row.OfJob ofJob) {
      add(table, ofJob.job());
      return;
    }
    Row.Unrunnable unrunnable = (Row.Unrunnable) row;
    table.row(
        "",
        unrunnable.stage().stage(),
        unrunnable.stage().state(),
        Times.time(unrunnable.at()),
        "",
        "",
        "",
        "",
        "",
        "",
        Console.shortId(unrunnable.run().run()),
        unrunnable.stage().cause());
  }

  private static void add(Table table, JobRecord job) {
    table.row(
        Console.shortId(job.id().hex()),
        job.stage(),
        job.state().name(),
        job.started().map(Times::time).orElse(""),
        Times.duration(job.took()),
        Long.toString(job.plan().datums()),
        job.ran().map(String::valueOf).orElse(""),
        Long.toString(job.reused()),
        job.state() == JobState.FAILURE ? Long.toString(job.end().orElseThrow().failed()) : "",
        job.summary().map(summary -> Transfer.size(summary.bytes())).orElse(""),
        Console.shortId(job.run()),
        job.end().map(end -> RecordText.commitOrCause(job, end)).orElse(""));
  }
}
