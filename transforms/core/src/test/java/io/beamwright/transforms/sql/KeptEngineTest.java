// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of one query of an engine the next sees nothing, neither past the rules nor without them. */
class KeptEngineTest {

  private static final long MEMORY = 256L << 20;

  @TempDir Path folder;
  private Path inputs;
  private SqlLimits limits;
  private SqlEngine engine;
  private int runs;

  @BeforeEach
  void makeEngine() throws IOException {
    inputs = Files.createDirectory(folder.resolve("in")).toRealPath();
    limits = new SqlLimits(MEMORY, Files.createDirectory(folder.resolve("spill")));
    engine = new SqlEngine(limits, inputs);
  }

  @AfterEach
  void end() {
    engine.close();
  }

  private List<String> rows(String query, Map<String, List<Path>> tables) throws IOException {
    Path output = Files.createDirectory(folder.resolve("out" + runs++));
    return OwnDuckDb.rowsOf(engine.run(SqlQuery.parse(query), OwnDuckDb.inputs(tables), output));
  }

  private Path csv(String name, String content) throws IOException {
    return Files.writeString(inputs.resolve(name), content);
  }

  @Test
  void aTableGoesWithItsQuery() throws IOException {
    Path t = csv("t.csv", "a\n1\n");
    Path u = csv("u.csv", "b\n2\n");

    assertThat(rows("SELECT * FROM t", Map.of("t", List.of(t)))).containsExactly("1");
    assertThat(rows("SELECT * FROM u", Map.of("u", List.of(u)))).containsExactly("2");
    assertThat(rows("SELECT * FROM T", Map.of("T", List.of(u)))).containsExactly("2");
    assertThatThrownBy(() -> rows("SELECT * FROM t", Map.of("u", List.of(u))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("\"t\"");
  }

  @Test
  void aFileThatIsAnotherUnderTheSameNameAndOfTheSameAgeIsReadAnew() throws IOException {
    Path parquet = inputs.resolve("t.parquet");
    for (int i = 1; i <= 3; i++) {
      Files.deleteIfExists(parquet);
      OwnDuckDb.writeParquet(parquet, "SELECT " + i + " AS a, 'same size' AS b");
      // As all files of datums are, old enough for a cache to trust them.
      Files.setLastModifiedTime(parquet, FileTime.from(Instant.parse("1980-01-01T00:00:00Z")));

      assertThat(rows("SELECT a FROM t", Map.of("t", List.of(parquet))))
          .containsExactly(Integer.toString(i));
    }
  }

  @Test
  void noBytesOfAFileAreKept() throws SQLException {
    Path parquet = inputs.resolve("t.parquet");
    OwnDuckDb.writeParquet(parquet, "SELECT i FROM range(1000) r(i)");
    List<DuckDb> connections = DuckDb.forReading(inputs, limits, 2);
    try (DuckDb second = connections.get(1)) {
      try (DuckDb first = connections.get(0)) {
        InputTable.of("t", InputFiles.of(List.of(parquet))).create(first);
        assertThat(first.text("SELECT sum(i)::VARCHAR || ? FROM t", "")).isEqualTo("499500");
      }
      assertThat(found(second, "FROM duckdb_external_file_cache()")).isFalse();
      assertThat(
              found(second, "FROM duckdb_settings() WHERE name LIKE '%_cache' AND value = 'true'"))
          .isFalse();
    }
  }

  @Test
  void oneEngineGivesWhatManyGive() throws IOException {
    Path t = csv("t.csv", "k,v\n" + "1,0.1\n2,0.7\n1,0.2\n3,0.3\n".repeat(500));
    String query = "SELECT k, sum(v) AS s, stddev(v) AS d, first(v) AS f FROM t GROUP BY k";

    List<String> first = rows(query, Map.of("t", List.of(t)));
    // More than an instance serves.
    for (int i = 0; i < 2 * SqlEngine.QUERIES_EACH; i++) {
      Path output = Files.createDirectory(folder.resolve("many" + i));
      List<Path> parts =
          engine.run(SqlQuery.parse(query), OwnDuckDb.inputs(Map.of("t", List.of(t))), output);
      assertThat(parts.get(0)).hasSameBinaryContentAs(folder.resolve("out0/part-00000.parquet"));
    }
    assertThat(first).hasSize(3);
  }

  @Test
  void afterAQueryThatFailedTheNextHasAnInstanceOfItsOwn() throws IOException {
    Path t = csv("t.csv", "a\nx\n");
    Path ragged = csv("r.csv", "a,b\n1,2\n3\n");

    assertThatThrownBy(() -> rows("SELECT a::INT AS i FROM t", Map.of("t", List.of(t))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("Could not convert string 'x'");
    assertThatThrownBy(() -> rows("SELECT * FROM r", Map.of("r", List.of(ragged))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("r.csv: line 3");
    assertThatThrownBy(() -> rows("SELECT opne FROM t", Map.of("t", List.of(t))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("column 8");
    assertThat(rows("SELECT a FROM t", Map.of("t", List.of(t)))).containsExactly("x");
  }

  @Test
  void whatWasSpilledIsNotLeft() throws IOException {
    String sorted =
        "SELECT hash(i)::VARCHAR || repeat('x', 100) AS s FROM range(1000000) t(i)"
            + " ORDER BY s DESC LIMIT 600000 OFFSET 399999";
    SqlLimits little = new SqlLimits(100L << 20, limits.spillFolder());
    try (SqlEngine kept = new SqlEngine(little, inputs)) {
      for (int i = 0; i < 2; i++) {
        Path output = Files.createDirectory(folder.resolve("sorted" + i));
        assertThat(kept.run(SqlQuery.parse(sorted), Map.of(), output)).isNotEmpty();
        try (var left = Files.walk(limits.spillFolder())) {
          assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
      }
    }
    assertThat(limits.spillFolder()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT setseed(0.5)",
        "SELECT random()",
        "SELECT getvariable('v')",
        "SELECT current_setting('TimeZone')",
        "SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
        "SELECT nextval('s')",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('t')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM duckdb_tables()",
        "SELECT * FROM duckdb_logs()",
        "SELECT * FROM enable_logging()",
        "SELECT * FROM enable_profiling()",
        "SELECT * FROM checkpoint()",
        "SELECT * FROM pragma_database_size()",
        "SELECT * FROM read_parquet('$IN/0/t/t.parquet')",
        "SELECT * FROM read_blob('$IN/*/*/*')",
        "SELECT * FROM '$IN/0/t/t.csv'",
        "SELECT * FROM glob('$IN/**')",
        "SELECT * FROM temp.t",
        "SELECT * FROM memory.main.t",
        "SET VARIABLE v = 1",
        "SET SESSION TimeZone = 'Asia/Tokyo'",
        "PRAGMA threads = 4",
        "CALL enable_logging()",
        "USE temp",
        "CREATE TEMP TABLE x AS SELECT 1 AS a",
        "CREATE SEQUENCE s",
        "CREATE MACRO m() AS 1",
        "CREATE TYPE ty AS ENUM ('a')",
        "ATTACH ':memory:' AS other",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "COPY (SELECT 1) TO '$IN/x.csv'",
        "SELECT 1; COMMIT",
        "BEGIN",
        "COMMIT"
      })
  void theRulesLetNoQueryTouchTheEngine(String template) {
    assertThatThrownBy(
            () ->
                rows(
                    template.replace("$IN", inputs.toString()),
                    Map.of("t", List.of(csv("t.csv", "a\n1\n")))))
        .isInstanceOf(UserFault.class);
  }

  /** What somebody who got past the rules would leave, and where the next one would look. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TEMP TABLE x AS SELECT 1 AS a | FROM x",
        "CREATE TABLE x AS SELECT 1 AS a | FROM x",
        "CREATE TABLE memory.main.x AS SELECT 1 AS a | FROM memory.main.x",
        "CREATE VIEW x AS SELECT 1 AS a | FROM x",
        "CREATE SCHEMA sc | SELECT 1 FROM duckdb_schemas() WHERE schema_name = 'sc'",
        "CREATE SEQUENCE s | SELECT nextval('s')",
        "CREATE TEMP SEQUENCE s | SELECT nextval('s')",
        "CREATE MACRO m() AS 1 | SELECT m()",
        "CREATE TEMP MACRO m() AS 1 | SELECT m()",
        "CREATE TYPE ty AS ENUM ('a') | SELECT 'a'::ty",
        "ATTACH ':memory:' AS other"
            + " | SELECT 1 FROM duckdb_databases() WHERE database_name = 'other'",
        "SET VARIABLE v = 1 | SELECT 1 WHERE getvariable('v') IS NOT NULL",
        "PREPARE p AS SELECT 1 | EXECUTE p",
        "PRAGMA enable_profiling | SELECT 1 FROM duckdb_settings()"
            + " WHERE name = 'enable_profiling' AND value IS NOT NULL AND value <> 'NULL'"
      })
  void withoutTheRulesItGoesWithTheConnection(String hostile, String look) throws SQLException {
    List<DuckDb> connections = DuckDb.forReading(inputs, limits, 2);
    try (DuckDb second = connections.get(1)) {
      try (DuckDb first = connections.get(0)) {
        first.keepNothing();
        first.execute(hostile);
        assertThat(found(first, look)).as("the look is right").isTrue();
      }
      assertThat(found(second, look)).isFalse();
    }
  }

  private static boolean found(DuckDb duckDb, String look) {
    try (PreparedStatement statement = duckDb.prepare(look);
        ResultSet result = statement.executeQuery()) {
      return result.next();
    } catch (SQLException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET memory_limit = '8GB'",
        "SET GLOBAL memory_limit = '8GB'",
        "SET threads = 4",
        "PRAGMA threads = 4",
        "PRAGMA memory_limit = '8GB'",
        "RESET threads",
        "SET enable_external_file_cache = true",
        "SET errors_as_json = false",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "SELECT set_config('threads', '4', false)"
      })
  void withoutTheRulesTheLimitsStay(String hostile) throws SQLException {
    for (DuckDb each : DuckDb.forReading(inputs, limits, 2)) {
      try (DuckDb duckDb = each) {
        assertThatThrownBy(() -> duckDb.execute(hostile)).isInstanceOf(SQLException.class);
        assertThat(duckDb.text("SELECT current_setting('threads') || ?", "")).isEqualTo("1");
        assertThat(duckDb.text("SELECT current_setting('memory_limit') || ?", ""))
            .isEqualTo("256.0 MiB");
      }
    }
  }

  @Test
  void aSeedGoesWithItsConnection() throws SQLException {
    List<String> numbers = new ArrayList<>();
    for (DuckDb each : DuckDb.forReading(inputs, limits, 3)) {
      try (DuckDb duckDb = each) {
        numbers.add(duckDb.text("SELECT random()::VARCHAR || ?", ""));
        duckDb.execute("SELECT setseed(0.5)");
      }
    }
    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(numbers).doesNotContain(seeded());
  }

  private static String seeded() throws SQLException {
    try (DuckDb duckDb = DuckDb.forParsing()) {
      duckDb.execute("SELECT setseed(0.5)");
      return duckDb.text("SELECT random()::VARCHAR || ?", "");
    }
  }
}
