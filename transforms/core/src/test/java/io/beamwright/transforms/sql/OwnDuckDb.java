// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A DuckDB without our settings: makes inputs, and says what is in outputs. */
final class OwnDuckDb {

  private OwnDuckDb() {}

  /** Inputs of a query that are read by the rules alone. */
  static Map<String, InputFiles> inputs(Map<String, List<Path>> files) {
    return files.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, input -> InputFiles.of(input.getValue())));
  }

  static void execute(String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static void writeParquet(Path file, String select) {
    execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
  }

  /** Each row as its values' texts with {@code |} between them. */
  static List<String> rows(String sql) {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1");
      statement.execute("SET TimeZone = 'UTC'");
      try (ResultSet result = statement.executeQuery(sql)) {
        List<String> rows = new ArrayList<>();
        while (result.next()) {
          List<String> cells = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            cells.add(String.valueOf(result.getString(i)));
          }
          rows.add(String.join("|", cells));
        }
        return rows;
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** All rows of a table's files, in their order. */
  static List<String> rowsOf(List<Path> parts) {
    return rows("FROM " + table(parts));
  }

  static String table(List<Path> parts) {
    return "read_parquet(["
        + parts.stream().map(part -> "'" + part + "'").collect(Collectors.joining(", "))
        + "])";
  }
}
