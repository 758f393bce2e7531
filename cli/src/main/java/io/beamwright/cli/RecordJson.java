// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.pipelines.record.DatumRecord;
import io.beamwright.pipelines.record.JobEnd;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.StageRecord;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.job.ClusterJob;
import io.beamwright.versioning.result.DatumResult;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** How records of jobs, datums and runs look in JSON; each writes members of an open object. */
final class RecordJson {

  private RecordJson() {}

  /** What a list says of a job. */
  static void job(JsonGenerator json, JobRecord job) throws IOException {
    json.writeStringField("job", job.id().hex());
    json.writeStringField("stage", job.stage());
    json.writeStringField("state", job.state().name());
    json.writeStringField("run", job.run());
    time(json, "started", job.started());
    time(json, "ended", job.end().map(JobEnd::at));
    json.writeNumberField("datums", job.plan().datums());
    if (job.cluster().isPresent()) {
      ClusterJob cluster = job.cluster().get();
      json.writeObjectFieldStart("cluster");
      json.writeStringField("runner", cluster.runner());
      json.writeStringField("master", cluster.master());
      json.writeStringField("id", cluster.id());
      json.writeEndObject();
    }
    if (job.end().isPresent()) {
      end(json, job, job.end().get());
    }
  }

  private static void end(JsonGenerator json, JobRecord job, JobEnd end) throws IOException {
    number(json, "ran", job.ran());
    json.writeNumberField("reused", job.reused());
    json.writeNumberField("failed", end.failed());
    summary(json, end.summary());
    commit(json, "commit", end.commit());
    commit(json, "newer_head", end.newerHead());
    text(json, "cause", end.cause());
    text(json, "remedy", end.remedy());
  }

  /** A number, where it is known. */
  static void number(JsonGenerator json, String name, Optional<Long> number) throws IOException {
    if (number.isPresent()) {
      json.writeNumberField(name, number.get());
    }
  }

  /** The member {@code summary}, where there is one. */
  static void summary(JsonGenerator json, Optional<JobSummary> summary) throws IOException {
    if (summary.isPresent()) {
      json.writeFieldName("summary");
      Json.write(json, summary.get().toJson());
    }
  }

  /** What a run says of a stage. */
  static void stage(JsonGenerator json, StageRecord stage) throws IOException {
    json.writeStringField("stage", stage.stage());
    json.writeStringField("state", stage.state());
    if (stage.job().isPresent()) {
      json.writeStringField("job", stage.job().get().hex());
    }
    commit(json, "commit", stage.commit());
    text(json, "why", stage.why());
    text(json, "cause", stage.cause());
  }

  /** A run, its stages included. */
  static void run(JsonGenerator json, RunRecord run) throws IOException {
    run(json, run, Map.of());
  }

  /** The same with what the jobs of stages did, by stage. */
  static void run(JsonGenerator json, RunRecord run, Map<String, JobSummary> summaries)
      throws IOException {
    json.writeStringField("run", run.run());
    json.writeStringField("state", run.state().name());
    json.writeStringField("author", run.author());
    json.writeStringField("submitted", run.time().toString());
    time(json, "ended", run.ended());
    json.writeStringField("engine", run.engine());
    json.writeStringField("runner", run.runner());
    json.writeArrayFieldStart("specs");
    for (String spec : run.specs()) {
      json.writeString(spec);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("puts");
    for (Map.Entry<String, CommitId> put : run.puts().entrySet()) {
      json.writeStringField(put.getKey(), put.getValue().hex());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("stages");
    for (StageRecord stage : run.stages()) {
      json.writeStartObject();
      stage(json, stage);
      summary(json, Optional.ofNullable(summaries.get(stage.stage())));
      json.writeEndObject();
    }
    json.writeEndArray();
    text(json, "cause", run.reason());
    text(json, "remedy", run.remedy());
  }

  /** A datum and what came of it. */
  static void datum(JsonGenerator json, DatumRecord datum) throws IOException {
    json.writeStringField("datum", datum.datum().key().hex());
    json.writeStringField("state", datum.state().name());
    json.writeArrayFieldStart("inputs");
    for (DatumInput input : datum.datum().inputs()) {
      json.writeStartObject();
      json.writeStringField("name", input.name());
      json.writeStringField("repo", input.repo());
      json.writeStringField("commit", input.commit().hex());
      json.writeStringField("match", input.match());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (datum.isContradicted()) {
      json.writeBooleanField("contradicted", true);
    }
    if (datum.result().isPresent()) {
      json.writeFieldName("facts");
      Json.write(json, datum.result().get().facts());
      json.writeNumberField("log_bytes", logBytes(datum.result().get()));
    }
  }

  private static long logBytes(DatumResult result) {
    return result.log().map(log -> log.size()).orElse(0L);
  }

  static void commit(JsonGenerator json, String name, Optional<CommitId> commit)
      throws IOException {
    if (commit.isPresent()) {
      json.writeStringField(name, commit.get().hex());
    }
  }

  static void time(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
    if (time.isPresent()) {
      json.writeStringField(name, time.get().toString());
    }
  }

  /** Writes the member unless the text is empty. */
  static void text(JsonGenerator json, String name, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(name, text);
    }
  }
}
