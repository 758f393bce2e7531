// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet of other writers, of which DuckDB by itself would give other values, or lose rows. */
class ForeignParquetTest {

  @TempDir static Path folder;
  private static SqlEngine engine;
  private static int made;

  @BeforeAll
  static void open() throws IOException {
    Path spill = Files.createDirectory(folder.resolve("spill"));
    engine = new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder);
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  private static Path parquet(String select) {
    made++;
    Path file = folder.resolve("f" + made + ".parquet");
    OwnDuckDb.writeParquet(file, select);
    return file;
  }

  /** The file with another footer. */
  private static Path edited(Path file, Consumer<FileMetaData> edit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer end = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = end.getInt(bytes.length - 8);
    int start = bytes.length - 8 - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, length));
    edit.accept(footer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, start);
    Util.writeFileMetaData(footer, out);
    byte[] size = new byte[4];
    ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start);
    out.write(size);
    out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    return Files.write(file, out.toByteArray());
  }

  /** The column {@code x}, the first one. */
  private static SchemaElement x(FileMetaData footer) {
    return footer.getSchema().get(1);
  }

  private static List<String> rows(String query, Path... files) throws IOException {
    made++;
    Path output = Files.createDirectory(folder.resolve("out" + made));
    return OwnDuckDb.rowsOf(
        engine.run(
            SqlQuery.parse(query), OwnDuckDb.inputs(Map.of("d", Arrays.asList(files))), output));
  }

  private static Path nanoseconds(String... times) throws IOException {
    return parquet(
        "SELECT unnest([%s]) AS x"
            .formatted(
                String.join(
                    ", ", Arrays.stream(times).map("TIMESTAMP_NS '%s'"::formatted).toList())));
  }

  private static Path withZone(Path file) throws IOException {
    return edited(
        file, footer -> x(footer).getLogicalType().getTIMESTAMP().setIsAdjustedToUTC(true));
  }

  @Test
  void timestampsWithAZoneThatAreFinerThanAMicrosecondAreRefused() throws IOException {
    Path fine =
        withZone(nanoseconds("2020-01-01 00:00:00.000000001", "2020-01-01 00:00:00.000000002"));
    Path exact = withZone(nanoseconds("2020-01-01 00:00:00.000001", "2020-01-01 00:00:00.000002"));

    assertThat(OwnDuckDb.rows("SELECT count(DISTINCT x) FROM '" + fine + "'"))
        .as("what makes this necessary")
        .containsExactly("1");
    assertThatThrownBy(() -> rows("SELECT count(DISTINCT x) AS n FROM d", fine))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("finer than a microsecond");
    assertThat(rows("SELECT count(DISTINCT x) AS n, max(x)::VARCHAR AS m FROM d", exact))
        .containsExactly("2|2020-01-01 00:00:00.000002+00");
    Path beside =
        withZone(parquet("SELECT TIMESTAMP_NS '2020-01-01 00:00:00.000001' AS x, [1, 2] AS list"));
    assertThat(rows("SELECT list[2] AS n FROM d", beside))
        .as("a column that tables do not have is in nobody's way")
        .containsExactly("2");
  }

  @Test
  void timestampsOfSeveralUnitsAreTheSameInAnyOrder() throws IOException {
    Path micros = parquet("SELECT TIMESTAMP '2020-01-01 00:00:00.000001' AS x");
    Path exact = nanoseconds("2020-01-01 00:00:00.000002");
    Path fine = nanoseconds("2020-01-01 00:00:00.000001001");

    for (Path[] order : new Path[][] {{micros, exact}, {exact, micros}}) {
      assertThat(rows("SELECT count(DISTINCT x) AS n FROM d", order)).containsExactly("2");
    }
    for (Path[] order : new Path[][] {{micros, fine}, {fine, micros}}) {
      assertThatThrownBy(() -> rows("SELECT count(DISTINCT x) AS n FROM d", order))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("finer than a microsecond");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1::TINYINT, 1000::INTEGER, 1, 1000",
    "200::UTINYINT, -5::INTEGER, 200, -5",
    "1::SMALLINT, 100000::INTEGER, 1, 100000",
    "4000000000::UINTEGER, -5::BIGINT, 4000000000, -5",
    "$$a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11$$::UUID, $$A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12$$,"
        + " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12",
  })
  void filesOfTypesThatAreOneHereAreReadEachByItsOwn(
      String one, String other, String first, String second) throws IOException {
    Path a = parquet("SELECT " + one + " AS x, [1] AS list");
    Path b = parquet("SELECT " + other + " AS x, [2] AS list");

    assertThat(rows("SELECT x FROM d", a, b)).containsExactlyInAnyOrder(first, second);
    assertThat(rows("SELECT x FROM d", b, a)).containsExactlyInAnyOrder(first, second);
    assertThat(rows("SELECT list[1] AS x FROM d ORDER BY 1", b, a)).containsExactly("1", "2");
  }

  @Test
  void noMoreDoThoseOfUnsignedIntegers() throws IOException {
    Path file =
        edited(
            parquet("SELECT unnest([1::UINTEGER, 3000000000::UINTEGER]) AS x"),
            footer -> {
              Statistics bounds =
                  footer.getRow_groups().get(0).getColumns().get(0).getMeta_data().getStatistics();
              bounds.unsetMin_value();
              bounds.unsetMax_value();
              bounds.setMin(
                  ByteBuffer.allocate(4)
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .putInt((int) 3_000_000_000L)
                      .array());
              bounds.setMax(
                  ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(1).array());
            });

    for (long value : new long[] {1, 3_000_000_000L}) {
      assertThat(rows("SELECT count(*) AS n FROM d WHERE x = " + value, file)).containsExactly("1");
    }
  }

  @Test
  void decimalsOfMoreDigitsThanDuckDbHasAreRefused() throws IOException {
    DecimalType fifty = new DecimalType(0, 50);
    Path file =
        edited(
            parquet("SELECT unnest(['\\x20\\x00\\x00\\x00\\x00\\x00\\x01'::BLOB]) AS x"),
            footer -> {
              x(footer).setLogicalType(LogicalType.DECIMAL(fifty));
              x(footer).setConverted_type(ConvertedType.DECIMAL).setPrecision(50).setScale(0);
            });

    assertThatThrownBy(() -> rows("SELECT * FROM d", file))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("column \"x\" has decimals of 50 digits, and 38 are the most");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x = 'a'", "x < 'b'", "x > 'z'", "x = 'é'", "x IN ('a', 'q')"})
  void boundsOfSignedBytesAnswerNothing(String condition) throws IOException {
    Path file =
        edited(
            parquet("SELECT unnest(['a', 'm', 'é']) AS x"),
            footer -> {
              Statistics bounds =
                  footer.getRow_groups().get(0).getColumns().get(0).getMeta_data().getStatistics();
              bounds.unsetMin_value();
              bounds.unsetMax_value();
              bounds.setMin("é".getBytes(StandardCharsets.UTF_8));
              bounds.setMax("m".getBytes(StandardCharsets.UTF_8));
            });

    assertThat(OwnDuckDb.rows("SELECT count(*) FROM '" + file + "' WHERE " + condition))
        .as("what makes this necessary")
        .containsExactly("0");
    assertThat(rows("SELECT count(*) AS n FROM d WHERE " + condition, file)).containsExactly("1");
  }
}
