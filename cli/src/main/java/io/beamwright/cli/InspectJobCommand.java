// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.pipelines.record.DatumRecord;
import io.beamwright.pipelines.record.DatumState;
import io.beamwright.pipelines.record.DatumTotals;
import io.beamwright.pipelines.record.JobDatums;
import io.beamwright.pipelines.record.JobEnd;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.runners.ClusterJobs;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect job}: all that is known of a job, and what came of its datums. */
@Command(name = "job", description = "Show a job: what it read, made and cost, and its datums.")
final class InspectJobCommand implements Subcommand {

  private static final int MOST_SHOWN = 20;

  @Parameters(
      paramLabel = "JOB",
      description =
          "A job's id or 4 or more of its first digits; a stage, for its newest job; or REPO@REF,"
              + " for the job that made that commit.")
  private String typed = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      JobRecord job = new JobRecords(store).require(typed);
      JobDatums datums = JobDatums.of(store, job);
      if (session.json()) {
        session.console().document(json -> write(json, job, datums));
      } else {
        print(session.console(), job, datums);
      }
      return Exit.FINE;
    }
  }

  // --- for people ---

  /** The datums to show, those that failed first, and what all of them come to. */
  private static final class Shown {
    private final DatumTotals totals = new DatumTotals();
    private final List<DatumRecord> failed = new ArrayList<>();
    private final List<DatumRecord> others = new ArrayList<>();
    private long contradicted;

    void add(DatumRecord datum) {
      totals.add(datum);
      contradicted += datum.isContradicted() ? 1 : 0;
      List<DatumRecord> kind = datum.state() == DatumState.FAILED ? failed : others;
      if (kind.size() < MOST_SHOWN) {
        kind.add(datum);
      }
    }

    List<DatumRecord> first() {
      List<DatumRecord> first = new ArrayList<>(failed);
      first.addAll(others.subList(0, Math.min(others.size(), MOST_SHOWN - failed.size())));
      return first;
    }
  }

  private static void print(Console console, JobRecord job, JobDatums datums) {
    Shown shown = new Shown();
    datums.forEach(shown::add);
    Sheet sheet = new Sheet(console);
    describe(sheet, job);
    describe(sheet, job.plan().provenance());
    describe(sheet, job, shown);
    console.line("");
    console.table(table(shown.first()));
    long more = job.plan().datums() - shown.first().size();
    if (more > 0) {
      console.line("… and " + more + " more: --json shows them all.");
    }
    shown.failed.stream().findFirst().ifPresent(datum -> explain(console, job, datum));
  }

  private static void describe(Sheet sheet, JobRecord job) {
    sheet.line("job", job.id().hex());
    sheet.line("stage", job.stage());
    sheet.line("state", job.state().name());
    sheet.lines(
        "cause",
        job.end().stream()
            .flatMap(end -> Stream.of(end.cause(), end.remedy()))
            .filter(s -> !s.isEmpty())
            .toList());
    sheet.line("run", Console.shortId(job.run()));
    sheet.line("cluster", job.cluster().map(cluster -> cluster(job, cluster)).orElse(""));
    for (Attempt attempt : job.attempts()) {
      sheet.line(
          "attempt",
          job.ordinal(attempt)
              + ", begun "
              + Times.time(attempt.at())
              + " by run "
              + Console.shortId(attempt.run())
              + ", "
              + attempt.toRun()
              + " to run (number "
              + attempt.number()
              + " where it ran)");
    }
    sheet.line(
        "ended",
        job.end()
            .map(
                end ->
                    Times.time(end.at())
                        + job.took().map(t -> ", after " + Times.duration(t)).orElse(""))
            .orElse(""));
    sheet.lines("summary", job.summary().map(RecordText::summary).orElse(List.of()));
    sheet.line("commit", job.end().map(end -> commit(job, end)).orElse(""));
  }

  /** Where it was sent; of one that has no end also what is known of it there. */
  private static String cluster(JobRecord job, ClusterJob cluster) {
    String there = cluster.runner() + " at " + cluster.master() + " as " + cluster.id();
    return job.state().isOpen()
        ? there + ClusterJobs.state(cluster).map(state -> ", " + state + " there").orElse("")
        : there;
  }

  private static String commit(JobRecord job, JobEnd end) {
    return end.commit()
        .map(
            commit ->
                job.plan().repo()
                    + "@"
                    + commit.brief()
                    + end.newerHead()
                        .map(head -> "; the branch stayed at " + head.brief() + ", of newer inputs")
                        .orElse(""))
        .orElse("");
  }

  private static void describe(Sheet sheet, Provenance made) {
    for (Provenance.Input input : made.inputs()) {
      String as = input.name().equals(input.repo()) ? "" : input.name() + ": ";
      sheet.line("input", as + input.repo() + "@" + input.commit().brief());
    }
    sheet.line(
        "spec",
        Console.shortId(made.spec().hex())
            + made.code().map(code -> ", code " + Console.shortId(code.hex())).orElse(""));
    sheet.line(
        "runner",
        made.runner()
            + (made.executor().isEmpty() ? "" : ", " + made.executor())
            + ", beamwright "
            + made.engine());
  }

  private static void describe(Sheet sheet, JobRecord job, Shown shown) {
    DatumTotals totals = shown.totals;
    long failed = totals.count(DatumState.FAILED);
    long pending = totals.count(DatumState.PENDING);
    sheet.line(
        "datums",
        job.plan().datums()
            + ": "
            + totals.ran()
            + " ran, "
            + totals.count(DatumState.SKIPPED)
            + " reused, "
            + failed
            + " failed"
            + (pending == 0 ? "" : ", " + pending + " did not run"));
    sheet.line(
        "bytes",
        Transfer.size(totals.bytesIn()) + " in, " + Transfer.size(totals.bytesOut()) + " out");
    sheet.line(
        "time",
        "materialise "
            + Times.duration(Duration.ofMillis(totals.materialise()))
            + ", run "
            + Times.duration(Duration.ofMillis(totals.run()))
            + ", store "
            + Times.duration(Duration.ofMillis(totals.store()))
            + ", all datums that ran together");
    if (shown.contradicted > 0) {
      sheet.line(
          "warning",
          shown.contradicted
              + " ran twice with different outputs: the program is not deterministic");
    }
  }

  private static Table table(List<DatumRecord> datums) {
    Table table =
        new Table(
            Table.left("DATUM"),
            Table.left("STATE"),
            Table.right("EXIT"),
            Table.right("TRIES"),
            Table.right("RUN"),
            Table.right("IN"),
            Table.right("OUT"),
            Table.left("INPUT"));
    for (DatumRecord datum : datums) {
      boolean ran = datum.result().isPresent();
      table.row(
          Console.shortId(datum.datum().key().hex()),
          datum.state() + (datum.isContradicted() ? " (not deterministic)" : ""),
          fact(datum, "exit_code"),
          fact(datum, "tries"),
          ran ? Times.duration(Duration.ofMillis(datum.milliseconds("run"))) : "",
          Transfer.size(datum.bytesIn()),
          ran ? Transfer.size(datum.bytesOut()) : "",
          RecordText.inputs(datum.datum()));
    }
    return table;
  }

  private static String fact(DatumRecord datum, String name) {
    return datum.result().map(result -> result.facts().path(name).asText()).orElse("");
  }

  private static void explain(Console console, JobRecord job, DatumRecord datum) {
    console.line("");
    console.line("datum " + RecordText.name(datum) + ": " + datum.reason());
    datum
        .result()
        .orElseThrow()
        .facts()
        .path("last_lines")
        .forEach(line -> console.line("  | " + line.asText()));
    console.line("Whole logs: beamwright logs " + Console.shortId(job.id().hex()) + " --failed");
  }

  // --- in JSON ---

  private static void write(JsonGenerator json, JobRecord job, JobDatums datums)
      throws IOException {
    json.writeStartObject();
    RecordJson.job(json, job);
    json.writeStringField("repo", job.plan().repo());
    json.writeStringField("branch", job.plan().branch());
    json.writeStringField("author", job.plan().author());
    json.writeStringField("submitted", job.plan().time().toString());
    json.writeFieldName("provenance");
    Json.write(json, job.plan().provenance().toJson());
    json.writeArrayFieldStart("attempts");
    for (Attempt attempt : job.attempts()) {
      json.writeStartObject();
      json.writeNumberField("number", attempt.number());
      json.writeNumberField("of_job", job.ordinal(attempt));
      json.writeStringField("run", attempt.run());
      json.writeStringField("started", attempt.at().toString());
      json.writeNumberField("to_run", attempt.toRun());
      json.writeEndObject();
    }
    json.writeEndArray();
    DatumTotals totals = new DatumTotals();
    json.writeArrayFieldStart("results");
    datums.forEach(
        datum -> {
          totals.add(datum);
          result(json, datum);
        });
    json.writeEndArray();
    totals(json, totals);
    json.writeEndObject();
  }

  private static void result(JsonGenerator json, DatumRecord datum) {
    try {
      json.writeStartObject();
      RecordJson.datum(json, datum);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void totals(JsonGenerator json, DatumTotals totals) throws IOException {
    json.writeObjectFieldStart("totals");
    json.writeNumberField("ran", totals.ran());
    json.writeNumberField("reused", totals.count(DatumState.SKIPPED));
    json.writeNumberField("failed", totals.count(DatumState.FAILED));
    json.writeNumberField("pending", totals.count(DatumState.PENDING));
    json.writeObjectFieldStart("bytes");
    json.writeNumberField("in", totals.bytesIn());
    json.writeNumberField("out", totals.bytesOut());
    json.writeEndObject();
    json.writeObjectFieldStart("milliseconds");
    json.writeNumberField("materialise", totals.materialise());
    json.writeNumberField("run", totals.run());
    json.writeNumberField("store", totals.store());
    json.writeEndObject();
    json.writeEndObject();
  }
}
