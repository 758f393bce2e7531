// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommonSchemaTest {

  private static final long BEYOND = (1L << 53) + 1;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int64          | int64          | int64",
        "int32          | int64          | int64",
        "int32          | float32        | float64",
        "int32          | float64        | float64",
        "int64          | float64        | float64",
        "int64          | float32        | float64",
        "float32        | float64        | float64",
        "int32          | decimal(9,2)   | decimal(12,2)",
        "int64          | decimal(9,2)   | decimal(21,2)",
        "int64          | decimal(38,20) | decimal(38,20)",
        "decimal(9,2)   | decimal(10,2)  | decimal(10,2)",
        "decimal(9,2)   | decimal(9,4)   | decimal(11,4)",
        "decimal(38,0)  | decimal(10,10) | decimal(38,10)",
        "text           | int64          | -",
        "text           | binary         | -",
        "text           | date           | -",
        "boolean        | int32          | -",
        "date           | timestamp[us]  | -",
        "timestamp[us]  | timestamp[us,UTC] | -",
        "decimal(9,2)   | float64        | -",
        "decimal(9,2)   | float32        | -",
        "date           | int32          | -"
      })
  void typesMeetInOneThatHoldsBothOrNot(String one, String other, String common)
      throws IOException {
    TableFile left = file("a", table(Tables.schema("x", ColumnType.parse(one))));
    TableFile right = file("b", table(Tables.schema("x", ColumnType.parse(other))));

    if (!common.equals("-")) {
      assertThat(typeOfX(left, right)).isEqualTo(common);
      assertThat(typeOfX(right, left)).isEqualTo(common);
      return;
    }
    for (List<TableFile> files : List.of(List.of(left, right), List.of(right, left))) {
      assertThatExceptionOfType(UserFault.class)
          .isThrownBy(() -> CommonSchema.of(files))
          .withMessage(
              "Column \"x\" is %s in a and %s in b, and they are files of one table."
                  .formatted(one, other))
          .satisfies(fault -> assertThat(fault.remedy()).contains("Cast", "glob"));
    }
  }

  @Test
  void aColumnThatIsNullableAnywhereIsNullableAndTheFirstFileSaysTheOrder() throws IOException {
    TableSchema a =
        new TableSchema(
            List.of(
                new Column("x", ColumnType.Simple.INT32, false, 7),
                new Column("y", ColumnType.Simple.TEXT, false, 8)));
    TableSchema b =
        new TableSchema(
            List.of(
                new Column("y", ColumnType.Simple.TEXT, true, 1),
                new Column("x", ColumnType.Simple.INT64, false, 2)));

    TableSchema common = schema(file("b", table(b)), file("a", table(a)));

    assertThat(common)
        .isEqualTo(
            new TableSchema(
                List.of(
                    new Column("x", ColumnType.Simple.INT64, false, 7),
                    new Column("y", ColumnType.Simple.TEXT, true, 8))));
  }

  @Test
  void aMissingColumnIsNamedWithBothFiles() throws IOException {
    TableFile both =
        file("a", table(Tables.schema("x", ColumnType.Simple.INT64, "y", ColumnType.Simple.TEXT)));
    TableFile one = file("b", table(Tables.schema("x", ColumnType.Simple.INT64)));
    TableFile upper = file("0", table(Tables.schema("X", ColumnType.Simple.INT64)));

    assertFault("b has no column \"y\", which a has, and they are files of one table.", both, one);
    assertFault("b has no column \"y\", which a has, and they are files of one table.", one, both);
    assertFault("b has no column \"X\", which 0 has, and they are files of one table.", one, upper);
  }

  @Test
  void aThirdFileIsNamedWithTheFirstThatItDoesNotFit() throws IOException {
    assertFault(
        "Column \"x\" is float64 in b and decimal(9,2) in c, and they are files of one table.",
        file("c", table(Tables.schema("x", new ColumnType.Decimal(9, 2)))),
        file("a", table(Tables.schema("x", ColumnType.Simple.INT32))),
        file("b", table(Tables.schema("x", ColumnType.Simple.FLOAT64))));
  }

  @Test
  void theAnswerIsTheSameInWhateverOrderFilesAreGiven() throws IOException {
    List<TableFile> files = new ArrayList<>();
    for (String type :
        List.of("decimal(9,2)", "int64", "decimal(30,4)", "int32", "decimal(12,12)")) {
      Object[] x = {"x", ColumnType.parse(type)};
      Object[] y = {"y", ColumnType.Simple.TEXT};
      boolean turned = files.size() == 3;
      files.add(
          file(
              "f" + files.size(),
              table(
                  turned
                      ? Tables.schema(y[0], y[1], x[0], x[1])
                      : Tables.schema(x[0], x[1], y[0], y[1]))));
    }
    TableSchema expected = CommonSchema.of(files).schema();
    assertThat(expected.column(0).type().text()).isEqualTo("decimal(38,12)");

    for (int turn = 0; turn < files.size(); turn++) {
      Collections.rotate(files, 1);
      assertThat(CommonSchema.of(files).schema()).isEqualTo(expected);
      List<TableFile> reversed = new ArrayList<>(files);
      Collections.reverse(reversed);
      assertThat(CommonSchema.of(reversed).schema()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1L << 53, -(1L << 53), (1L << 53) + 2, 1L << 62, Long.MIN_VALUE, 1L << 60})
  void integersThatAreExactAsDoublesAreDoubles(long value) throws IOException {
    TableFile integers = file("a", longs(1, value));
    TableFile doubles = file("b", doubles(0.5));
    CommonSchema common = CommonSchema.of(List.of(doubles, integers));

    assertThat(common.schema().column(0).type()).isEqualTo(ColumnType.Simple.FLOAT64);
    Batch read = Tables.read(common.open(1));
    assertThat(new BigDecimal(read.column(0).doubleAt(1))).isEqualByComparingTo(value + "");
    assertThat(Tables.read(common.open(0)).column(0).doubleAt(0)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(longs = {BEYOND, -BEYOND, Long.MAX_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1})
  void anIntegerThatIsNoDoubleIsRefusedWithItsValueAndBothFiles(long value) throws IOException {
    TableFile integers = file("b", longs(1, value));
    TableFile doubles = file("a", doubles(0.5));
    String message =
        "b: column \"x\": %d is not exact as float64. Column \"x\" is int64 in b and float64 in a,"
            + " and they are files of one table.";

    assertFault(message.formatted(value), integers, doubles);
    assertFault(message.formatted(value), doubles, integers);
  }

  @Test
  void ourOwnFooterProvesItAndNoRowIsRead() throws IOException {
    byte[] table = longs(-5, 1L << 53);
    int footer =
        table.length
            - 8
            - ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).getInt(table.length - 8);
    AtomicLong read = new AtomicLong();
    TableFile counted =
        new TableFile(
            "a",
            TableInspector.inspect("a", RandomAccessSource.of(table)),
            new RandomAccessSource() {
              @Override
              public long size() {
                return table.length;
              }

              @Override
              public byte[] read(long offset, int length) {
                assertThat(offset)
                    .as("the rows lie before the footer")
                    .isGreaterThanOrEqualTo((long) footer);
                read.addAndGet(length);
                return Arrays.copyOfRange(table, (int) offset, (int) offset + length);
              }
            });

    assertThat(typeOfX(counted, file("b", doubles(0.5)))).isEqualTo("float64");
    assertThat(read).hasPositiveValue();
  }

  @Test
  void aFooterOfAnotherWriterProvesNothing() throws Exception {
    Path foreign = duckDb("SELECT 9007199254740993::BIGINT AS x UNION ALL SELECT 3");
    byte[] lying = withBoundsOf(Files.readAllBytes(foreign), 1, 3);
    TableFile doubles = file("b", doubles(0.5));

    assertThat(file("a", lying).facts().columns().get(0).max()).contains("3");
    assertFault(
        "a: column \"x\": 9007199254740993 is not exact as float64. Column \"x\" is int64 in a and"
            + " float64 in b, and they are files of one table.",
        file("a", lying),
        doubles);
    assertThat(
            typeOfX(
                file("a", Files.readAllBytes(duckDb("SELECT 4611686018427387904::BIGINT AS x"))),
                doubles))
        .isEqualTo("float64");
  }

  @Test
  void aColumnOfNullsFitsAnything() throws IOException {
    Batch nulls =
        new BatchBuilder(Tables.schema("x", ColumnType.Simple.INT64))
            .appendRow((Object) null)
            .build();

    assertThat(typeOfX(file("a", Tables.write(nulls).bytes()), file("b", doubles(Double.NaN))))
        .isEqualTo("float64");
  }

  @Test
  void aDecimalThatHasTooManyDigitsForTheCommonScaleIsRefused() throws IOException {
    BigDecimal large = new BigDecimal(BigInteger.TEN.pow(28));
    TableFile wide = file("a", decimals(38, 0, large));
    TableFile fits = file("a", decimals(38, 0, large.subtract(BigDecimal.ONE)));
    TableFile scaled = file("b", decimals(10, 10, new BigDecimal("0.1")));

    assertFault(
        "a: column \"x\": 10000000000000000000000000000 does not fit decimal(38,10). Column \"x\""
            + " is decimal(38,0) in a and decimal(10,10) in b, and they are files of one table.",
        wide,
        scaled);
    assertThat(typeOfX(fits, scaled)).isEqualTo("decimal(38,10)");
  }

  @Test
  void widenedRowsHaveTheDigestOfRowsWrittenInTheCommonSchema() throws IOException {
    TableSchema narrow =
        Tables.schema(
            "t", ColumnType.Simple.TEXT,
            "i", ColumnType.Simple.INT32,
            "f", ColumnType.Simple.FLOAT32,
            "d", new ColumnType.Decimal(5, 2));
    TableSchema wide =
        Tables.schema(
            "d", new ColumnType.Decimal(20, 3),
            "t", ColumnType.Simple.TEXT,
            "i", ColumnType.Simple.INT64,
            "f", ColumnType.Simple.FLOAT64);
    Batch rows =
        new BatchBuilder(narrow)
            .appendRow("a", Integer.MIN_VALUE, -0f, new BigDecimal("-999.99"))
            .appendRow(null, null, null, null)
            .appendRow("", 7, Float.NaN, new BigDecimal("0.10"))
            .build();
    Batch same =
        new BatchBuilder(wide)
            .appendRow(new BigDecimal("-999.990"), "a", (long) Integer.MIN_VALUE, -0d)
            .appendRow(null, null, null, null)
            .appendRow(new BigDecimal("0.100"), "", 7L, Double.NaN)
            .build();
    CommonSchema common =
        CommonSchema.of(List.of(file("0", table(wide)), file("1", Tables.write(rows).bytes())));

    Batch read = Tables.read(common.open(1));

    assertThat(read).isEqualTo(same);
    assertThat(RowDigest.of(read)).isEqualTo(RowDigest.of(same));
    assertThat(common.casts(1))
        .containsExactly(
            new CommonSchema.Cast("d", new ColumnType.Decimal(5, 2), new ColumnType.Decimal(20, 3)),
            new CommonSchema.Cast("t", ColumnType.Simple.TEXT, ColumnType.Simple.TEXT),
            new CommonSchema.Cast("i", ColumnType.Simple.INT32, ColumnType.Simple.INT64),
            new CommonSchema.Cast("f", ColumnType.Simple.FLOAT32, ColumnType.Simple.FLOAT64));
  }

  @Test
  void aFileAloneIsReadAsItIs() throws IOException {
    Batch rows = RandomTables.ofAllTypes(11, 300);
    byte[] table = Tables.write(rows).bytes();
    CommonSchema alone = CommonSchema.of(List.of(file("a", table)));
    CommonSchema beside =
        CommonSchema.of(List.of(file("a", table), file("b", table(rows.schema()))));

    assertThat(alone.schema()).isEqualTo(rows.schema()).isEqualTo(beside.schema());
    assertThat(alone.casts(0)).noneMatch(CommonSchema.Cast::changesType);
    assertThat(Tables.read(alone.open(0))).isEqualTo(rows);
    assertThat(Tables.read(beside.open(0))).isEqualTo(rows);
  }

  @Test
  void aFileThatBecameAnotherIsRefusedWhenItIsRead() throws IOException {
    TableSchema planned = Tables.schema("x", ColumnType.Simple.INT64);

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> TableReader.openAs(planned, "a", RandomAccessSource.of(doubles(1.0))))
        .withMessageContaining("a: column \"x\" is float64 with nulls, which cannot be read as");
  }

  private void assertFault(String message, TableFile... files) {
    UserFault fault =
        catchThrowableOfType(UserFault.class, () -> CommonSchema.of(Arrays.asList(files)));
    assertThat(fault).hasMessage(message);
    assertThat(fault.remedy()).contains("narrower glob");
  }

  private static String typeOfX(TableFile... files) throws IOException {
    TableSchema schema = schema(files);
    return schema.column(schema.indexOf("x").orElseThrow()).type().text();
  }

  private static TableSchema schema(TableFile... files) throws IOException {
    return CommonSchema.of(Arrays.asList(files)).schema();
  }

  private static TableFile file(String name, byte[] table) throws IOException {
    return TableFile.inspect(name, RandomAccessSource.of(table));
  }

  private static byte[] table(TableSchema schema) throws IOException {
    return Tables.write(new BatchBuilder(schema).build()).bytes();
  }

  private static byte[] longs(long... values) throws IOException {
    BatchBuilder rows = new BatchBuilder(Tables.schema("x", ColumnType.Simple.INT64));
    Arrays.stream(values).forEach(value -> rows.appendRow(value));
    return Tables.write(rows.build()).bytes();
  }

  private static byte[] doubles(double value) throws IOException {
    return Tables.write(
            new BatchBuilder(Tables.schema("x", ColumnType.Simple.FLOAT64))
                .appendRow(value)
                .build())
        .bytes();
  }

  private static byte[] decimals(int precision, int scale, BigDecimal value) throws IOException {
    return Tables.write(
            new BatchBuilder(Tables.schema("x", new ColumnType.Decimal(precision, scale)))
                .appendRow(value)
                .build())
        .bytes();
  }

  private Path duckDb(String query) throws SQLException {
    Path file = folder.resolve("foreign.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
    }
    return file;
  }

  /** The file with other bounds of its only column: some writers write wrong ones. */
  private static byte[] withBoundsOf(byte[] file, long min, long max) throws IOException {
    ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = end.getInt(file.length - 8);
    int start = file.length - 8 - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, start, length));
    Statistics statistics =
        Objects.requireNonNull(footer.getRow_groups().get(0).getColumns().get(0).getMeta_data())
            .getStatistics();
    statistics.setMin_value(littleEndian(min)).setMax_value(littleEndian(max));
    statistics.setMin(littleEndian(min)).setMax(littleEndian(max));
    ByteArrayOutputStream lying = new ByteArrayOutputStream();
    lying.write(file, 0, start);
    Util.writeFileMetaData(footer, lying);
    byte[] size = new byte[4];
    ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).putInt(lying.size() - start);
    lying.write(size);
    lying.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    return lying.toByteArray();
  }

  private static byte[] littleEndian(long value) {
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return bytes;
  }
}
