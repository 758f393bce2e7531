// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever text a query is, it works or it is its writer's fault: nothing else is thrown. */
final class HostileQueryTest {

  @TempDir Path folder;

  private static List<String> odd() {
    List<String> queries =
        new ArrayList<>(
            List.of(
                "",
                " ",
                ";",
                ";;SELECT 1",
                "SELECT",
                "SELECT 1 AS a; SELECT 2 AS b",
                "SELECT '\ud800' AS a",
                "SELECT \"\udc00\" FROM t",
                "\ud800",
                "SELECT 1 AS \"\0\"",
                "SELECT 'a\0b' AS a",
                "SELECT chr(0) AS a",
                "\0",
                "SELECT 1 AS a\0",
                "SELECT $1 AS a",
                "SELECT ? AS a",
                "SELECT $name AS a",
                "SELECT a FROM t WHERE a = ?",
                "COPY t TO 'x'",
                "ATTACH 'x' AS y",
                "PRAGMA version",
                "SET threads = 2",
                "INSERT INTO t VALUES (1)",
                "CREATE TABLE x AS SELECT 1",
                "DROP VIEW t",
                "EXPLAIN SELECT 1",
                "DESCRIBE t",
                "SHOW TABLES",
                "CALL pragma_version()",
                "VALUES (1), (2)",
                "FROM t",
                "PIVOT t ON b USING sum(a)",
                "UNPIVOT t ON a INTO NAME n VALUE v",
                "SELECT * FROM (PIVOT t ON b USING sum(a))",
                "SELECT * FROM (UNPIVOT (SELECT a FROM t) ON a)",
                "SELECT regexp_matches(b, '(') AS a FROM t",
                "SELECT regexp_matches(b, '[') AS a FROM t",
                "SELECT a / 0 AS a, a % 0 AS b, a // 0 AS c FROM t",
                "SELECT 9223372036854775807 + a AS a FROM t",
                "SELECT CAST(b AS INTEGER) AS a FROM t",
                "SELECT CAST(b AS DATE) AS a FROM t",
                "SELECT b::JSON AS a FROM t",
                "SELECT a FROM t LIMIT 99999999999999999999999",
                "SELECT a FROM t LIMIT 9223372036854775807 OFFSET 9223372036854775807",
                "SELECT a FROM t LIMIT -1",
                "SELECT a FROM t LIMIT 'x'",
                "SELECT a FROM t LIMIT 200%",
                "SELECT a FROM nothing",
                "SELECT a FROM t, t",
                "SELECT * FROM t JOIN t USING (c)",
                "SELECT nothing(a) FROM t",
                "SELECT sum(DISTINCT b) FROM t",
                "SELECT max(a) FROM t GROUP BY max(a)",
                "SELECT a FROM t ORDER BY nothing",
                "SELECT a FROM t ORDER BY 7",
                "SELECT (SELECT a FROM t) AS a",
                "SELECT [1, 2] AS a",
                "SELECT {'a': 1} AS a",
                "SELECT NULL AS a",
                "SELECT INTERVAL 1 DAY AS a",
                "SELECT 'infinity'::DATE AS a",
                "SELECT 'infinity'::TIMESTAMP AS a",
                "SELECT repeat('x', -1) AS a",
                "SELECT unnest(b) AS a FROM t",
                "SELECT error('mine') AS a",
                "SELECT printf('%d', b) AS a FROM t",
                "SELECT format('{', b) AS a FROM t",
                "SELECT strptime(b, '%') AS a FROM t",
                "SELECT strftime(now(), '%Q') AS a",
                "SELECT 'x' COLLATE nothing AS a",
                "SELECT 1::DECIMAL(99,1) AS a",
                "SELECT 1e999 AS a",
                "SELECT 1" + "0".repeat(400) + " AS a",
                "SELECT json_extract('{', '$') AS a",
                "SELECT from_json('[1]', '{') AS a",
                "SELECT generate_series(1, 3) AS a",
                "SELECT * FROM generate_series(1, 0, 0)",
                "SELECT * FROM range(10, 0, 0)",
                "SELECT * FROM read_csv('x.csv')",
                "SELECT * FROM 'x.csv'",
                "SELECT getenv('HOME') AS a",
                "SELECT current_setting('nothing') AS a",
                "WITH RECURSIVE r AS (SELECT 1) SELECT * FROM s",
                "WITH w AS (SELECT 1) INSERT INTO t SELECT * FROM w",
                "SELECT a AS \"\" FROM t",
                "SELECT a, a AS A FROM t",
                "SELECT COLUMNS('(') FROM t",
                "SELECT COLUMNS('nothing') FROM t",
                "SELECT * EXCLUDE (nothing) FROM t",
                "SELECT * REPLACE (1 AS nothing) FROM t",
                "SELECT a FROM t WINDOW w AS (ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING)",
                "SELECT sum(a) OVER (ROWS BETWEEN -1 PRECEDING AND CURRENT ROW) AS s FROM t",
                "SELECT list_reduce([], (x, y) -> x + y) AS a",
                "SELECT array_value(1, 2) AS a",
                "SELECT bitstring('2', 1) AS a",
                "SELECT 'a'::BLOB AS a",
                "SELECT '\\x0'::BLOB AS a",
                "SELECT decode('\\xff'::BLOB) AS a",
                "SELECT uuid() AS a",
                "SELECT random() AS a",
                "SELECT 'é ' AS \"ü\", nothing FROM t",
                "/* never closed",
                "SELECT 'never closed",
                "SELECT $$never closed"));
    queries.add("SELECT " + "(".repeat(2_000) + "1" + ")".repeat(2_000) + " AS a");
    queries.add("SELECT " + "-".repeat(1) + "(-".repeat(900) + "1" + ")".repeat(900) + " AS a");
    queries.add("SELECT 1" + " + 1".repeat(3_000) + " AS a");
    queries.add("SELECT '" + "x".repeat(1 << 20) + "' AS a");
    queries.add("SELECT a FROM t WHERE a IN (" + "1, ".repeat(20_000) + "1)");
    queries.add("SELECT " + "a, ".repeat(2_000) + "a FROM t");
    queries.add("SELECT * FROM " + "(SELECT * FROM ".repeat(300) + "t" + ")".repeat(300));
    queries.add("SELECT " + "[".repeat(1_500) + "]".repeat(1_500) + " AS a");
    return queries;
  }

