// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a commit that a stage made was made from. A commit that people made has none.
 *
 * @param inputs the commits that the stage read
 * @param spec the stored spec: id of an object that holds its canonical JSON
 * @param code the stored code: id of a tree, if the stage has code
 * @param environment the declared commands and what they printed
 * @param mounts folders of the machine that programs saw
 * @param steps versions of the built-in steps and engines that made the bytes, by name
 * @param engine version of Beamwright
 * @param runner what ran it, such as {@code direct}
 * @param executor how programs were run, such as {@code bubblewrap/2}; empty where none was
 * @param run the run that it belongs to
 * @param job the job that made it
 * @param jobKey digest of the keyed spec, code, environment and inputs
 * @param stage name of the stage
 */
public record Provenance(
    List<Input> inputs,
    Sha256 spec,
    Optional<Sha256> code,
    List<Command> environment,
    List<Mount> mounts,
    SortedMap<String, String> steps,
    String engine,
    String runner,
    String executor,
    String run,
    Sha256 job,
    Sha256 jobKey,
    String stage) {

  public Provenance {
    inputs = List.copyOf(inputs);
    environment = List.copyOf(environment);
    mounts = List.copyOf(mounts);
    steps = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(steps));
  }

  /**
   * A commit that was read.
   *
   * @param name the input's name in the spec
   * @param repo its repo
   * @param branch the branch that the spec names
   * @param commit the commit that was read
   */
  public record Input(String name, String repo, String branch, CommitId commit) {

    ObjectNode toJson() {
      return CanonicalJson.object()
          .put("name", name)
          .put("repo", repo)
          .put("branch", branch)
          .put("commit", commit.hex());
    }

    static Input of(JsonNode json) {
      return new Input(
          json.required("name").textValue(),
          json.required("repo").textValue(),
          json.required("branch").textValue(),
          CommitId.parse(json.required("commit").textValue()));
    }
  }

  /**
   * A command that describes the environment.
   *
   * @param command as declared
   * @param output what it printed
   */
  public record Command(String command, String output) {}

  /**
   * A folder of the machine that programs saw.
   *
   * @param path its path
   * @param digest of its content, if the spec asked for that
   */
  public record Mount(String path, Optional<Sha256> digest) {

    ObjectNode toJson() {
      ObjectNode json = CanonicalJson.object().put("path", path);
      digest.ifPresent(content -> json.put("digest", content.hex()));
      return json;
    }

    static Mount of(JsonNode json) {
      return new Mount(
          json.required("path").textValue(),
          Optional.ofNullable(json.path("digest").textValue()).map(Sha256::parse));
    }
  }

  /** This provenance as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    ArrayNode inputArray = json.putArray("inputs");
    inputs.forEach(input -> inputArray.add(input.toJson()));
    json.put("spec", spec.hex());
    code.ifPresent(tree -> json.put("code", tree.hex()));
    ArrayNode commands = json.putArray("environment");
    environment.forEach(
        c -> commands.addObject().put("command", c.command()).put("output", c.output()));
    if (!mounts.isEmpty()) {
      // Commits without mounts are what they were before there were any.
      ArrayNode mountArray = json.putArray("mounts");
      mounts.forEach(mount -> mountArray.add(mount.toJson()));
    }
    ObjectNode stepObject = json.putObject("steps");
    steps.forEach(stepObject::put);
    json.put("engine", engine).put("runner", runner).put("executor", executor);
    json.put("run", run).put("job", job.hex()).put("job_key", jobKey.hex()).put("stage", stage);
    return json;
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static Provenance of(JsonNode json) {
    List<Input> inputs = new ArrayList<>();
    json.required("inputs").forEach(input -> inputs.add(Input.of(input)));
    List<Command> environment = new ArrayList<>();
    json.required("environment")
        .forEach(
            c ->
                environment.add(
                    new Command(
                        c.required("command").textValue(), c.required("output").textValue())));
    List<Mount> mounts = new ArrayList<>();
    json.path("mounts").forEach(mount -> mounts.add(Mount.of(mount)));
    SortedMap<String, String> steps = new TreeMap<>();
    for (Map.Entry<String, JsonNode> step : json.required("steps").properties()) {
      steps.put(step.getKey(), step.getValue().textValue());
    }
    return new Provenance(
        inputs,
        Sha256.parse(json.required("spec").textValue()),
        Optional.ofNullable(json.path("code").textValue()).map(Sha256::parse),
        environment,
        mounts,
        steps,
        json.required("engine").textValue(),
        json.required("runner").textValue(),
        json.required("executor").textValue(),
        json.required("run").textValue(),
        Sha256.parse(json.required("job").textValue()),
        Sha256.parse(json.required("job_key").textValue()),
        json.required("stage").textValue());
  }
}
