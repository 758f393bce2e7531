// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a table file without opening it. Kept beside a file's identity, never in it.
 *
 * @param schemaJson the schema as canonical JSON with field ids
 * @param rows number of rows
 * @param rowDigest order-independent digest of the rows, where it was computed
 * @param columns facts by column, in the schema's order
 */
public record TableFacts(
    String schemaJson, long rows, Optional<String> rowDigest, List<ColumnFacts> columns) {

  public TableFacts {
    columns = List.copyOf(columns);
  }

  /** This as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("schema", schemaJson).put("rows", rows);
    rowDigest.ifPresent(digest -> json.put("rowDigest", digest));
    ArrayNode facts = json.putArray("columns");
    columns.forEach(column -> facts.add(column.toJson()));
    return json;
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if {@code json} is anything else
   */
  public static TableFacts fromJson(JsonNode json) {
    List<ColumnFacts> columns = new ArrayList<>();
    json.required("columns").forEach(column -> columns.add(ColumnFacts.fromJson(column)));
    return new TableFacts(
        json.required("schema").asText(),
        CanonicalJson.count(json, "rows"),
        Optional.ofNullable(json.get("rowDigest")).map(JsonNode::asText),
        columns);
  }

  /**
   * Statistics of one column.
   *
   * @param fieldId the column's id in the schema
   * @param nulls number of nulls, where known
   * @param min least value in the text form of its type, where known
   * @param max greatest value likewise
   */
  public record ColumnFacts(
      int fieldId, Optional<Long> nulls, Optional<String> min, Optional<String> max) {

    ObjectNode toJson() {
      ObjectNode json = CanonicalJson.object();
      json.put("id", fieldId);
      nulls.ifPresent(count -> json.put("nulls", count));
      min.ifPresent(least -> json.put("min", least));
      max.ifPresent(greatest -> json.put("max", greatest));
      return json;
    }

    static ColumnFacts fromJson(JsonNode json) {
      return new ColumnFacts(
          json.required("id").intValue(),
          Optional.ofNullable(json.get("nulls")).map(CanonicalJson::count),
          Optional.ofNullable(json.get("min")).map(JsonNode::asText),
          Optional.ofNullable(json.get("max")).map(JsonNode::asText));
    }
  }
}
