// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads CSV files into batches of one schema. Not for several threads. */
final class CsvTableReader {

  private static final int MOST_ROWS = 4_096;

  private final TableFormat config;
  private final TableSchema schema;
  private final List<CellReader> readers = new ArrayList<>();

  /** {@code config} declares every column and its type. */
  CsvTableReader(TableFormat config) {
    this.config = config;
    this.schema = config.schema();
    for (int i = 0; i < schema.width(); i++) {
      readers.add(
          CellReader.of(
              schema.column(i).type(), config.columns().get(i).format(), config.thousands()));
    }
  }

  /** Gives the rows of {@code file}, which it closes, to {@code batches} in the file's order. */
  void read(InputStream file, Consumer<Batch> batches) throws IOException, CsvProblem {
    try (CsvRecords records = CsvRecords.of(file, config)) {
      CsvNames names = CsvNames.of(records, config);
      int[] places = names.places(config.columns(), config);
      BatchBuilder rows = new BatchBuilder(schema);
      while (records.next()) {
        names.requireAllCells(records);
        for (int i = 0; i < places.length; i++) {
          append(records, places[i], i, rows);
        }
        if (rows.rowCount() == MOST_ROWS) {
          batches.accept(rows.build());
        }
      }
      if (rows.rowCount() > 0) {
        batches.accept(rows.build());
      }
    }
  }

  private void append(CsvRecords records, int place, int column, BatchBuilder rows)
      throws CsvProblem {
    boolean isText = readers.get(column) instanceof CellReader.Texts;
    if (isText && records.isEmptyText(place)) {
      rows.column(column).appendText("");
    } else if (records.isNull(place)) {
      rows.column(column).appendNull();
    } else if (readers.get(column).reads(records.text(place))) {
      readers.get(column).appendTo(rows.column(column));
    } else {
      throw notOfType(records, place, column);
    }
  }

  private CsvProblem notOfType(CsvRecords records, int place, int column) {
    FormatColumn declared = config.columns().get(column);
    String format = declared.format().map(text -> " of the format \"" + text + "\"").orElse("");
    return CsvProblem.atLine(
        records.line(),
        "column \"%s\" has \"%s\", which is no %s%s."
            .formatted(
                declared.from(),
                shortened(records.text(place)),
                schema.column(column).type().text(),
                format),
        "Correct the cell, list it in \"null\", or declare the column with another type.");
  }

  private static String shortened(String cell) {
    int most = 80;
    return cell.length() <= most ? cell : cell.substring(0, most) + "…";
  }
}
