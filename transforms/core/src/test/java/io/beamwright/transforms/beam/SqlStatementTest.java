// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlStatementTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "  -- why\n(select `a;` FROM t)",
        "/* ; */ WITH a AS (SELECT ';''' AS c) SELECT * FROM a",
        "VALUES (1)",
        "SELECT 'insert' AS c FROM t -- ;",
      })
  void oneQueryHasNoProblem(String query) {
    assertThat(SqlStatement.problem(query)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      textBlock =
          """
          INSERT INTO t VALUES (1) | begins with INSERT, not SELECT.
          set x = 1 | begins with set, not SELECT.
          (DELETE FROM t) | begins with DELETE, not SELECT.
          SELECT 1; SELECT 2 | has a ; at line 1, column 9, and a query is one without it.
          SELECT 'a FROM t | has a ' at line 1, column 8 that is never closed.
          -- nothing | begins with nothing, not SELECT.
          """)
  void whatIsNoQueryIsNamed(String query, String problem) {
    assertThat(SqlStatement.problem(query)).contains(problem);
  }

  @Test
  void aPlaceIsOfItsLine() {
    assertThat(SqlStatement.problem("SELECT 1\n ;"))
        .contains("has a ; at line 2, column 2, and a query is one without it.");
    assertThat(SqlStatement.problem("SELECT '\ud83d'")).contains("has half of a surrogate pair.");
    assertThat(SqlStatement.problem(" ")).contains("is empty.");
  }
}
