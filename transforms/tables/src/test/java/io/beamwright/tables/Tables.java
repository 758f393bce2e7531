// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes and reads whole tables in memory. */
final class Tables {

  private Tables() {}

  /** A table file and what its writer said of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Written(byte[] bytes, TableFacts facts) {}

  static Written write(Batch... batches) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TableWriter writer = new TableWriter(out, batches[0].schema())) {
      for (Batch batch : batches) {
        writer.write(batch);
      }
      TableFacts facts = writer.finish();
      return new Written(out.toByteArray(), facts);
    }
  }

  static Batch read(byte[] file) throws IOException {
    return read(TableReader.open("t.parquet", RandomAccessSource.of(file)));
  }

  /** All rows in one batch; closes the reader. */
  static Batch read(TableReader reader) throws IOException {
    try (reader) {
      BatchBuilder rows = new BatchBuilder(reader.schema());
      for (Optional<Batch> batch = reader.next(); batch.isPresent(); batch = reader.next()) {
        for (int row = 0; row < batch.get().rowCount(); row++) {
          rows.appendRow(batch.get(), row);
        }
      }
      return rows.build();
    }
  }

  static TableSchema schema(Object... namesAndTypes) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      columns.add(
          new Column(
              (String) namesAndTypes[i], (ColumnType) namesAndTypes[i + 1], true, i / 2 + 1));
    }
    return new TableSchema(columns);
  }
}
