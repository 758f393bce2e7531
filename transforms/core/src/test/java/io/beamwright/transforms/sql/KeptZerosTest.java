// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.tables.Column;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeptZerosTest {

  private static final String PRICES =
      "CREATE VIEW clean AS SELECT DATE '2016-01-01' + (i::INT) AS date, i * 1.5e0 AS open,"
          + " i * 2.5e0 AS close, i + 1e1 AS high, i % 5 AS volume, (i - 1)::FLOAT AS low"
          + " FROM range(100) t(i)";

  private static final String ZEROS =
      "CREATE TABLE t AS SELECT x::DOUBLE AS x, x::FLOAT AS f, k FROM (VALUES ('0', 1), ('-0', 2),"
          + " ('nan', 0), ('-0', 1), (NULL, 1), ('0', 2), ('-nan', 3), ('-1', 1)) v(x, k)";

  static List<String> queries() throws Exception {
    return TotalOrderTest.queries();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void anyQueryHasTheRowsInTheOrderThatItHasInside(String query) throws SQLException {
    try (DuckDb duckDb = DuckDb.forParsing()) {
      duckDb.execute(PRICES);
      List<Column> columns = columns(duckDb, query);
      Optional<String> outside = KeptZeros.ordered(duckDb, query, columns);

      if (outside.isPresent()) {
        assertThat(rows(duckDb, outside.get()))
            .isEqualTo(rows(duckDb, TotalOrder.complete(duckDb, query, columns.size())));
      }
    }
  }

  @Test
  void mostQueriesOfFloatingColumnsAreOrderedOutside() throws Exception {
    List<String> inside = new ArrayList<>();
    int outside = 0;
    try (DuckDb duckDb = DuckDb.forParsing()) {
      duckDb.execute(PRICES);
      for (String query : queries()) {
        List<Column> columns = columns(duckDb, query);
        if (KeptZeros.ordered(duckDb, query, columns).isPresent()) {
          outside++;
        } else if (columns.stream().anyMatch(c -> c.type().text().startsWith("float"))) {
          inside.add(query);
        }
      }
    }

    assertThat(outside).isGreaterThan(40);
    assertThat(inside)
        .containsExactlyInAnyOrder(
            "SELECT DISTINCT ON (year(date)) date, close FROM clean ORDER BY year(date), close DESC",
            "SELECT DISTINCT ON (date) date, close FROM clean",
            "SELECT close FROM clean ORDER BY close LIMIT (SELECT 3)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT x, k FROM t",
        "SELECT x, k FROM t ORDER BY x",
        "SELECT x, k FROM t ORDER BY \"X\", 2;",
        "SELECT x, k FROM t ORDER BY ALL",
        "SELECT x, k FROM t ORDER BY t.x, \"T\".k",
        "SELECT x, k FROM t ORDER BY COLUMNS('x|k')",
        "SELECT t.x, k FROM t ORDER BY x LIMIT 50 + 50 OFFSET 0::BIGINT",
        "SELECT -(-x) AS x, k FROM t ORDER BY x LIMIT 100%",
        "SELECT x, k FROM t ORDER BY 1 ASC NULLS LAST LIMIT 100 -- all",
        "(SELECT x, k FROM t) ORDER BY x OFFSET 0",
        "WITH a AS (FROM t ORDER BY k LIMIT 100) SELECT x, k FROM a ORDER BY x LIMIT 100",
        "SELECT x, k FROM t WHERE k < 2 UNION ALL SELECT x, k FROM t WHERE k >= 2 ORDER BY 1",
        "SELECT x, k FROM (VALUES (' ORDER BY ', 1)) v(s, n), t WHERE s <> 'ORDER BY' ORDER BY x"
      })
  void zerosKeepTheirSignAndTheNegativeOneIsFirst(String query) throws SQLException {
    try (DuckDb duckDb = DuckDb.forParsing()) {
      duckDb.execute(ZEROS);

      assertThat(rows(duckDb, ordered(duckDb, query)))
          .containsExactly(
              "-1.0|1", "-0.0|1", "0.0|1", "-0.0|2", "0.0|2", "NaN|0", "NaN|3", "null|1");
    }
  }

  @Test
  void descendingAndNullsFirstStay() throws SQLException {
    try (DuckDb duckDb = DuckDb.forParsing()) {
      duckDb.execute(ZEROS);

      assertThat(
              rows(duckDb, ordered(duckDb, "SELECT f FROM t ORDER BY 1 DESC NULLS FIRST LIMIT 6")))
          .containsExactly("null", "NaN", "NaN", "-0.0", "-0.0", "0.0");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT k FROM t",
        "SELECT x FROM t ORDER BY k",
        "SELECT x FROM t ORDER BY t.k",
        "SELECT x FROM t ORDER BY x + 1",
        "SELECT x FROM t ORDER BY true DESC",
        "SELECT DISTINCT ON (k) x FROM t",
        "(SELECT x FROM t LIMIT 3)"
      })
  void whatCannotBeOrderedOutsideIsLeft(String query) throws SQLException {
    assertIsLeft(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH t AS (FROM t WHERE k = 1) SELECT x FROM t LIMIT (SELECT count(*) FROM t)",
        "WITH t AS (FROM t WHERE k = 1) SELECT x FROM t ORDER BY x OFFSET (SELECT sum(k) FROM t) - 1",
        "WITH RECURSIVE t(x) AS (SELECT 1e0 UNION ALL SELECT x + 1 FROM t WHERE x < 3)"
            + " SELECT x FROM t LIMIT (SELECT min(x)::INT FROM t)",
        "WITH t AS (FROM t WHERE k = 1) SELECT x FROM t LIMIT (SELECT count(*) FROM t) %",
        "WITH t AS (FROM t WHERE k = 1) SELECT x FROM t"
            + " LIMIT CASE WHEN EXISTS (FROM t WHERE k = 2) THEN 9 ELSE 1 END",
      })
  void aLimitThatAsksATableIsLeftWhereItsNamesAreKnown(String query) throws SQLException {
    assertIsLeft(query);
  }

  /** The name of a column of the result that is another column in the query's ORDER BY. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT s.x FROM (SELECT {'x': x} AS s, k AS x FROM t) ORDER BY x LIMIT 1",
        "SELECT o.s.x FROM (SELECT {'x': x} AS s, k AS x FROM t) o ORDER BY x LIMIT 1",
        "SELECT unnest(s) FROM (SELECT {'x': x} AS s, k AS x FROM t) ORDER BY x LIMIT 1",
        "SELECT t.x FROM t RIGHT JOIN (VALUES (7e0), (-9e0)) v(x) USING (x) ORDER BY x LIMIT 1",
        "SELECT t.* FROM t FULL JOIN (VALUES (7e0), (-9e0)) v(x) USING (x) ORDER BY x LIMIT 1",
        "SELECT t.x FROM t NATURAL RIGHT JOIN (VALUES (7e0), (-9e0)) v(x) ORDER BY x LIMIT 1",
      })
  void aNameThatMeansAnotherColumnInTheQueryIsLeft(String query) throws SQLException {
    assertIsLeft(query);
  }

  private static void assertIsLeft(String query) throws SQLException {
    try (DuckDb duckDb = DuckDb.forParsing()) {
      duckDb.execute(ZEROS);

      assertThat(KeptZeros.ordered(duckDb, query, columns(duckDb, query))).isEmpty();
    }
  }

  private static String ordered(DuckDb duckDb, String query) throws SQLException {
    return KeptZeros.ordered(duckDb, query, columns(duckDb, query)).orElseThrow();
  }

  /** The columns, those of a type that tables have not as texts. */
  private static List<Column> columns(DuckDb duckDb, String query) throws SQLException {
    try (PreparedStatement statement = duckDb.prepare(query)) {
      ResultSetMetaData told = statement.getMetaData();
      List<Column> columns = new ArrayList<>();
      for (int i = 1; i <= told.getColumnCount(); i++) {
        String type = told.getColumnTypeName(i);
        columns.add(
            ResultColumn.of(
                    i,
                    told.getColumnName(i),
                    type.equals("DOUBLE") || type.equals("FLOAT") ? type : "VARCHAR")
                .column());
      }
      return columns;
    }
  }

  private static List<String> rows(DuckDb duckDb, String query) throws SQLException {
    try (PreparedStatement statement = duckDb.prepare(query);
        ResultSet result = statement.executeQuery()) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(result.getObject(i)));
        }
        rows.add(String.join("|", cells));
      }
      return rows;
    }
  }
}
