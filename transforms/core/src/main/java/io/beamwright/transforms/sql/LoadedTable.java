// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnVector;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;

/**
 * A table in DuckDB that batches of ours fill: every type is told, and every value is the one that
 * the batch has. DuckDB keeps it within its memory, and spills the rest to its own folder.
 */
final class LoadedTable {

  /** DuckDB's appender has 2,048 values of each column in memory, which no limit of its counts. */
  private static final int MOST_COLUMNS = 10_000;

  /** What gives the rows, once. */
  @FunctionalInterface
  interface Source {
    void giveTo(Consumer<Batch> batches) throws IOException;
  }

  /** Appends one value that is not null. */
  @FunctionalInterface
  private interface Cell {
    void append(DuckDBAppender to, ColumnVector vector, int row) throws SQLException;
  }

  /** A failure of DuckDB on its way through a reader that knows nothing of it. */
  private static final class AppendFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SQLException failure;

    AppendFailure(SQLException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private final String name;
  private final DuckDBAppender appender;
  private final Cell[] cells;

  private LoadedTable(String name, TableSchema schema, DuckDBAppender appender) {
    this.name = name;
    this.appender = appender;
    this.cells = new Cell[schema.width()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell(schema.column(i));
    }
  }

  /**
   * Makes a table for this connection alone.
   *
   * @throws UserFault if there are too many columns, two of them are one name in SQL, or DuckDB has
   *     no room for a value
   */
  static void create(DuckDb duckDb, String name, TableSchema schema, Source rows)
      throws SQLException, IOException {
    if (schema.width() > MOST_COLUMNS) {
      throw new UserFault(
          "Input \"%s\" has %d columns, and a query takes at most %d from text."
              .formatted(name, schema.width(), MOST_COLUMNS),
          "Declare those that it reads in the input's format: \"columns\": [{\"name\": \"…\"}].");
    }
    requireDistinct(name, schema.columns().stream().map(Column::name).toList());
    duckDb.execute(
        "CREATE TEMP TABLE %s (%s)".formatted(DuckDb.identifier(name), declarations(schema)));
    duckDb.execute("BEGIN");
    try (DuckDBAppender appender = duckDb.appender(name)) {
      rows.giveTo(new LoadedTable(name, schema, appender)::append);
    } catch (AppendFailure e) {
      throw e.failure;
    }
    duckDb.execute("COMMIT");
  }

  /** Makes sure that no two columns of an input differ in letter case alone. */
  static void requireDistinct(String input, List<String> columns) {
    Map<String, String> seen = new HashMap<>();
    for (String column : columns) {
      String other = seen.put(column.toLowerCase(Locale.ROOT), column);
      if (other != null) {
        throw new UserFault(
            "Input \"%s\" has the columns \"%s\" and \"%s\", which are one name in SQL."
                .formatted(input, other, column),
            "Rename one of them: SQL does not tell letter case apart.");
      }
    }
  }

  private static String declarations(TableSchema schema) {
    return schema.columns().stream()
        .map(column -> DuckDb.identifier(column.name()) + " " + duckDbType(column.type()))
        .collect(Collectors.joining(", "));
  }

  /** The type that DuckDB is told for one of ours. */
  static String duckDbType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "BOOLEAN";
      case INT32 -> "INTEGER";
      case INT64 -> "BIGINT";
      case FLOAT32 -> "FLOAT";
      case FLOAT64 -> "DOUBLE";
      case DECIMAL -> type.text().toUpperCase(Locale.ROOT);
      case DATE -> "DATE";
      case TIMESTAMP -> ((ColumnType.Timestamp) type).utc() ? "TIMESTAMPTZ" : "TIMESTAMP";
      case TEXT -> "VARCHAR";
      case BINARY -> "BLOB";
    };
  }

  private void append(Batch batch) {
    ColumnVector[] columns = batch.columns().toArray(ColumnVector[]::new);
    try {
      for (int row = 0; row < batch.rowCount(); row++) {
        appender.beginRow();
        for (int i = 0; i < columns.length; i++) {
          if (columns[i].isNull(row)) {
            appender.appendNull();
          } else {
            cells[i].append(appender, columns[i], row);
          }
        }
        appender.endRow();
      }
    } catch (SQLException e) {
      throw new AppendFailure(e);
    }
  }

  private Cell cell(Column column) {
    return switch (column.type().kind()) {
      case BOOLEAN -> (to, vector, row) -> to.append(vector.booleanAt(row));
      case INT32 -> (to, vector, row) -> to.append(vector.intAt(row));
      case INT64 -> (to, vector, row) -> to.append(vector.longAt(row));
      case FLOAT32 -> (to, vector, row) -> to.append(vector.floatAt(row));
      case FLOAT64 -> (to, vector, row) -> to.append(vector.doubleAt(row));
      case DECIMAL -> (to, vector, row) -> to.append(vector.decimalAt(row));
      case DATE -> (to, vector, row) -> to.appendEpochDays(day(column, vector.intAt(row)));
      case TIMESTAMP ->
          (to, vector, row) -> to.appendEpochMicros(micros(column, vector.longAt(row)));
      case TEXT -> (to, vector, row) -> to.append(vector.textAt(row));
      case BINARY -> (to, vector, row) -> to.append(vector.bytesAt(row));
    };
  }

  /** DuckDB takes the ends of the range for infinite dates. */
  private int day(Column column, int day) {
    if (day <= -Integer.MAX_VALUE || day == Integer.MAX_VALUE) {
      throw beyond(column, day + " days from 1970");
    }
    return day;
  }

  private long micros(Column column, long micros) {
    if (micros <= -Long.MAX_VALUE || micros == Long.MAX_VALUE) {
      throw beyond(column, micros + " microseconds from 1970");
    }
    return micros;
  }

  private UserFault beyond(Column column, String value) {
    return new UserFault(
        "Input \"%s\", column \"%s\" has a value that SQL takes for infinite: %s."
            .formatted(name, column.name(), value),
        "Correct the value.");
  }
}
