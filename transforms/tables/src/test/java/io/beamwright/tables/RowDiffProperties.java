// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** DuckDB says by joins what became of the rows of random tables, cut into files anyhow. */
class RowDiffProperties {

  private static final TableSchema SCHEMA =
      Tables.schema(
          "k",
          ColumnType.Simple.INT32,
          "l",
          ColumnType.Simple.TEXT,
          "v",
          ColumnType.Simple.INT64,
          "w",
          ColumnType.Simple.TEXT);

  // Set before any property runs.
  @SuppressWarnings("NullAway.Init")
  private static Connection duckDb;

  @BeforeContainer
  static void connect() throws SQLException {
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterContainer
  static void disconnect() throws SQLException {
    duckDb.close();
  }

  @Property(tries = 40)
  void duckDbCountsTheSameChanges(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int parts)
      throws Exception {
    Path folder = Files.createTempDirectory("row-diff-");
    try {
      Random random = new Random(seed);
      SortedMap<String, Object[]> before = rows(random);
      SortedMap<String, Object[]> after = edited(before, random);
      write(folder.resolve("before"), before, parts, random);
      write(folder.resolve("after"), after, 1 + random.nextInt(5), random);

      assertThat(ours(folder)).isEqualTo(duckDb(folder));
    } finally {
      delete(folder);
    }
  }

  private static SortedMap<String, Object[]> rows(Random random) {
    SortedMap<String, Object[]> rows = new TreeMap<>();
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      put(rows, random);
    }
    return rows;
  }

  private static void put(SortedMap<String, Object[]> rows, Random random) {
    Integer k = random.nextInt(8) == 0 ? null : random.nextInt(9) - 4;
    String l =
        random.nextInt(8) == 0 ? null : List.of("", "a", "b\u0000", "ü").get(random.nextInt(4));
    Long v = random.nextInt(6) == 0 ? null : (long) random.nextInt(3);
    String w = random.nextInt(6) == 0 ? null : "w" + random.nextInt(3);
    rows.put(k + " " + l, new Object[] {k, l, v, w});
  }

  private static SortedMap<String, Object[]> edited(
      SortedMap<String, Object[]> before, Random random) {
    SortedMap<String, Object[]> after = new TreeMap<>(before);
    after.keySet().removeIf(key -> random.nextInt(5) == 0);
    for (int i = 0; i < random.nextInt(15); i++) {
      put(after, random);
    }
    return after;
  }

  private static void write(Path folder, SortedMap<String, Object[]> rows, int parts, Random random)
      throws IOException {
    Files.createDirectories(folder);
    List<BatchBuilder> files = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      files.add(new BatchBuilder(SCHEMA));
    }
    for (Object[] row : rows.values()) {
      files.get(random.nextInt(parts)).appendRow(row);
    }
    for (int i = 0; i < parts; i++) {
      Files.write(
          folder.resolve("part-" + i + ".parquet"), Tables.write(files.get(i).build()).bytes());
    }
  }

  private static List<Long> ours(Path folder) throws IOException {
    try (StoredTables tables = new StoredTables()) {
      Tree before = tables.tree(folder.resolve("before"));
      Tree after = tables.tree(folder.resolve("after"));
      try (RowDiff diff =
          RowDiff.between(
              TableFiles.at(before, "/", "t@1"),
              TableFiles.at(after, "/", "t@2"),
              List.of("k", "l"),
              Long.MAX_VALUE,
              tables.store().files())) {
        long[] told = new long[3];
        diff.forEach(
            change -> {
              int kind =
                  change instanceof RowChange.Added
                      ? 0
                      : change instanceof RowChange.Removed ? 1 : 2;
              told[kind]++;
            });
        List<Long> counted = List.of(diff.added(), diff.removed(), diff.changed());
        assertThat(List.of(told[0], told[1], told[2])).isEqualTo(counted);
        return counted;
      }
    }
  }

  private static List<Long> duckDb(Path folder) throws Exception {
    String same = "b.k IS NOT DISTINCT FROM a.k AND b.l IS NOT DISTINCT FROM a.l";
    String from = " FROM '" + folder + "/%s/*.parquet' %s ";
    String older = from.formatted("before", "b");
    String newer = from.formatted("after", "a");
    return List.of(
        number(
            "SELECT count(*)"
                + newer
                + "WHERE NOT EXISTS (SELECT 1"
                + older
                + "WHERE "
                + same
                + ")"),
        number(
            "SELECT count(*)"
                + older
                + "WHERE NOT EXISTS (SELECT 1"
                + newer
                + "WHERE "
                + same
                + ")"),
        number(
            "SELECT count(*)"
                + older
                + "JOIN"
                + newer.replace("FROM", "")
                + "ON "
                + same
                + " WHERE b.v IS DISTINCT FROM a.v OR b.w IS DISTINCT FROM a.w"));
  }

  private static long number(String sql) throws Exception {
    try (Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
