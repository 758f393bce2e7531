// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.ColumnBuilder;
import io.beamwright.tables.TableSchema;
import java.util.function.Consumer;

/** Rows on their way to batches of moderate size. */
final class RowBatches {

  private static final int MOST_ROWS = 4_096;

  /** Wide cells end a batch early, so that memory stays bounded. */
  private static final long MOST_BYTES = 16L << 20;

  private final BatchBuilder rows;
  private final ColumnBuilder[] columns;
  private final Consumer<Batch> batches;
  private int count;
  private long bytes;

  RowBatches(TableSchema schema, Consumer<Batch> batches) {
    this.rows = new BatchBuilder(schema);
    this.columns = new ColumnBuilder[schema.width()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = rows.column(i);
    }
    this.batches = batches;
  }

  ColumnBuilder column(int index) {
    return columns[index];
  }

  /** Ends a row, which every column has a value of, of about so many bytes. */
  void endRow(int size) {
    count++;
    bytes += size;
    if (count == MOST_ROWS || bytes >= MOST_BYTES) {
      end();
    }
  }

  /** Gives away what is left. */
  void end() {
    if (count > 0) {
      batches.accept(rows.build());
      count = 0;
      bytes = 0;
    }
  }
}
