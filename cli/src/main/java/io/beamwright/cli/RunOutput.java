// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.StageOutcome;
import io.beamwright.pipelines.Submission;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.result.DatumResult;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells of a run: which stages are running, on a terminal, and at the end what came of each. */
final class RunOutput implements AutoCloseable {

  private final Console console;
  private final boolean debug;
  private final Store store;
  private final Progress progress;
  private final Map<String, String> running = new ConcurrentSkipListMap<>();
  private final Map<String, JobSummary> summaries = new HashMap<>();
  private final Map<String, Outcome> broken = new HashMap<>();
  private @Nullable EnvironmentFault unreadable;

  RunOutput(Session session, Store store) {
    this.console = session.console();
    this.debug = session.debug();
    this.store = store;
    this.progress = console.progress("running");
  }

  RunEvents events() {
    return new RunEvents() {
      @Override
      public void planned(Plan plan) {
        if (plan instanceof Plan.Run run) {
          running.put(plan.stage(), plan.stage());
          show();
          run.notes().forEach(note -> console.warning(run.stage() + ": " + note));
        }
      }

      @Override
      public void progressed(Plan.Run plan, long datums, long failed) {
        String far = plan.stage() + " " + datums + " of " + plan.toRun() + " datums";
        running.put(plan.stage(), failed == 0 ? far : far + " (" + failed + " failed)");
        show();
      }

      @Override
      public void ended(StageOutcome outcome) {
        running.remove(outcome.stage());
        show();
      }
    };
  }

  private void show() {
    progress.show(() -> String.join(", ", running.values()));
  }

  /**
   * Tells what came of the run, as far as the store can be read.
   *
   * @param unwritten why the end of the run could not be written down, if it could not
   * @return the exit code that says the worst of it
   */
  Exit print(Submission submission, RunReport report, Optional<RuntimeException> unwritten) {
    progress.close();
    // First: standard output may have no reader any more.
    Optional<Outcome> fault = unwritten.map(this::outcome);
    fault.ifPresent(outcome -> console.error(outcome.what(), outcome.remedy()));
    summarise(report);
    Table table = table(submission, report);
    if (unreadable != null) {
      console.warning(unreadable.getMessage() + " " + unreadable.remedy());
    }
    console.table(table);
    for (StageOutcome outcome : report.stages()) {
      if (outcome instanceof StageOutcome.Failed failed) {
        explain(failed);
      }
      if (outcome instanceof StageOutcome.Broken stage) {
        explain(stage);
      }
    }
    lastCommit(report)
        .ifPresent(
            stage ->
                console.line(
                    "\nWhere it comes from: beamwright trace "
                        + stage.stage()
                        + "@"
                        + brief(stage.commit().orElseThrow())));
    if (report.stages().stream().anyMatch(RunOutput::isBrokenOff)) {
      console.line(
          "\nTo go on with this run: beamwright run --resume " + Console.shortId(report.run()));
    }
    if (!console.documentIsWritten()) {
      printJson(submission, report, fault);
    }
    return exit(report, fault);
  }

  /** Whether it ended for another reason than its data, so that the same run can go on. */
  private static boolean isBrokenOff(StageOutcome outcome) {
    return (outcome instanceof StageOutcome.Broken broken
            && broken.thrown() instanceof EnvironmentFault)
        || outcome instanceof StageOutcome.Killed
        || outcome instanceof StageOutcome.NotBegun;
  }

  /** Where several things broke, the greatest: a bug of ours before all else. */
  private Exit exit(RunReport report, Optional<Outcome> fault) {
    return Stream.concat(broken.values().stream(), fault.stream())
        .map(Outcome::exit)
        .max(Comparator.naturalOrder())
        .orElse(report.succeeded() ? Exit.FINE : Exit.JOB_FAILED);
  }

  private void printJson(Submission submission, RunReport report, Optional<Outcome> fault) {
    if (console.printsJson()) {
      console.document(json -> write(json, submission, report, fault));
    }
  }

  private Table table(Submission submission, RunReport report) {
    Table table =
        new Table(
            Table.left("COMMIT"),
            Table.left("STATE"),
            Table.right("TOOK"),
            Table.right("RAN"),
            Table.right("REUSED"),
            Table.left("WHY"));
    new TreeMap<>(submission.puts())
        .forEach((repo, id) -> table.row(putRow(repo + "@" + brief(id), id, submission)));
    for (StageOutcome outcome : report.stages()) {
      table.row(
          outcome.stage() + outcome.commit().map(id -> "@" + brief(id)).orElse(""),
          outcome.state(),
          Times.duration(summary(outcome).map(JobSummary::took)),
          ran(outcome).map(String::valueOf).orElse(""),
          reused(outcome).map(String::valueOf).orElse(""),
          why(outcome));
    }
    return table;
  }

  private String[] putRow(String commit, CommitId id, Submission submission) {
    try {
      boolean isNew = store.commits().read(id).time().equals(submission.time());
      String state = isNew ? "PUT" : "REUSED";
      return new String[] {commit, state, "", "", "", isNew ? "--put" : "nothing changed"};
    } catch (EnvironmentFault fault) {
      cannotRead(fault);
      return new String[] {commit, "", "", "", "", "the store cannot be read"};
    }
  }

  /** What the jobs that this run made of its stages did, as it is kept with their ends. */
  private void summarise(RunReport report) {
    for (StageOutcome outcome : report.stages()) {
      try {
        jobOfThisRun(outcome)
            .flatMap(job -> JobSummary.of(store, job, report.run()))
            .ifPresent(summary -> summaries.put(outcome.stage(), summary));
      } catch (EnvironmentFault fault) {
        // What came of the stage is known without the store; how long it took is left out.
        cannotRead(fault);
      }
    }
  }

