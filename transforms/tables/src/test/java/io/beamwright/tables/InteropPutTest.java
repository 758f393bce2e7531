// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of other writers is put and read, or refused by name with a reason: what becomes of
 * each stands in {@code interop.txt}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InteropPutTest {

  private static final String REFUSED = "refused: ";

  @TempDir Path folder;

  /**
   * A file and what becomes of it.
   *
   * @param put {@code table} and the number of rows, {@code bytes}, or {@code refused: } and why
   * @param rows {@code as DuckDB}, {@code as} and the name of a CSV, {@code alone} where DuckDB
   *     refuses what we read, {@code refused: } and why, or {@code -} where there is no table
   */
  record Expectation(String file, String put, String rows) {

    static Expectation of(String line) {
      String[] cells = line.split(" \\| ", 3);
      return new Expectation(cells[0], cells[1], cells[2]);
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Expectation> expectations() throws IOException {
    return Files.readAllLines(resource("interop.txt")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(Expectation::of);
  }

  @Test
  void everyFileHasAnExpectation() throws IOException {
    try (Stream<Path> parquet = Files.list(resource("parquet-testing"));
        Stream<Path> avro = Files.list(resource("avro"))) {
      assertThat(
              Stream.concat(parquet, avro)
                  .map(file -> file.getName(file.getNameCount() - 2) + "/" + file.getFileName())
                  .filter(name -> !name.endsWith(".md") && !name.endsWith(".csv")))
          .containsExactlyInAnyOrderElementsOf(expectations().map(Expectation::file).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("expectations")
  void aFileOfAnotherWriterIsPutAsWhatItIs(Expectation expected) throws Exception {
    Path file = resource(expected.file());
    try (StoredTables tables = new StoredTables()) {
      String outcome;
      try {
        FileEntry put = tables.put(file, Inspection.Rows.UNREAD).get(0);
        assertThat(tables.store().files().readAll(put.file())).isEqualTo(Files.readAllBytes(file));
        outcome = put.file().table().map(facts -> "table " + facts.rows()).orElse("bytes");
      } catch (UserFault e) {
        assertThat(tables.objects()).isEmpty();
        assertThat(e.remedy()).contains("--raw");
        outcome = refused(file, e);
      }
      assertThat(outcome).isEqualTo(expected.put());
    }
  }

  @ParameterizedTest
  @MethodSource("expectations")
  void itsRowsAreThoseThatOthersReadOrRefusedByName(Expectation expected) throws Exception {
    Path file = resource(expected.file());
    assertThat(rows(expected, file)).isEqualTo(expected.rows());
  }

  private String rows(Expectation expected, Path file) throws Exception {
    if (!expected.put().startsWith("table")) {
      return "-";
    }
    Batch rows;
    try {
      rows = Tables.read(TableReader.open(file));
    } catch (UserFault e) {
      return refused(file, e);
    }
    assertThat("table " + rows.rowCount()).isEqualTo(expected.put());
    if (expected.rows().endsWith(".csv")) {
      Path csv = resource("parquet-testing/" + expected.rows().substring("as ".length()));
      assertThat(difference(write(rows), csv(rows, csv))).isZero();
      return "as " + csv.getFileName();
    }
    try {
      long differing = difference(write(rows), "SELECT * FROM '" + file + "'");
      return differing == 0 ? "as DuckDB" : differing + " values other than DuckDB";
    } catch (SQLException e) {
      return "alone";
    }
  }

  @ParameterizedTest
  @MethodSource("expectations")
  void readingTheRowsWhenItIsPutFindsWhatReadingThemLaterWould(Expectation expected)
      throws Exception {
    Path file = resource(expected.file());
    try (StoredTables tables = new StoredTables()) {
      String outcome;
      try {
        FileEntry put = tables.put(file, Inspection.Rows.READ).get(0);
        outcome = put.file().table().flatMap(TableFacts::rowDigest).isPresent() ? "read" : "bytes";
      } catch (UserFault e) {
        assertThat(tables.objects()).isEmpty();
        outcome = refused(file, e);
      }
      String asPut = expected.put().startsWith("table") ? "read" : expected.put();
      assertThat(outcome).isEqualTo(expected.rows().startsWith(REFUSED) ? expected.rows() : asPut);
    }
  }

  private static String refused(Path file, UserFault e) {
    assertThat(e).hasMessageStartingWith(file + ": ");
    assertThat(e.getMessage()).doesNotContain("\n");
    return REFUSED + String.valueOf(e.getMessage()).substring(file.toString().length() + 2);
  }

  private Path write(Batch rows) throws IOException {
    return Files.write(folder.resolve("ours.parquet"), Tables.write(rows).bytes());
  }

  private static String csv(Batch rows, Path csv) {
    List<String> types =
        rows.schema().columns().stream()
            .map(
                column ->
                    switch (column.type().kind()) {
                      case INT32 -> "INTEGER";
                      case INT64 -> "BIGINT";
                      case TEXT -> "VARCHAR";
                      default -> throw new IllegalArgumentException(column.toString());
                    })
            .toList();
    String names =
        String.join(
            ", ",
            rows.schema().columns().stream()
                .map(
                    column ->
                        "'%s': '%s'"
                            .formatted(
                                column.name(), types.get(rows.schema().columns().indexOf(column))))
                .toList());
    return "SELECT * FROM read_csv('%s', header = true, quote = '\"', columns = {%s})"
        .formatted(csv, names);
  }

  private static long difference(Path ours, String theirs) throws SQLException {
    String sql =
        ("SELECT count(*) FROM ((FROM '%1$s' EXCEPT ALL (%2$s))"
                + " UNION ALL ((%2$s) EXCEPT ALL FROM '%1$s'))")
            .formatted(ours, theirs);
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static Path resource(String name) throws IOException {
    try {
      return Path.of(
          Objects.requireNonNull(InteropPutTest.class.getResource("/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
