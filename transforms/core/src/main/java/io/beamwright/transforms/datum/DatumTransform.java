// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.util.Optional;

/**
 * What a stage does to each of its datums. It is kept with the job's plan, where workers find it.
 */
public sealed interface DatumTransform permits ProgramTransform, SqlTransform {

  /** What {@code cases} says of this kind. */
  <T> T match(Cases<T> cases);

  /** A value for each kind: who adds a kind is told by the compiler what else has to know it. */
  interface Cases<T> {
    T program(ProgramTransform program);

    T sql(SqlTransform sql);
  }

  /** This as JSON: everything. */
  ObjectNode toJson();

  /** What of it can change a result. */
  ObjectNode keyPart();

  /** The digest of all that can change a result; {@code salt} is what the spec gives as such. */
  default Sha256 key(Optional<String> salt) {
    ObjectNode json = keyPart();
    salt.ifPresent(text -> json.put("salt", text));
    return CanonicalJson.digest(json);
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if {@code json} is anything else
   */
  static DatumTransform fromJson(JsonNode json) {
    String type = json.required("type").asText();
    return switch (type) {
      case ProgramTransform.TYPE -> ProgramTransform.fromJson(json);
      case SqlTransform.TYPE -> SqlTransform.fromJson(json);
      default -> throw new IllegalArgumentException("not a transform: " + type);
    };
  }
}
