// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.versioning.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One query over one file, for {@code benchmarks/reading.py}, which counts the process's CPU.
 * Arguments: {@code make FOLDER ROWS} writes the files; {@code ours|ours-declared|duckdb FILE}
 * reads one.
 */
final class ReadingCost {

  private static final String QUERY =
      "SELECT count(*) AS n, sum(k) AS k, sum(x) + sum(y) AS s, max(day) AS day, max(t) AS t,"
          + " max(name) AS name, count(ok) AS ok FROM d";

  private static final String COLUMNS =
      "{'columns': [{'name': 'id', 'type': 'int64'}, {'name': 'k', 'type': 'int64'}, {'name': 'x',"
          + " 'type': 'float64'}, {'name': 'y', 'type': 'float64'}, {'name': 'day', 'type':"
          + " 'date'}, {'name': 't', 'type': 'timestamp'}, {'name': 'name', 'type': 'text'},"
          + " {'name': 'ok', 'type': 'boolean'}]}";

  private ReadingCost() {}

  public static void main(String[] args) throws IOException {
    Path path = Path.of(args[1]).toRealPath();
    switch (args[0]) {
      case "make" -> make(path, args[2]);
      case "duckdb" -> OwnDuckDb.execute("SET threads = 1", table(path), QUERY);
      default -> ours(path, args[0].equals("ours-declared"));
    }
  }

  private static void make(Path folder, String rows) throws IOException {
    String select =
        "SELECT i AS id, i * 7919 % 10000 AS k, round(sin(i) * 1000, 4) AS x, cos(i) AS y, DATE"
            + " '2013-01-01' + (i % 3000)::INTEGER AS day, TIMESTAMP '2013-01-01' + to_seconds(i)"
            + " AS t, 'name ' || i % 1000 AS name, i % 2 = 0 AS ok FROM range("
            + rows
            + ") r(i)";
    OwnDuckDb.execute("COPY (" + select + ") TO '" + folder.resolve(rows + ".csv") + "'");
    Path parquet = folder.resolve(rows + ".foreign.parquet");
    OwnDuckDb.writeParquet(parquet, select);
    // A table of ours is a folder of parts.
    Path table = Files.createDirectory(folder.resolve(rows + ".parquet"));
    run(parquet, Optional.empty(), "SELECT * FROM d", table);
  }

  /** DuckDB guesses all that it can. */
  private static String table(Path file) {
    return file.toString().endsWith(".parquet")
        ? "CREATE VIEW d AS FROM read_parquet('"
            + file
            + (Files.isDirectory(file) ? "/*" : "")
            + "')"
        : "CREATE TEMP TABLE d AS FROM read_csv('" + file + "')";
  }

  private static void ours(Path file, boolean declared) throws IOException {
    byte[] columns = COLUMNS.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Optional<TableFormat> format =
        declared
            ? Optional.of(TableFormat.of((ObjectNode) CanonicalJson.parse(columns), "format"))
            : Optional.empty();
    run(file, format, QUERY, Files.createTempDirectory(file.getParent(), "out"));
  }

  private static void run(Path file, Optional<TableFormat> format, String query, Path output)
      throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    Path spill = Files.createTempDirectory(folder, "spill");
    try (SqlEngine engine = new SqlEngine(new SqlLimits(2L << 30, spill), folder)) {
      InputFiles files = new InputFiles(parts(file), format);
      engine.run(SqlQuery.parse(query), Map.of("d", files), output);
    }
  }

  private static List<Path> parts(Path file) throws IOException {
    if (!Files.isDirectory(file)) {
      return List.of(file);
    }
    try (Stream<Path> parts = Files.list(file)) {
      return parts.sorted().toList();
    }
  }
}
