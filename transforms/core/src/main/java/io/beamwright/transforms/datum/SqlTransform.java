// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.sql.SqlQuery;
import io.beamwright.versioning.CanonicalJson;

/**
 * One SELECT over a datum's tables.
 *
 * @param query its text
 * @param memoryBytes the most memory that it may take outside the heap
 */
public record SqlTransform(String query, long memoryBytes) implements DatumTransform {

  static final String TYPE = "sql";

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.sql(this);
  }

  @Override
  public ObjectNode toJson() {
    return CanonicalJson.object()
        .put("type", TYPE)
        .put("query", query)
        .put("memory_bytes", memoryBytes);
  }

  @Override
  public ObjectNode keyPart() {
    ObjectNode json = CanonicalJson.object().put("type", TYPE).put("query", query);
    json.put("layout", DatumRunner.LAYOUT);
    ObjectNode engine = json.putObject("engine");
    SqlQuery.keyParts(memoryBytes).forEach(engine::put);
    return json;
  }

  static SqlTransform fromJson(JsonNode json) {
    return new SqlTransform(
        json.required("query").asText(), json.required("memory_bytes").longValue());
  }
}
