// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.StoredFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is told of a job that succeeded in another store, from which its commit was copied. Numbers
 * of attempts are those of that store: here they name nothing.
 *
 * @param attempts its attempts, newest first
 * @param states its log, newest first
 * @param results the results that its attempts made: lines as in journals, in stored files of this
 *     store; of their outputs only paths, sizes and digests count
 */
public record JobCopy(List<Attempt> attempts, List<JsonNode> states, List<StoredFile> results) {

  public JobCopy {
    attempts = List.copyOf(attempts);
    states = List.copyOf(states);
    results = List.copyOf(results);
  }

  /** The attempt that had this number there, if it is told of. */
  public Optional<Attempt> attempt(long number) {
    return attempts.stream().filter(attempt -> attempt.number() == number).findFirst();
  }

  /** The same with successes, and where they ran, as all that its log has. */
  JobCopy withoutFailures() {
    List<JsonNode> kept =
        states.stream()
            .filter(state -> state.path("state").asText().matches("SUCCESS|SUBMITTED"))
            .toList();
    return new JobCopy(attempts, kept, results);
  }

  /** Everything, as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    ArrayNode tried = json.putArray("attempts");
    for (Attempt attempt : attempts) {
      tried
          .addObject()
          .put("number", attempt.number())
          .put("run", attempt.run())
          .put("stage", attempt.stage())
          .put("at", attempt.at().toString())
          .put("datums", attempt.datums())
          .put("to_run", attempt.toRun());
    }
    json.putArray("states").addAll(states);
    ArrayNode files = json.putArray("results");
    results.forEach(file -> files.add(file.toJson()));
    return json;
  }

  /**
   * Reads {@link #toJson} of {@code job}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static JobCopy of(Sha256 job, JsonNode json) {
    List<Attempt> attempts = new ArrayList<>();
    for (JsonNode attempt : json.required("attempts")) {
      attempts.add(
          new Attempt(
              attempt.required("number").longValue(),
              job,
              attempt.required("run").textValue(),
              attempt.required("stage").textValue(),
              Instant.parse(attempt.required("at").textValue()),
              attempt.required("datums").longValue(),
              attempt.required("to_run").longValue()));
    }
    List<JsonNode> states = new ArrayList<>();
    json.required("states").forEach(states::add);
    if (JobStates.success(states).isEmpty()) {
      throw new IllegalArgumentException("the job " + job.hex() + " did not succeed");
    }
    List<StoredFile> results = new ArrayList<>();
    json.required("results").forEach(file -> results.add(StoredFile.fromJson(file)));
    return new JobCopy(attempts, states, results);
  }
}
