// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.Batch;
import io.beamwright.tables.ColumnBuilder;
import io.beamwright.tables.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Reads CSV files into batches of one schema. Not for several threads. */
final class CsvTableReader {

  private final TableFormat format;
  private final TableSchema schema;
  private final CellReader[] readers;

  /** {@code format} declares every column and its type. */
  CsvTableReader(TableFormat format) {
    this.format = format;
    this.schema = format.schema();
    this.readers = new CellReader[schema.width()];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          CellReader.of(
              schema.column(i).type(), format.columns().get(i).format(), format.thousands());
    }
  }

  /** Gives the rows of {@code file}, which it closes, to {@code batches} in the file's order. */
  void read(InputStream file, TextKind kind, Consumer<Batch> batches)
      throws IOException, TextProblem {
    try (CsvRecords records = CsvRecords.of(file, format, kind)) {
      CsvNames names = CsvNames.of(records, format);
      int[] places = names.places(format.columns());
      RowBatches rows = new RowBatches(schema, batches);
      while (records.next()) {
        names.requireAllCells(records);
        for (int i = 0; i < places.length; i++) {
          append(records, places[i], i, rows.column(i));
        }
        rows.endRow(records.recordBytes());
      }
      rows.end();
    }
  }

  private void append(CsvRecords records, int place, int column, ColumnBuilder cells)
      throws TextProblem {
    CellReader reader = readers[column];
    boolean isText = reader instanceof CellReader.Texts;
    if (records.isNull(place)) {
      if (isText && records.isEmptyText(place)) {
        cells.appendText("");
      } else {
        cells.appendNull();
      }
      return;
    }
    byte[] bytes = records.bytes();
    int from = records.start(place);
    int to = records.end(place);
    if (!isText && (bytes[from] <= ' ' || bytes[to - 1] <= ' ')) {
      from = CellReader.withoutBlanksBefore(bytes, from, to);
      to = CellReader.withoutBlanksAfter(bytes, from, to);
    }
    if (!reader.reads(bytes, from, to)) {
      throw notOfType(records, place, column);
    }
    reader.appendTo(cells);
  }

  private TextProblem notOfType(CsvRecords records, int place, int column) {
    return TextProblem.notOfType(
        records.line(), records.text(place), format.columns().get(column), schema.column(column));
  }
}
