// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.TableFacts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * DuckDB as the second opinion: on files that we write, and as the writer of files that we read.
 */
class DuckDbTest {

  @TempDir Path folder;

  private Connection duckDb;

  @BeforeEach
  void connect() throws SQLException {
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void disconnect() throws SQLException {
    duckDb.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyTypeSurvivesDuckDbReadingAndWritingIt(long seed) throws Exception {
    Batch batch = RandomTables.ofAllTypes(seed, 5_000);
    Path ours = write("ours.parquet", batch);
    Path theirs = folder.resolve("theirs.parquet");

    execute("COPY (SELECT * FROM '%s') TO '%s' (FORMAT parquet)".formatted(ours, theirs));

    Batch back = Tables.read(TableReader.open(theirs));
    assertThat(back.schema()).isEqualTo(batch.schema());
    for (int i = 0; i < batch.schema().width(); i++) {
      assertThat(values(back.column(i)))
          .as(batch.schema().column(i).toString())
          .isEqualTo(values(batch.column(i)));
    }
  }

  @Test
  void duckDbSeesTheSignOfAZero() throws Exception {
    BatchBuilder rows = new BatchBuilder(Tables.schema("d", ColumnType.Simple.FLOAT64));
    Path file = write("zero.parquet", rows.appendRow(0.0).appendRow(-0.0).build());

    assertThat(number("SELECT count(*) FROM '%s' WHERE signbit(d)".formatted(file))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncompressed", "snappy", "gzip", "zstd", "lz4_raw"})
  void whatDuckDbWritesIsReadWithEveryCodec(String codec) throws Exception {
    Path theirs = folder.resolve("theirs.parquet");
    execute(
        "COPY (SELECT i AS id, i::TINYINT AS small, (i * 7)::USMALLINT AS unsigned_small,"
            + " i::UINTEGER AS unsigned, i::UBIGINT + 18446744073709551000 AS huge,"
            + " CASE WHEN i % 5 = 0 THEN NULL ELSE i / 3 END AS third, i::FLOAT AS f,"
            + " 'text ' || (i % 7) AS t, (i::DECIMAL(7, 2) / 4)::DECIMAL(7, 2) AS d,"
            + " DATE '2017-09-05' + i::INTEGER AS day,"
            + " TIMESTAMP '2017-09-05 01:02:03.5' + INTERVAL (i) SECOND AS at,"
            + " (TIMESTAMP '2017-09-05 01:02:03' + INTERVAL (i) SECOND)::TIMESTAMP_MS AS at_ms,"
            + " (TIMESTAMP '2017-09-05 01:02:03' + INTERVAL (i) SECOND)::TIMESTAMP_NS AS at_ns,"
            + " i % 2 = 0 AS even, encode('b' || i) AS bytes FROM range(126) r(i))"
            + " TO '%s' (FORMAT parquet, CODEC '%s')".formatted(theirs, codec));

    Batch rows = Tables.read(TableReader.open(theirs));
    Path ours = write("ours.parquet", rows);

    assertThat(rows.schema().columns().stream().map(column -> column.type().text()))
        .containsExactly(
            "int64",
            "int32",
            "int32",
            "int64",
            "decimal(20,0)",
            "float64",
            "float32",
            "text",
            "decimal(7,2)",
            "date",
            "timestamp[us]",
            "timestamp[us]",
            "timestamp[us]",
            "boolean",
            "binary");
    assertThat(rows.rowCount()).isEqualTo(126);
    assertThat(number(difference(ours, theirs))).isZero();
  }

  @Test
  void duckDbAgreesWithOurFacts() throws Exception {
    Batch batch = RandomTables.ofAllTypes(4, 3_000);
    Path file = folder.resolve("t.parquet");
    TableFacts facts;
    try (TableWriter writer = TableWriter.create(file, batch.schema())) {
      writer.write(batch);
      facts = writer.finish();
    }

    assertThat(number("SELECT count(*) FROM '" + file + "'")).isEqualTo(facts.rows());
    for (int i = 0; i < batch.schema().width(); i++) {
      String name = batch.schema().column(i).name();
      TableFacts.ColumnFacts column = facts.columns().get(i);
      assertThat(number("SELECT count(*) - count(%s) FROM '%s'".formatted(name, file)))
          .isEqualTo(column.nulls().orElseThrow());
      switch (batch.schema().column(i).type().kind()) {
        case INT32, INT64, DATE, TEXT, BOOLEAN -> {
          assertThat(text("SELECT min(%s)::VARCHAR FROM '%s'".formatted(name, file)))
              .isEqualTo(column.min().orElseThrow());
          assertThat(text("SELECT max(%s)::VARCHAR FROM '%s'".formatted(name, file)))
              .isEqualTo(column.max().orElseThrow());
        }
        case DECIMAL -> {
          String max = text("SELECT max(%s)::VARCHAR FROM '%s'".formatted(name, file));
          assertThat(new BigDecimal(max)).isEqualTo(new BigDecimal(column.max().orElseThrow()));
        }
        case FLOAT32, FLOAT64 -> {
          assertThat(number("SELECT count(*) FROM '%s' WHERE isnan(%s)".formatted(file, name)))
              .isPositive();
          assertThat(column.min()).isEmpty();
        }
        case TIMESTAMP, BINARY -> assertThat(column.min()).isPresent();
      }
    }
  }

  @Test
  void boundsDoNotHideNanFromDuckDb() throws Exception {
    BatchBuilder rows = new BatchBuilder(Tables.schema("d", ColumnType.Simple.FLOAT64));
    Path file = write("nan.parquet", rows.appendRow(1.0).appendRow(Double.NaN).build());

    assertThat(number("SELECT count(*) FROM '%s' WHERE d > 5".formatted(file))).isEqualTo(1);
    assertThat(number("SELECT count(*) FROM '%s' WHERE isnan(d)".formatted(file))).isEqualTo(1);
    assertThat(TableInspector.inspect(file).columns().get(0).max()).isEmpty();
  }

  @Test
  void aTimestampFinerThanAMicrosecondIsRefusedByNameOfFileAndColumn() throws Exception {
    Path file = folder.resolve("fine.parquet");
    execute(
        "COPY (SELECT 1 AS id, TIMESTAMP_NS '2020-01-01 00:00:00.000000001' AS at) TO '%s'"
            .formatted(file));

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> Tables.read(TableReader.open(file)))
        .withMessage(
            file
                + ": column \"at\": the timestamp of 1577836800000000001 ns since 1970 is finer than a"
                + " microsecond.");
  }

  @Test
  void aTypeThatTablesDoNotHaveIsRefusedByNameOfFileAndColumn() throws Exception {
    Path file = folder.resolve("time.parquet");
    execute("COPY (SELECT TIME '01:02:03' AS at) TO '%s' (FORMAT parquet)".formatted(file));

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> TableReader.open(file))
        .withMessageStartingWith(
            file + ": column \"at\" has the Parquet type \"optional int64 at (TIME(");
  }

  @Test
  void fieldIdsAreInTheFile() throws Exception {
    TableSchema schema =
        new TableSchema(
            List.of(
                new Column("a", ColumnType.Simple.INT32, false, 42),
                new Column("b", ColumnType.Simple.TEXT, true, 7)));
    Path file = write("ids.parquet", new BatchBuilder(schema).appendRow(1, "x").build());

    assertThat(number(fieldId(file, "a"))).isEqualTo(42);
    assertThat(number(fieldId(file, "b"))).isEqualTo(7);
    assertThat(TableReader.open(file).schema()).isEqualTo(schema);
  }

  private static List<String> values(ColumnVector column) {
    return IntStream.range(0, column.size())
        .mapToObj(row -> column.isNull(row) ? "null" : CellText.of(column, row))
        // DuckDB's writer keeps one zero in its dictionary.
        .map(text -> text.equals("-0.0") ? "0.0" : text)
        .toList();
  }

  private static String fieldId(Path file, String column) {
    return "SELECT field_id FROM parquet_schema('%s') WHERE name = '%s'".formatted(file, column);
  }

  private static String difference(Path left, Path right) {
    return "SELECT count(*) FROM ((FROM '%1$s' EXCEPT ALL FROM '%2$s') UNION ALL (FROM '%2$s' EXCEPT ALL FROM '%1$s'))"
        .formatted(left, right);
  }

  private Path write(String name, Batch batch) throws IOException {
    return Files.write(folder.resolve(name), Tables.write(batch).bytes());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  private String text(String sql) throws SQLException {
    try (Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
