// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;

/**
 * How much there is of something.
 *
 * @param things how many keys
 * @param bytes the sum of their sizes
 */
public record Amount(long things, long bytes) {

  /** Nothing. */
  public static final Amount NONE = new Amount(0, 0);

  /** Both together. */
  public Amount plus(Amount other) {
    return new Amount(things + other.things, bytes + other.bytes);
  }

  ObjectNode toJson() {
    return CanonicalJson.object().put("things", things).put("bytes", bytes);
  }

  static Amount of(JsonNode json) {
    return new Amount(json.required("things").longValue(), json.required("bytes").longValue());
  }
}