  @Test
  void aQueryWorksOrIsAFaultOfItsWriter() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (SqlEngine engine = engine()) {
      for (String query : odd()) {
        tryOut(engine, query, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void partsOfQueriesInAnyOrderAreNoBugOfOurs() throws IOException {
    String[] words =
        ("SELECT FROM t a b * ( ) , ; ' \" $1 ? . :: [ ] { } = < - + / 1 1.5 'x' NULL WHERE GROUP"
                + " BY ORDER LIMIT ALL DISTINCT ON JOIN USING UNION EXCEPT WITH AS CASE WHEN THEN END"
                + " OVER PARTITION ROWS BETWEEN CAST INTEGER DATE sum count max -- /* */ \0 \ud800"
                + " PIVOT UNPIVOT COLUMNS EXCLUDE VALUES TABLE LATERAL UNNEST FILTER QUALIFY SAMPLE")
            .split(" ");
    Random random = new Random(12);
    List<String> wrong = new ArrayList<>();
    try (SqlEngine engine = engine()) {
      for (int i = 0; i < 120; i++) {
        StringBuilder query = new StringBuilder(i % 2 == 0 ? "SELECT " : "SELECT a FROM t ");
        for (int j = random.nextInt(12); j >= 0; j--) {
          query.append(words[random.nextInt(words.length)]).append(' ');
        }
        tryOut(engine, query.toString(), wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** DuckDB makes a constant three times before it asks for memory, so the limit is small here. */
  @Test
  void aValueThatIsLargerThanTheMemoryIsToldSo() throws IOException {
    try (SqlEngine engine = engine(64L << 20)) {
      Path output = Files.createDirectory(folder.resolve("out"));
      assertThatThrownBy(
              () ->
                  engine.run(
                      SqlQuery.parse("SELECT repeat('x', 100000000) AS a"), Map.of(), output))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining("does not fit in its memory");
    }
  }

  private SqlEngine engine() throws IOException {
    return engine(SqlLimits.DEFAULT_MEMORY_BYTES);
  }

  private SqlEngine engine(long memory) throws IOException {
    Path spill = Files.createDirectory(folder.resolve("spill"));
    Files.writeString(folder.resolve("t.csv"), "a,b\n1,x\n2,\"\"\n");
    return new SqlEngine(new SqlLimits(memory, spill), folder);
  }

  private void tryOut(SqlEngine engine, String query, List<String> wrong) throws IOException {
    Path output = Files.createTempDirectory(folder, "out");
    try {
      InputFiles t = InputFiles.of(List.of(folder.resolve("t.csv")));
      engine.run(SqlQuery.parse(query), Map.of("t", t), output);
    } catch (UserFault | EnvironmentFault e) {
      if (String.valueOf(e.getMessage()).contains(folder.toString())) {
        wrong.add(shortened(query) + " tells the worker's folder: " + e.getMessage());
      }
    } catch (RuntimeException | StackOverflowError e) {
      wrong.add(shortened(query) + " gave " + shortened(e.toString()));
    }
  }

  private static String shortened(String text) {
    return text.length() < 200 ? text : text.substring(0, 200) + "…";
  }
}
