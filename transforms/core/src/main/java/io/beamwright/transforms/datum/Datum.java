// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.tree.FileEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The unit of work of a stage.
 *
 * @param key names its result: see {@link DatumKey}
 * @param inputs what each input brings, in the order of the spec; names differ, but where the whole
 *     input of a stage is one datum: there, inputs of one name are one, of several repos
 */
public record Datum(Sha256 key, List<DatumInput> inputs) {

  public Datum {
    inputs = List.copyOf(inputs);
  }

  /** The datum of {@code inputs}, whose names differ, under the transform with that key. */
  public static Datum of(Sha256 transformKey, List<DatumInput> inputs) {
    Set<String> names = new HashSet<>();
    for (DatumInput input : inputs) {
      if (!names.add(input.name())) {
        throw new IllegalArgumentException("two inputs of a datum are called " + input.name());
      }
    }
    return ofWholeInput(transformKey, inputs);
  }

  /** The one datum of a stage that reads {@code inputs} as a whole; names may repeat. */
  public static Datum ofWholeInput(Sha256 transformKey, List<DatumInput> inputs) {
    return new Datum(DatumKey.of(transformKey, inputs), inputs);
  }

  /** The bytes of all its files. */
  public long size() {
    return inputs.stream()
        .flatMap(input -> input.files().stream())
        .mapToLong(FileEntry::size)
        .sum();
  }

  /**
   * This as JSON: everything, so that a worker needs no other source; canonical, it is one line.
   */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object().put("key", key.hex());
    ArrayNode array = json.putArray("inputs");
    inputs.forEach(input -> array.add(input.toJson()));
    return json;
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if {@code json} is anything else
   */
  public static Datum fromJson(JsonNode json) {
    List<DatumInput> inputs = new ArrayList<>();
    json.required("inputs").forEach(input -> inputs.add(DatumInput.fromJson(input)));
    return new Datum(Sha256.parse(json.required("key").asText()), inputs);
  }
}
