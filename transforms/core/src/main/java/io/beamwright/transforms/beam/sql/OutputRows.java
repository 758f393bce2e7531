// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.TableSchema;
import io.beamwright.transforms.beam.SourcedBatch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rows on their way out, some to a batch. */
final class OutputRows {

  private static final int MOST_ROWS = 1_024;

  private final BatchBuilder rows;
  private final Consumer<SourcedBatch> out;

  OutputRows(TableSchema schema, Consumer<SourcedBatch> out) {
    this.rows = new BatchBuilder(schema);
    this.out = out;
  }

  BatchBuilder builder() {
    return rows;
  }

  void add(List<@Nullable Object> values) {
    rows.appendRow(values.toArray());
    added();
  }

  /** To be called after a row was appended. */
  void added() {
    if (rows.rowCount() >= MOST_ROWS) {
      end();
    }
  }

  void end() {
    if (rows.rowCount() > 0) {
      out.accept(new SourcedBatch(0, 0, rows.build()));
    }
  }
}
