// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.pipelines.plan.Plan;
import java.io.IOException;
import java.util.List;

/** Prints what a run would do. */
final class PlanOutput {

  private PlanOutput() {}

  static void print(Session session, List<Plan> plans) {
    for (Plan plan : plans) {
      if (plan instanceof Plan.Run run) {
        run.notes().forEach(note -> session.console().warning(run.stage() + ": " + note));
      }
    }
    if (session.json()) {
      session.console().document(json -> write(json, plans));
      return;
    }
    Table table =
        new Table(
            Table.left("STAGE"),
            Table.left("PLAN"),
            Table.right("DATUMS"),
            Table.right("TO RUN"),
            Table.left("WHY"));
    for (Plan plan : plans) {
      table.row(plan.stage(), word(plan), datums(plan), toRun(plan), plan.why());
    }
    session.console().table(table);
  }

  private static String word(Plan plan) {
    return plan.match(
        new Plan.Cases<>() {
          @Override
          public String reuse(Plan.Reuse reuse) {
            return "reuse";
          }

          @Override
          public String run(Plan.Run run) {
            return "run";
          }

          @Override
          public String waiting(Plan.Waiting waiting) {
            return "waiting";
          }

          @Override
          public String unrunnable(Plan.Unrunnable unrunnable) {
            return "unrunnable";
          }
        });
  }

  private static String datums(Plan plan) {
    return plan instanceof Plan.Run run ? Long.toString(run.job().datums()) : "";
  }

  private static String toRun(Plan plan) {
    return plan instanceof Plan.Run run ? Long.toString(run.toRun()) : "";
  }

  /** What the submitter should know of {@code run}, where there is any, as {@code warnings}. */
  static void writeWarnings(JsonGenerator json, Plan.Run run) throws IOException {
    if (!run.notes().isEmpty()) {
      json.writeArrayFieldStart("warnings");
      for (String note : run.notes()) {
        json.writeString(note);
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, List<Plan> plans) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("stages");
    for (Plan plan : plans) {
      json.writeStartObject();
      json.writeStringField("stage", plan.stage());
      json.writeStringField("plan", word(plan));
      json.writeStringField("why", plan.why());
      if (plan instanceof Plan.Run run) {
        json.writeStringField("job", run.job().job().hex());
        json.writeNumberField("datums", run.job().datums());
        json.writeNumberField("to_run", run.toRun());
        writeWarnings(json, run);
      }
      if (plan instanceof Plan.Reuse reuse) {
        json.writeStringField("commit", reuse.commit().hex());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
