// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.Batch;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads JSON files into batches of one schema. Not for several threads. */
final class JsonTableReader {

  private final TableFormat format;
  private final TableSchema schema;
  private final CellReader[] readers;

  /** The columns that take a member's value, by its name. */
  private final Map<String, List<Integer>> places = new HashMap<>();

  /** {@code format} declares every column and its type. */
  JsonTableReader(TableFormat format) {
    this.format = format;
    this.schema = format.schema();
    this.readers = new CellReader[schema.width()];
    for (int i = 0; i < readers.length; i++) {
      FormatColumn column = format.columns().get(i);
      readers[i] = CellReader.of(schema.column(i).type(), column.format(), Optional.empty());
      places.computeIfAbsent(column.from(), from -> new ArrayList<>()).add(i);
    }
  }

  /** Gives the rows of {@code file}, which it closes, to {@code batches} in the file's order. */
  void read(InputStream file, Consumer<Batch> batches) throws IOException, TextProblem {
    try (JsonRecords records = JsonRecords.of(file)) {
      RowBatches rows = new RowBatches(schema, batches);
      boolean[] given = new boolean[readers.length];
      while (records.next()) {
        int size = readMembers(records, given);
        for (int i = 0; i < readers.length; i++) {
          if (given[i]) {
            readers[i].appendTo(rows.column(i));
          } else {
            rows.column(i).appendNull();
          }
          given[i] = false;
        }
        rows.endRow(size);
      }
      rows.end();
    }
  }

  /**
   * Lets the readers of the members that the object has hold their values; about how many bytes.
   */
  private int readMembers(JsonRecords records, boolean[] given) throws IOException, TextProblem {
    int size = 0;
    while (records.nextMember()) {
      List<Integer> columns = places.getOrDefault(records.name(), List.of());
      JsonRecords.Kind kind = records.value();
      if (columns.isEmpty() || kind == JsonRecords.Kind.NULL) {
        records.skip(kind);
        continue;
      }
      String text = records.text(kind);
      size += text.length();
      boolean isNull = kind == JsonRecords.Kind.STRING && format.nullTokens().contains(text);
      for (int column : isNull ? List.<Integer>of() : columns) {
        read(records.line(), kind, text, column);
        given[column] = true;
      }
    }
    return size;
  }

  private void read(long line, JsonRecords.Kind kind, String text, int column) throws TextProblem {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean reads =
        mayBe(kind, schema.column(column).type().kind())
            && readers[column].reads(bytes, 0, bytes.length);
    if (!reads) {
      throw TextProblem.notOfType(line, text, format.columns().get(column), schema.column(column));
    }
  }

  private static boolean mayBe(JsonRecords.Kind value, ColumnType.Kind type) {
    return switch (value) {
      case NULL, STRING -> true;
      case BOOLEAN -> type == ColumnType.Kind.BOOLEAN || type == ColumnType.Kind.TEXT;
      case NESTED -> type == ColumnType.Kind.TEXT;
      case NUMBER ->
          switch (type) {
            case BOOLEAN, DATE, TIMESTAMP, BINARY -> false;
            case INT32, INT64, FLOAT32, FLOAT64, DECIMAL, TEXT -> true;
          };
    };
  }
}
