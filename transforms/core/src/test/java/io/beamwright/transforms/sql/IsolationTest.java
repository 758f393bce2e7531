// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A query gets out of its datum's files neither past the rules nor, without them, past DuckDB. */
class IsolationTest {

  @TempDir Path folder;
  private Path inside;
  private Path input;

  @BeforeEach
  void makeFiles() throws IOException {
    inside = Files.createDirectory(folder.resolve("datum"));
    input = Files.writeString(inside.resolve("a.csv"), "a\n1\n");
    Files.writeString(
        Files.createDirectory(folder.resolve("datum2")).resolve("a.csv"), "a\nneighbour\n");
    Files.writeString(folder.resolve("secret.csv"), "a\nsecret\n");
    OwnDuckDb.execute(
        "ATTACH '" + folder.resolve("other.db") + "' AS o", "CREATE TABLE o.t AS SELECT 1 AS a");
  }

  private String resolved(String text) {
    return text.replace("$IN", inside.toString()).replace("$OUT", folder.toString());
  }

  private SqlEngine engine() {
    return new SqlEngine(
        new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, folder.resolve("spill")), inside);
  }

  private DuckDb session() throws SQLException {
    DuckDb duckDb =
        DuckDb.forReading(
                inside, new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, folder.resolve("spill")), 1)
            .get(0);
    InputTable.of("t", InputFiles.of(List.of(input))).create(duckDb);
    return duckDb;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM '$OUT/secret.csv'",
        "SELECT * FROM '$IN/../secret.csv'",
        "SELECT * FROM '$IN2/a.csv'",
        "SELECT * FROM '$IN*/*.csv'",
        "SELECT * FROM '$IN/../*/a.csv'",
        "SELECT * FROM 'a.csv'",
        "SELECT * FROM '../secret.csv'",
        "SELECT * FROM read_csv('$OUT/secret.csv')",
        "SELECT * FROM read_csv(['$IN/a.csv', '$OUT/secret.csv'])",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/proc/self/environ')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM query('FROM ''$OUT/secret.csv''')",
        "SELECT * FROM 'https://example.com/a.parquet'",
        "SELECT * FROM 's3://bucket/a.parquet'",
        "WITH \"$OUT/secret.csv\" AS (FROM \"$OUT/secret.csv\") FROM \"$OUT/secret.csv\"",
        "COPY t TO '$OUT/copy.csv'",
        "COPY (SELECT 1) TO '$IN2/copy.parquet' (FORMAT parquet)",
        "ATTACH '$OUT/other.db' AS o",
        "ATTACH '$OUT/new.db' AS n",
        "EXPORT DATABASE '$OUT/export'",
        "IMPORT DATABASE '$OUT/export'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '$OUT/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['$OUT/secret.csv']",
        "SET allowed_directories = ['$OUT']",
        "SET temp_directory = '$OUT'",
        "SET threads = 2",
        "SET TimeZone = 'Asia/Tokyo'",
        "RESET lock_configuration"
      })
  void neitherTheRulesNorTheSessionLetsAQueryOut(String template) throws SQLException {
    String text = resolved(template);

    try (SqlEngine engine = engine()) {
      assertThatThrownBy(
              () ->
                  engine.run(
                      SqlQuery.parse(text), OwnDuckDb.inputs(Map.of("t", List.of(input))), inside))
          .isInstanceOf(UserFault.class);
    }
    try (DuckDb duckDb = session()) {
      assertThatThrownBy(() -> duckDb.execute(text)).isInstanceOf(SQLException.class);
    }
    assertThat(folder.resolve("copy.csv")).doesNotExist();
    assertThat(folder.resolve("datum2/copy.parquet")).doesNotExist();
    assertThat(folder.resolve("new.db")).doesNotExist();
    assertThat(folder.resolve("export")).doesNotExist();
    assertThat(input).hasContent("a\n1");
  }

  @Test
  void theDatumsOwnFilesAreRead() throws SQLException {
    try (DuckDb duckDb = session();
        PreparedStatement statement = duckDb.prepare("SELECT a FROM t");
        ResultSet result = statement.executeQuery()) {
      assertThat(result.next()).isTrue();
      assertThat(result.getLong(1)).isEqualTo(1);
    }
  }

  @Test
  void theFileThatARowComesFromCannotBeSeen() throws IOException {
    Path parquet = inside.resolve("p.parquet");
    OwnDuckDb.writeParquet(parquet, "SELECT 1 AS a");
    for (Path file : List.of(input, parquet)) {
      for (String column : List.of("filename", "file_row_number", "file_index", "t.filename")) {
        SqlQuery query = SqlQuery.parse("SELECT " + column + " AS x FROM t");
        try (SqlEngine engine = engine()) {
          assertThatThrownBy(
                  () -> engine.run(query, OwnDuckDb.inputs(Map.of("t", List.of(file))), inside))
              .isInstanceOf(UserFault.class);
        }
      }
    }
  }

  @Test
  void whatIsNeededIsLinkedIntoTheEngine() {
    assertThat(
            OwnDuckDb.rows(
                "SELECT extension_name FROM duckdb_extensions() WHERE loaded"
                    + " AND install_mode = 'STATICALLY_LINKED'"))
        .contains("core_functions", "icu", "json", "parquet");
  }
}
