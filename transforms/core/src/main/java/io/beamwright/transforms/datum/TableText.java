// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.tables.TableReader;
import io.beamwright.tables.TextFormat;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a Parquet file's rows as text; apart, so that only a datum that needs it loads Parquet.
 */
final class TableText {

  private TableText() {}

  /** Writes the table in {@code parquet}, which messages call {@code name}, to {@code target}. */
  static void write(String name, Path parquet, View view, Path target) throws IOException {
    TextFormat format =
        switch (view) {
          case CSV -> TextFormat.CSV;
          case JSON -> TextFormat.JSON;
          case NONE -> throw new IllegalArgumentException("shown as it is: " + name);
        };
    try (TableReader table = TableReader.open(name, RandomAccessSource.of(parquet));
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 128 << 10)) {
      format.write(table, out);
    }
  }
}