  /** One warning is enough: what follows has the same cause, most likely. */
  private void cannotRead(EnvironmentFault fault) {
    if (unreadable == null) {
      unreadable = fault;
    }
  }

  private Optional<JobSummary> summary(StageOutcome outcome) {
    return Optional.ofNullable(summaries.get(outcome.stage()));
  }

  /** The job that this run made of a stage, now or in a try before it was resumed. */
  private static Optional<Sha256> jobOfThisRun(StageOutcome outcome) {
    if (outcome instanceof StageOutcome.Reused reused && reused.plan().isOfThisRun()) {
      return outcome.job();
    }
    // Of a broken one there may be no end of this try, and one of an earlier try.
    return outcome instanceof StageOutcome.Ran ran
        ? Optional.of(ran.plan().job().job())
        : Optional.empty();
  }

  /** How many datums ran; not how many were to, where it ended before that is known. */
  private Optional<Long> ran(StageOutcome outcome) {
    return summary(outcome)
        .map(JobSummary::ran)
        .or(
            () ->
                outcome instanceof StageOutcome.Committed committed
                    ? Optional.of(committed.plan().toRun())
                    : Optional.empty());
  }

  private Optional<Long> reused(StageOutcome outcome) {
    return summary(outcome).map(JobSummary::reused).or(() -> plan(outcome).map(Plan.Run::reused));
  }

  private static Optional<Plan.Run> plan(StageOutcome outcome) {
    if (outcome instanceof StageOutcome.Broken stage) {
      return stage.planned();
    }
    return outcome instanceof StageOutcome.Ran ran ? Optional.of(ran.plan()) : Optional.empty();
  }

  private static String why(StageOutcome outcome) {
    if (outcome instanceof StageOutcome.Reused reused) {
      return reused.plan().why();
    }
    if (outcome instanceof StageOutcome.Committed committed) {
      return committed.plan().why()
          + committed
              .newerHead()
              .map(head -> "; the branch stays at " + brief(head) + ", made of newer inputs")
              .orElse("");
    }
    return outcome.cause();
  }

  /** The first failed datum in full, and how many there are. */
  private void explain(StageOutcome.Failed failed) {
    StringBuilder what = new StringBuilder("The stage " + failed.stage() + " failed: ");
    what.append(failed.reason());
    for (DatumResult datum : failed.examples().stream().limit(1).toList()) {
      what.append("\n  datum ").append(Console.shortId(datum.key().hex())).append(": ");
      what.append(datum.facts().path("reason").asText());
      for (JsonNode line : datum.facts().path("last_lines")) {
        what.append("\n    | ").append(line.asText());
      }
      datum
          .log()
          .ifPresent(
              log ->
                  what.append("\n  Its whole log: beamwright logs ")
                      .append(Console.shortId(failed.plan().job().job().hex())));
    }
    console.error(what.toString(), failed.remedy());
  }

  private void explain(StageOutcome.Broken stage) {
    Outcome outcome = outcome(stage.thrown());
    broken.put(stage.stage(), outcome);
    console.error("The stage " + stage.stage() + " failed: " + outcome.what(), outcome.remedy());
  }

  private Outcome outcome(Throwable thrown) {
    if (debug) {
      console.note(Outcome.trace(thrown));
    }
    return Outcome.of(thrown, debug);
  }

  private static Optional<StageOutcome> lastCommit(RunReport report) {
    return report.stages().stream()
        .filter(stage -> stage.commit().isPresent())
        .reduce((first, last) -> last);
  }

  private static String brief(CommitId id) {
    return id.brief();
  }

  private void write(
      JsonGenerator json, Submission submission, RunReport report, Optional<Outcome> fault)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("run", report.run());
    json.writeStringField("state", report.state());
    json.writeObjectFieldStart("puts");
    for (Map.Entry<String, CommitId> put : new TreeMap<>(submission.puts()).entrySet()) {
      json.writeStringField(put.getKey(), put.getValue().hex());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("stages");
    for (StageOutcome outcome : report.stages()) {
      write(json, outcome);
    }
    json.writeEndArray();
    if (fault.isPresent()) {
      fault.get().writeError(json);
    }
    json.writeEndObject();
  }

  private void write(JsonGenerator json, StageOutcome outcome) throws IOException {
    json.writeStartObject();
    json.writeStringField("stage", outcome.stage());
    json.writeStringField("state", outcome.state());
    json.writeStringField("why", why(outcome));
    if (outcome.commit().isPresent()) {
      json.writeStringField("commit", outcome.commit().get().hex());
    }
    if (outcome.job().isPresent()) {
      json.writeStringField("job", outcome.job().get().hex());
    }
    Optional<Plan.Run> plan = plan(outcome);
    Optional<Long> ofSummary = summary(outcome).map(JobSummary::datums);
    RecordJson.number(json, "datums", plan.map(run -> run.job().datums()).or(() -> ofSummary));
    RecordJson.number(json, "ran", ran(outcome));
    RecordJson.number(json, "reused", reused(outcome));
    if (outcome instanceof StageOutcome.Failed failed) {
      json.writeNumberField("failed", failed.failed());
    }
    Outcome fault = broken.get(outcome.stage());
    if (fault != null) {
      fault.writeError(json);
    }
    if (plan.isPresent()) {
      PlanOutput.writeWarnings(json, plan.get());
    }
    RecordJson.summary(json, summary(outcome));
    json.writeEndObject();
  }

  @Override
  public void close() {
    progress.close();
  }
}
