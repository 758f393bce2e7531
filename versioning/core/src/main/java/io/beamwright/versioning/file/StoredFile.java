// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The content of a file, wherever it is named: what it is, and where its bytes lie.
 *
 * @param size bytes
 * @param sha256 digest of the content
 * @param extents the runs of bytes that hold it, in order; their lengths add up to the size
 * @param table what is known of it, if it is a table
 */
public record StoredFile(
    long size, Sha256 sha256, List<Extent> extents, Optional<TableFacts> table) {

  public StoredFile {
    extents = List.copyOf(extents);
    long held = 0;
    for (Extent extent : extents) {
      // More than 2^63 bytes are none that anybody wrote.
      held = held > Long.MAX_VALUE - extent.length() ? -1 : held + extent.length();
      if (held < 0) {
        break;
      }
    }
    if (held != size) {
      throw new IllegalArgumentException("extents hold " + held + " bytes of " + size);
    }
  }

  /** This as JSON: everything that is known of it. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("size", size).put("sha256", sha256.hex());
    ArrayNode runs = json.putArray("extents");
    extents.forEach(extent -> runs.add(extent.toJson()));
    table.ifPresent(facts -> json.set("table", facts.toJson()));
    return json;
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if {@code json} is anything else
   */
  public static StoredFile fromJson(JsonNode json) {
    List<Extent> extents = new ArrayList<>();
    json.required("extents").forEach(extent -> extents.add(Extent.fromJson(extent)));
    return new StoredFile(
        CanonicalJson.count(json, "size"),
        Sha256.parse(json.required("sha256").asText()),
        extents,
        Optional.ofNullable(json.get("table")).map(TableFacts::fromJson));
  }

  /** The same content with facts about its table. */
  public StoredFile withTable(TableFacts facts) {
    return new StoredFile(size, sha256, extents, Optional.of(facts));
  }
}
