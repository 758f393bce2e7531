// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Canonical JSON that carries its own checksum: what is stored under a key that is no digest of it.
 *
 * <p>The member {@code sum} is the SHA-256, in hexadecimal, of the canonical bytes without it.
 * Stores of before have none, and are read as they are.
 */
public final class SummedJson {

  private static final String SUM = "sum";

  private SummedJson() {}

  /** The canonical bytes of {@code json} with its checksum; {@code json} stays as it is. */
  public static byte[] bytes(ObjectNode json) {
    return CanonicalJson.bytes(json.deepCopy().put(SUM, CanonicalJson.digest(json).hex()));
  }

  /**
   * Reads one JSON document, checks it against its checksum if it has one, and gives it without.
   *
   * @throws JsonProcessingException with line and column, if it is not JSON
   * @throws IllegalArgumentException if its checksum is that of something else
   */
  public static JsonNode parse(byte[] stored) throws JsonProcessingException {
    return read(stored).json();
  }

  /**
   * What was read.
   *
   * @param json the document without its checksum
   * @param summed whether it had one
   */
  public record Read(JsonNode json, boolean summed) {}

  /** The same, and says whether there was a checksum. */
  public static Read read(byte[] stored) throws JsonProcessingException {
    JsonNode json = CanonicalJson.parse(stored);
    if (!json.has(SUM)) {
      return new Read(json, false);
    }
    JsonNode sum = ((ObjectNode) json).remove(SUM);
    if (!CanonicalJson.digest(json).hex().equals(sum.textValue())) {
      throw new IllegalArgumentException("does not match its own checksum");
    }
    return new Read(json, true);
  }
}
