// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import java.nio.charset.StandardCharsets;

/** JSON that steps of a graph hold or pass on. */
final class GraphJson {

  private GraphJson() {}

  /** What {@code json} says, which we wrote. */
  static JsonNode parse(String json) {
    try {
      return CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an element is not the JSON that we made", e);
    }
  }
}
