// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import java.time.Instant;
import java.util.List;

/**
 * What is told of a run that ended in another store, from which commits that it made were copied.
 *
 * @param submission what was submitted, as in the log of runs; the texts of its specs stayed there
 * @param end how it ended, as in the log of its states
 */
public record RunCopy(JsonNode submission, JsonNode end) {

  /** The run's id. */
  public String run() {
    return submission.required("run").textValue();
  }

  /** When it was submitted. */
  public Instant submitted() {
    return Instant.parse(submission.required("time").textValue());
  }

  /** Everything, as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.set("submission", submission);
    json.set("end", end);
    return json;
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static RunCopy of(JsonNode json) {
    RunCopy copy = new RunCopy(json.required("submission"), json.required("end"));
    var unused = List.of(copy.run(), copy.submitted(), copy.end.required("state"));
    return copy;
  }
}
