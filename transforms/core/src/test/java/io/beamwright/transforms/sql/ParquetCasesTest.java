// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parquet of other writers, as queries see it: the cases of docs/reading.md. */
class ParquetCasesTest {

  /** Files of other writers, which the module tables has. */
  private static final Path TESTING = Path.of("../tables/src/test/resources/parquet-testing");

  @TempDir Path folder;
  private int files;

  @Test
  void timestampsOfInt96AreRead() throws IOException {
    assertThat(rows("SELECT timestamp_col AS t FROM d WHERE id < 2", testing("alltypes_plain")))
        .containsExactly("2009-01-01 00:00:00.0", "2009-01-01 00:01:00.0");
  }

  @Test
  void thoseThatDuckDbWrapsAreRefused() {
    assertThatThrownBy(() -> rows("SELECT * FROM d", testing("int96_from_spark")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("file 0.parquet: column \"a\" has the INT96 timestamp +290")
        .hasMessageEndingWith(", which a query cannot read.");
  }

  @Test
  void aPageWithAWrongChecksumIsRefused() {
    assertThatThrownBy(() -> rows("SELECT * FROM d", testing("datapage_v1-corrupt-checksum")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("file 0.parquet")
        .hasMessageContaining("CRC checksum verification failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          1::INTEGER; 5000000000::BIGINT; BIGINT; 1|5000000000
          9007199254740992::BIGINT; 0.5::DOUBLE; DOUBLE; 0.5|9.007199254740992E15
          1.5::FLOAT; 0.1::DOUBLE; DOUBLE; 0.1|1.5
          1.50::DECIMAL(9,2); 0.1234::DECIMAL(9,4); DECIMAL(11,4); 0.1234|1.5000
          7::INTEGER; 0.25::DECIMAL(9,2); DECIMAL(12,2); 0.25|7.00
          """)
  void typesOfFilesAreWidened(String first, String second, String type, String expected)
      throws IOException {
    Path a = parquet(first + " AS x");
    Path b = parquet(second + " AS x");
    for (Path[] order : new Path[][] {{a, b}, {b, a}}) {
      assertThat(String.join("|", rows("SELECT x FROM d", order))).isEqualTo(expected);
      assertThat(rows("SELECT DISTINCT typeof(x) AS t FROM d", order)).containsExactly(type);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          9007199254740993::BIGINT; 0.5::DOUBLE
          DATE '2020-01-01'; TIMESTAMP '2020-01-01 00:00:00'
          TIMESTAMP '2020-01-01 00:00:00'; TIMESTAMPTZ '2020-01-01 00:00:00Z'
          'a'; 1
          1.5::DECIMAL(9,2); 0.5::DOUBLE
          """)
  void whatWouldLoseSomethingIsRefusedWithBothFiles(String first, String second) {
    Path a = parquet(first + " AS x");
    Path b = parquet(second + " AS x");

    assertThatThrownBy(() -> rows("SELECT x FROM d", a, b))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("0.parquet")
        .hasMessageContaining("1.parquet")
        .hasMessageContaining("\"x\"");
  }

  @Test
  void columnsAreMatchedByName() throws IOException {
    Path a = parquet("1 AS x, 'a' AS y");
    Path b = parquet("'b' AS y, 2 AS x");

    assertThat(rows("SELECT x, y FROM d", a, b)).containsExactly("1|a", "2|b");
    assertThat(rows("SELECT y FROM d WHERE x = 2", b, a)).containsExactly("b");
  }

  @Test
  void aMissingColumnIsRefused() {
    Path a = parquet("1 AS x, 'a' AS y");
    Path b = parquet("2 AS x");

    assertThatThrownBy(() -> rows("SELECT x FROM d", a, b))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("file 1.parquet has no column \"y\", which ")
        .hasMessageContaining("file 0.parquet has");
  }

  private Path testing(String name) throws IOException {
    return Files.copy(TESTING.resolve(name + ".parquet"), next());
  }

  private Path next() {
    return folder.resolve(files++ + ".parquet");
  }

  private Path parquet(String select) {
    Path file = next();
    OwnDuckDb.writeParquet(file, "SELECT " + select);
    return file;
  }

  private List<String> rows(String query, Path... inputs) throws IOException {
    Path output = Files.createTempDirectory(folder, "out");
    Path spill = Files.createTempDirectory(folder, "spill");
    try (SqlEngine engine =
        new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder)) {
      List<Path> list = new ArrayList<>(List.of(inputs));
      return OwnDuckDb.rowsOf(
          engine.run(SqlQuery.parse(query), OwnDuckDb.inputs(Map.of("d", list)), output));
    }
  }
}
