// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files whose bounds leave NaN out, as many writers make them: no condition may be answered by such
 * bounds. Each query gets what it gets of the same rows as CSV.
 */
class LyingBoundsTest {

  /** Stands for NaN until the file is written. */
  private static final double MARK = 987_654.5;

  private static final String VALUES =
      "(VALUES (1, 1.5::DOUBLE, 1.5::FLOAT), (2, 2.5, 2.5), (3, "
          + MARK
          + ", "
          + MARK
          + "),"
          + " (4, NULL, NULL), (5, '-0.0', '-0.0'), (6, '0.0', '0.0')) v(k, x, f)";

  @TempDir static Path folder;
  private static SqlEngine engine;
  private static Path lying;
  private static Path honest;
  private static Path nested;
  private static int runs;

  @BeforeAll
  static void makeFiles() throws IOException {
    lying = folder.resolve("lying.parquet");
    write(lying, "SELECT k, x, f FROM " + VALUES);
    nested = folder.resolve("nested.parquet");
    write(nested, "SELECT k, {'x': x} AS s, [f] AS l FROM " + VALUES);
    honest =
        Files.writeString(
            folder.resolve("honest.csv"),
            "k,x,f\n1,1.5,1.5\n2,2.5,2.5\n3,NaN,NaN\n4,,\n5,-0.0,-0.0\n6,0.0,0.0\n");
    Path spill = Files.createDirectory(folder.resolve("spill"));
    engine = new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /** Puts NaN for the mark in the pages, and 2.5 in the bounds. */
  private static void write(Path file, String select) throws IOException {
    OwnDuckDb.execute(
        "COPY ("
            + select
            + ") TO '"
            + file
            + "' (FORMAT parquet, COMPRESSION uncompressed, WRITE_BLOOM_FILTER false)");
    byte[] bytes = Files.readAllBytes(file);
    int footer = bytes.length - 8 - little(bytes, bytes.length - 8, 4).getInt();
    for (int at = 0; at + 8 <= bytes.length; at++) {
      double bound = at < footer ? Double.NaN : 2.5;
      if (little(bytes, at, 8).getDouble() == MARK) {
        little(bytes, at, 8).putDouble(bound);
      } else if (little(bytes, at, 4).getFloat() == (float) MARK) {
        little(bytes, at, 4).putFloat((float) bound);
      }
    }
    Files.write(file, bytes);
  }

  private static ByteBuffer little(byte[] bytes, int at, int size) {
    return ByteBuffer.wrap(bytes, at, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void duckDbByItselfLosesTheRow() {
    assertThat(OwnDuckDb.rows("SELECT k FROM '" + lying + "' WHERE x > 2.5")).isEmpty();
    assertThat(OwnDuckDb.rows("SELECT k FROM '" + nested + "' WHERE s.x > 2.5")).isEmpty();
    assertThat(OwnDuckDb.rows("SELECT k FROM '" + lying + "' WHERE isnan(x)")).containsExactly("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM d",
        "SELECT k FROM d WHERE x = 'NaN'",
        "SELECT k FROM d WHERE x > 2.5",
        "SELECT k FROM d WHERE x >= 100",
        "SELECT k FROM d WHERE NOT x <= 2.5",
        "SELECT k FROM d WHERE 2.5 < x",
        "SELECT k FROM d WHERE x < 'NaN'",
        "SELECT k FROM d WHERE x <> 1.5",
        "SELECT k FROM d WHERE x <> 1.5 AND x <> 2.5 AND x <> 0",
        "SELECT k FROM d WHERE x IS DISTINCT FROM 1.5",
        "SELECT k FROM d WHERE x IN (3.5, 'NaN')",
        "SELECT k FROM d WHERE x IN (4.5, 7.5, 'NaN', 9.5)",
        "SELECT k FROM d WHERE x NOT IN (1.5, 2.5, 0)",
        "SELECT k FROM d WHERE x BETWEEN 3 AND 'NaN'",
        "SELECT k FROM d WHERE x > 1e9 OR k = 1",
        "SELECT k FROM d WHERE CASE WHEN x > 2.5 THEN true ELSE false END",
        "SELECT k FROM d WHERE x::FLOAT > 2.5",
        "SELECT k FROM d WHERE x IS NULL",
        "SELECT k FROM d WHERE x IS NOT NULL",
        "SELECT k FROM d WHERE isnan(x)",
        "SELECT max(x) AS m FROM d",
        "SELECT min(x) AS m, count(x) AS n FROM d WHERE x > 2",
        "SELECT count(*) AS n FROM d WHERE x > 2.5",
        "SELECT arg_max(k, x) AS k FROM d",
        "SELECT k, x FROM d ORDER BY x DESC LIMIT 2",
        "SELECT k, x FROM d ORDER BY x DESC NULLS FIRST LIMIT 2",
        "SELECT k FROM d ORDER BY x LIMIT 3 OFFSET 2",
        "SELECT k, x FROM d WHERE x > 2 ORDER BY x LIMIT 1 OFFSET 1",
        "SELECT d.k FROM d JOIN (SELECT 'NaN'::DOUBLE AS y) o ON x = y",
        "SELECT d.k FROM d JOIN (SELECT unnest(['NaN'::DOUBLE, 7]) AS y) o ON x = y",
        "SELECT d.k FROM d JOIN (SELECT max(x) AS y FROM d) o ON x = y",
        "SELECT a.k, b.k AS l FROM d a JOIN d b ON a.x = b.x",
        "SELECT a.k, b.k AS l FROM d a JOIN d b ON a.x < b.x",
        "SELECT a.k, b.k AS l FROM d a ASOF JOIN d b ON a.x >= b.x",
        "SELECT k FROM d WHERE x = (SELECT max(x) FROM d)",
        "SELECT k FROM d WHERE x >= ALL (SELECT x FROM d WHERE x IS NOT NULL)",
        "SELECT k FROM d WHERE EXISTS (SELECT 1 FROM d e WHERE e.x < d.x AND d.x > 2.5)",
        "SELECT x, count(*) AS n FROM d GROUP BY x HAVING x > 2.5",
        "SELECT k, row_number() OVER (ORDER BY x DESC) AS n FROM d QUALIFY n <= 2",
        "SELECT k FROM d SEMI JOIN (SELECT 'NaN'::DOUBLE AS x) USING (x)",
      })
  void noConditionIsAnsweredByTheBounds(String query) throws IOException {
    for (String each : List.of(query, query.replaceAll("\\bx\\b", "f"))) {
      assertThat(rows(each, lying)).as(each).isEqualTo(rows(each, honest));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT k FROM d WHERE s.x > 2.5",
        "SELECT k FROM d WHERE s.x IN (3.5, 'NaN')",
        "SELECT k FROM d WHERE l[1] > 2.5",
        "SELECT k FROM d ORDER BY s.x DESC LIMIT 1",
        "SELECT arg_max(k, s.x) AS k FROM d",
        "SELECT d.k FROM d JOIN (SELECT 'NaN'::DOUBLE AS y) o ON s.x = y",
      })
  void norOnesOnNestedNumbers(String query) throws IOException {
    assertThat(rows(query, nested)).containsExactly("3");
  }

  private static List<String> rows(String query, Path... files) throws IOException {
    Path output = Files.createDirectory(folder.resolve("out" + runs++));
    return OwnDuckDb.rowsOf(
        engine.run(
            SqlQuery.parse(query), OwnDuckDb.inputs(Map.of("d", Arrays.asList(files))), output));
  }

  @Test
  void aColumnOfSeveralFilesIsReadSoIfOneLies() throws IOException {
    Path other = folder.resolve("floats.parquet");
    OwnDuckDb.writeParquet(other, "SELECT 7 AS k, 9.5::FLOAT AS x, 9.5::FLOAT AS f");

    assertThat(rows("SELECT k FROM d WHERE x > 2.5", lying, other)).containsExactly("3", "7");
    assertThat(rows("SELECT k FROM d WHERE f > 2.5", other, lying)).containsExactly("3", "7");
  }

  @ParameterizedTest
  @CsvSource({"INTEGER, -2147483648", "BIGINT, -9223372036854775808", "SMALLINT, -32768"})
  void theLeastIntegerBesideAColumnThatMayLieIsRead(String type, String least) throws IOException {
    Path other = folder.resolve("least-" + type + ".parquet");
    OwnDuckDb.writeParquet(
        other,
        "SELECT 7 AS k, v.x, v.x AS f FROM (VALUES ('%s'::%s), (3)) v(x)".formatted(least, type));

    for (String number : List.of("x", "f")) {
      String query =
          "SELECT k, CASE WHEN isnan(x) THEN 'NaN' ELSE x::DECIMAL(38, 0)::VARCHAR END AS t FROM d WHERE x < -1 OR x > 2.5"
              .replace("x", number);
      assertThat(rows(query, lying, other))
          .as(number)
          .containsExactly("3|NaN", "7|" + least, "7|3");
    }
  }
}
