// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;

/**
 * A run of bytes of one object that holds a run of bytes of a file.
 *
 * @param object the object
 * @param offset first byte within the object
 * @param length number of bytes
 */
public record Extent(ObjectRef object, long offset, long length) {

  public Extent {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("an extent is not negative: " + offset + "+" + length);
    }
    if (offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no object has the bytes " + offset + "+" + length);
    }
  }

  /** This as a JSON array: object, generation, offset, length. */
  ArrayNode toJson() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    return json.add(object.id().hex()).add(object.generation()).add(offset).add(length);
  }

  static Extent fromJson(JsonNode json) {
    ObjectRef object =
        new ObjectRef(
            Sha256.parse(json.required(0).asText()), CanonicalJson.smallCount(json.required(1)));
    return new Extent(
        object, CanonicalJson.count(json.required(2)), CanonicalJson.count(json.required(3)));
  }
}
