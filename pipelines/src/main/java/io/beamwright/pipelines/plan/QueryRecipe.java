// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.transforms.datum.SqlTransform;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The recipe of an {@code sql} stage. */
final class QueryRecipe {

  /** Memory that a query may take outside of the heap; in its key, because plans depend on it. */
  private static final long MEMORY_BYTES = 1L << 30;

  private QueryRecipe() {}

  static Recipe of(PipelineSpec spec, Transform.Sql sql) {
    SqlTransform transform = new SqlTransform(sql.query(), MEMORY_BYTES);
    SortedMap<String, String> versions = new TreeMap<>();
    transform
        .keyPart()
        .path("engine")
        .fields()
        .forEachRemaining(
            field -> versions.put("sql." + field.getKey(), field.getValue().asText()));
    return new Recipe(
        StageWork.PerDatum.of(transform, spec),
        transform.key(spec.salt()),
        Optional.empty(),
        List.of(),
        List.of(),
        versions,
        "",
        Optional.empty(),
        List.of());
  }
}
