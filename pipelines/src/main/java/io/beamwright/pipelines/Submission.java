// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was submitted to be run, as the store remembers it: enough to go on with the run from
 * another process.
 *
 * @param run the run's id
 * @param author who submitted it
 * @param time when
 * @param engine version of Beamwright
 * @param runners what stages run on
 * @param specs the spec files as they were
 * @param puts the commits that {@code --put} made or found, by repo
 * @param inputs the commits of all inputs that no stage makes, by {@code repo@branch}
 */
public record Submission(
    String run,
    String author,
    Instant time,
    String engine,
    RunnerDefaults runners,
    List<SpecSource> specs,
    Map<String, CommitId> puts,
    Map<String, CommitId> inputs) {

  public Submission {
    specs = List.copyOf(specs);
    puts = Map.copyOf(puts);
    inputs = Map.copyOf(inputs);
  }

  /** Writes this down in {@code store}: the run exists from now on. */
  public void begin(Store store) {
    ObjectNode json = CanonicalJson.object();
    json.put("run", run).put("author", author).put("time", time.toString());
    json.put("engine", engine);
    runners.putInto(json);
    ObjectNode commits = json.putObject("puts");
    puts.forEach((repo, commit) -> commits.put(repo, commit.hex()));
    ObjectNode pinned = json.putObject("inputs");
    inputs.forEach((branch, commit) -> pinned.put(branch, commit.hex()));
    ArrayNode sources = json.putArray("specs");
    try (Packer packer = store.packer()) {
      for (SpecSource spec : specs) {
        byte[] text = spec.text().getBytes(StandardCharsets.UTF_8);
        ObjectNode source = sources.addObject();
        source.put("name", spec.name()).put("folder", spec.folder().toString());
        source.set("text", packer.addWhole(Content.of(text)).stored().toJson());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store.runs().begin(json);
  }

  /**
   * The submission of {@code run}.
   *
   * @throws UserFault if there is none
   */
  public static Submission of(Store store, String run) {
    return store
        .runs()
        .newest(json -> json.path("run").asText().equals(run))
        .map(json -> read(store, json))
        .orElseThrow(
            () ->
                new UserFault(
                    "There is no run \"" + run + "\" in " + store.storage().location() + ".",
                    "Try: beamwright list run"));
  }

  private static Submission read(Store store, JsonNode json) {
    List<SpecSource> specs = new ArrayList<>();
    for (JsonNode spec : json.required("specs")) {
      StoredFile text = StoredFile.fromJson(spec.required("text"));
      specs.add(
          new SpecSource(
              spec.required("name").textValue(),
              Path.of(spec.required("folder").textValue()),
              new String(store.files().readAll(text), StandardCharsets.UTF_8)));
    }
    return new Submission(
        json.required("run").textValue(),
        json.required("author").textValue(),
        Instant.parse(json.required("time").textValue()),
        json.required("engine").textValue(),
        RunnerDefaults.of(json),
        specs,
        commits(json.required("puts")),
        commits(json.required("inputs")));
  }

  private static Map<String, CommitId> commits(JsonNode json) {
    Map<String, CommitId> commits = new LinkedHashMap<>();
    json.fields()
        .forEachRemaining(
            field -> commits.put(field.getKey(), CommitId.parse(field.getValue().textValue())));
    return commits;
  }

  /** Writes down how the run ended: its state, and each stage with its job, commit and cause. */
  public void end(Store store, RunReport report, Instant at) {
    ObjectNode json = CanonicalJson.object();
    json.put("state", report.state()).put("at", at.toString());
    ArrayNode stages = json.putArray("stages");
    for (StageOutcome outcome : report.stages()) {
      ObjectNode stage = stages.addObject().put("stage", outcome.stage());
      stage.put("state", outcome.state());
      outcome.job().ifPresent(job -> stage.put("job", job.hex()));
      outcome.commit().ifPresent(commit -> stage.put("commit", commit.hex()));
      putUnlessEmpty(stage, "why", outcome.why());
      putUnlessEmpty(stage, "cause", outcome.cause());
    }
    store.runs().record(run, json);
  }

  /** Writes down that the run ended early, because of {@code fault}. */
  public void stop(Store store, Fault fault, Instant at) {
    ObjectNode json = CanonicalJson.object();
    json.put("state", "FAILURE").put("at", at.toString()).putArray("stages");
    json.put("reason", String.valueOf(fault.getMessage())).put("remedy", fault.remedy());
    store.runs().record(run, json);
  }

  /** Writes down that somebody ended {@code run}, which nobody drove any more. */
  static void killed(Store store, String run, String by, Instant at) {
    ObjectNode json = CanonicalJson.object();
    json.put("state", "KILLED").put("at", at.toString()).putArray("stages");
    json.put("reason", "Stopped by " + by + ".").put("remedy", "Run again, or resume it.");
    store.runs().record(run, json);
  }

  private static void putUnlessEmpty(ObjectNode json, String name, String text) {
    if (!text.isEmpty()) {
      json.put(name, text);
    }
  }
}
