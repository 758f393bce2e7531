// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.TableCutter;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs queries over files and writes each one's result as a table. To open a DuckDB takes ten times
 * as long as a small query, so that one instance serves many; each query has a connection that none
 * before it used, and keeps nothing.
 *
 * <p>The same query, files (their order, names' extensions and bytes) and {@link SqlQuery#keyParts}
 * give the same bytes: one thread, rows in the query's ORDER BY and then in the order of all
 * columns, nothing else of the machine in reach.
 */
public final class SqlEngine implements AutoCloseable {

  private static final int BATCH_ROWS = 4_096;

  /** How many queries an instance serves: after these, the opening no longer counts. */
  static final int QUERIES_EACH = 64;

  private final SqlLimits limits;
  private final Path folder;
  private final Deque<DuckDb> unused = new ArrayDeque<>();

  /**
   * An engine that keeps within {@code limits}; it may run any number of queries, one at a time.
   *
   * @param folder an existing folder, the only one whose files can be read, for as long as the
   *     engine is there; what it holds may change between queries. Whatever is in it, a query may
   *     read, so it has the files of one datum and no links
   * @throws EnvironmentFault if there is no such folder
   */
  public SqlEngine(SqlLimits limits, Path folder) {
    this.limits = limits;
    try {
      this.folder = folder.toRealPath();
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The folder of a query's files cannot be read: " + e + ".",
          "See that the worker's disk is in order.",
          e);
    }
  }

  /**
   * Runs a query.
   *
   * @param inputs for each input's name its files: all Parquet ({@code .parquet}), or all CSV, TSV
   *     or JSON ({@code .json}, {@code .jsonl}, {@code .ndjson}), plain or packed ({@code .csv.gz},
   *     {@code .csv.zst}), all in the engine's folder, by its real path; inputs that the query does
   *     not read may be anything
   * @param output an existing folder without part files; what is in it after a failure is no table
   * @return the files written, {@code part-00000.parquet} and on, in order; at least one, also for
   *     no rows
   * @throws UserFault if the query and the inputs do not fit each other, a file is not what its
   *     extension says, or a value fails; the message has the query's line or the file's
   * @throws EnvironmentFault if memory or disk run out
   */
  public List<Path> run(SqlQuery query, Map<String, InputFiles> inputs, Path output) {
    List<InputTable> tables = tablesOf(query, inputs);
    boolean done = false;
    try (DuckDb duckDb = unusedConnection()) {
      for (InputTable table : tables) {
        table.create(duckDb);
      }
      duckDb.keepNothing();
      List<Path> parts = new Run(duckDb, query.text(), tables).writeTo(output);
      done = true;
      return parts;
    } catch (SQLException e) {
      throw DuckDbFaults.unexpected("opening or closing it", e);
    } finally {
      if (!done) {
        close();
      }
    }
  }

  private DuckDb unusedConnection() throws SQLException {
    if (unused.isEmpty()) {
      unused.addAll(DuckDb.forReading(folder, limits, QUERIES_EACH));
    }
    return unused.remove();
  }

  /** Ends the instance, which may hold what a query that failed left; another query opens anew. */
  @Override
  public void close() {
    try {
      while (!unused.isEmpty()) {
        unused.remove().close();
      }
    } catch (SQLException e) {
      throw DuckDbFaults.unexpected("opening or closing it", e);
    }
  }

  private static List<InputTable> tablesOf(SqlQuery query, Map<String, InputFiles> inputs) {
    query.requireInputs(inputs.keySet());
    Map<String, String> names = new HashMap<>();
    for (String name : inputs.keySet()) {
      String other = names.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw new UserFault(
            "Inputs \"" + other + "\" and \"" + name + "\" are one name in SQL.",
            "Rename one of them: SQL does not tell letter case apart.");
      }
    }
    return query.inputs().stream()
        .map(input -> names.getOrDefault(input.toLowerCase(Locale.ROOT), input))
        .distinct()
        .map(name -> InputTable.of(name, inputs.getOrDefault(name, InputFiles.of(List.of()))))
        .toList();
  }

  /** One query in one DuckDB whose inputs are there. */
  private record Run(DuckDb duckDb, String text, List<InputTable> tables) {

    List<Path> writeTo(Path output) {
      int before = 0;
      try {
        List<ResultColumn> columns = columns();
        Optional<PreparedStatement> outside = orderedOutside(columns);
        before = outside.isPresent() ? KeptZeros.BEFORE.length() : 0;
        try (PreparedStatement statement =
                outside.isPresent()
                    ? outside.get()
                    : duckDb.prepare(TotalOrder.complete(duckDb, text, columns.size()));
            ResultSet result = statement.executeQuery()) {
          return write(result, columns, output);
        }
      } catch (SQLException e) {
        throw DuckDbFaults.inQuery(text, before, tables, e);
      } catch (IOException e) {
        throw new EnvironmentFault(
            "The query's result cannot be written to " + output + ": " + e.getMessage(),
            "See that the worker's disk has room and is in order.",
            e);
      }
    }

    private Optional<PreparedStatement> orderedOutside(List<ResultColumn> columns)
        throws SQLException {
      Optional<String> ordered =
          KeptZeros.ordered(duckDb, text, columns.stream().map(ResultColumn::column).toList());
      return ordered.isPresent() ? Optional.of(duckDb.prepare(ordered.get())) : Optional.empty();
    }

    /** Prepares the query as it was given, so that DuckDB's errors point into the user's text. */
    private List<ResultColumn> columns() throws SQLException {
      try (PreparedStatement statement = duckDb.prepare(text)) {
        ResultSetMetaData metaData = statement.getMetaData();
        List<ResultColumn> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
          String name = metaData.getColumnName(i);
          if (!names.add(name.toLowerCase(Locale.ROOT))) {
            throw twice(name);
          }
          columns.add(ResultColumn.of(i, name, metaData.getColumnTypeName(i)));
        }
        return columns;
      }
    }

    private static UserFault twice(String name) {
      return new UserFault(
          "The result has two columns called \"" + name + "\", letter case aside.",
          "Give one another name with AS, or leave it out: SELECT * EXCLUDE (…).");
    }

    private static List<Path> write(ResultSet result, List<ResultColumn> columns, Path output)
        throws SQLException, IOException {
      List<Column> tableColumns = columns.stream().map(ResultColumn::column).toList();
      TableSchema schema = new TableSchema(tableColumns);
      List<Path> parts = new ArrayList<>();
      try (TableCutter cutter =
          new TableCutter(
              schema,
              number -> {
                Path part = output.resolve("part-%05d.parquet".formatted(number));
                parts.add(part);
                return Files.newOutputStream(part, StandardOpenOption.CREATE_NEW);
              })) {
        BatchBuilder batch = new BatchBuilder(schema);
        while (result.next()) {
          for (int i = 0; i < columns.size(); i++) {
            columns.get(i).reader().read(result, i + 1, batch.column(i));
          }
          if (batch.rowCount() == BATCH_ROWS) {
            cutter.write(batch.build());
          }
        }
        cutter.write(batch.build());
        cutter.finish();
      }
      return List.copyOf(parts);
    }
  }
}
