// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class TextFormatTest {

  private static final TableSchema SCHEMA =
      Tables.schema(
          "day", ColumnType.Simple.DATE,
          "price, \"usd\"", ColumnType.Simple.FLOAT64,
          "at", new ColumnType.Timestamp(true),
          "local", new ColumnType.Timestamp(false),
          "d", new ColumnType.Decimal(10, 2),
          "t", ColumnType.Simple.TEXT,
          "b", ColumnType.Simple.BINARY,
          "ok", ColumnType.Simple.BOOLEAN);

  private static Batch rows() {
    return new BatchBuilder(SCHEMA)
        .appendRow(
            LocalDate.of(2017, 9, 5),
            100.0,
            Instant.parse("2017-09-05T00:00:00Z"),
            LocalDateTime.parse("2017-09-05T01:02:03.000004"),
            new BigDecimal("1.5"),
            "é, \"x\"\nü",
            new byte[] {0, -1},
            true)
        .appendRow(null, Double.NaN, null, null, null, "", null, null)
        .appendRow(null, 1e-5, null, null, null, null, null, false)
        .build();
  }

  @Test
  void csvIsQuotedAndTellsANullFromAnEmptyText() throws IOException {
    assertThat(text(TextFormat.CSV, rows()))
        .isEqualTo(
            "day,\"price, \"\"usd\"\"\",at,local,d,t,b,ok\n"
                + "2017-09-05,100.0,2017-09-05T00:00:00Z,2017-09-05T01:02:03.000004,1.50,"
                + "\"é, \"\"x\"\"\nü\",00ff,true\n"
                + ",NaN,,,,\"\",,\n"
                + ",1.0E-5,,,,,,false\n");
  }

  @Test
  void jsonHasALinePerRow() throws IOException {
    assertThat(text(TextFormat.JSON, rows()))
        .isEqualTo(
            "{\"day\":\"2017-09-05\",\"price, \\\"usd\\\"\":100.0,\"at\":\"2017-09-05T00:00:00Z\","
                + "\"local\":\"2017-09-05T01:02:03.000004\",\"d\":1.50,"
                + "\"t\":\"é, \\\"x\\\"\\nü\",\"b\":\"00ff\",\"ok\":true}\n"
                + "{\"day\":null,\"price, \\\"usd\\\"\":\"NaN\",\"at\":null,\"local\":null,\"d\":null,"
                + "\"t\":\"\",\"b\":null,\"ok\":null}\n"
                + "{\"day\":null,\"price, \\\"usd\\\"\":1.0E-5,\"at\":null,\"local\":null,\"d\":null,"
                + "\"t\":null,\"b\":null,\"ok\":false}\n");
  }

  @Test
  void everyLineOfJsonIsReadByAJsonReader() throws IOException {
    Batch batch = RandomTables.ofAllTypes(5, 300);
    int row = 0;
    for (String line : text(TextFormat.JSON, batch).lines().toList()) {
      JsonNode node = new ObjectMapper().readTree(line);
      assertThat(node.size()).isEqualTo(batch.schema().width());
      ColumnVector texts = batch.column(6);
      assertThat(node.get("c6").textValue()).isEqualTo(texts.valueAt(row++));
    }

    assertThat(row).isEqualTo(300);
  }

  @Test
  void aNullAloneInItsRowIsAnEmptyLineOnlyWhereThatTellsItFromTheEmptyText() throws IOException {
    Batch numbers =
        new BatchBuilder(Tables.schema("n", ColumnType.Simple.INT32))
            .appendRow((Object) null)
            .build();
    Batch texts =
        new BatchBuilder(Tables.schema("t", ColumnType.Simple.TEXT))
            .appendRow("")
            .appendRow((Object) null)
            .appendRow("a")
            .build();

    assertThat(text(TextFormat.CSV, numbers)).isEqualTo("n\n\"\"\n");
    assertThat(text(TextFormat.CSV, texts)).isEqualTo("t\n\"\"\n\na\n");
  }

  @Test
  void whatReadersWouldTrimSkipOrTakeForAMarkIsQuoted() throws IOException {
    Batch batch =
        new BatchBuilder(Tables.schema("\uFEFFt", ColumnType.Simple.TEXT))
            .appendRow(" a")
            .appendRow("a\t")
            .appendRow("# a")
            .appendRow("\uFEFFa")
            .appendRow("a\rb")
            .appendRow("\u0000")
            .appendRow("a b#c")
            .build();

    assertThat(text(TextFormat.CSV, batch))
        .isEqualTo(
            "\"\uFEFFt\"\n\" a\"\n\"a\t\"\n\"# a\"\n\"\uFEFFa\"\n\"a\rb\"\n\"\u0000\"\na b#c\n");
  }

  @Test
  void datesOfAnyYearAreReadBack() {
    for (int day :
        new int[] {2_932_897, -719_529, -719_163, 0, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      ColumnBuilder dates = ColumnBuilder.of(new Column("d", ColumnType.Simple.DATE, false, 1));
      dates.appendInt(day);
      String text = CellText.of(dates.build(), 0);
      assertThat(((LocalDate) CellText.parse(ColumnType.Simple.DATE, text)).toEpochDay())
          .as(text)
          .isEqualTo(day);
    }
    assertThat(LocalDate.ofEpochDay(2_932_897)).hasToString("+10000-01-01");
    assertThat(LocalDate.ofEpochDay(-719_529)).hasToString("-0001-12-31");
  }

  @Test
  void aTableIsWrittenWholeFromItsFile() throws IOException {
    Batch batch = RandomTables.ofAllTypes(6, 10_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TableReader reader =
        TableReader.open("t", RandomAccessSource.of(Tables.write(batch).bytes()))) {
      TextFormat.CSV.write(reader, out);
    }

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(text(TextFormat.CSV, batch));
  }

  @Test
  void aBatchOfAnotherSchemaIsRefused() throws IOException {
    TextWriter writer = TextFormat.CSV.writer(SCHEMA, new ByteArrayOutputStream());

    assertThatIllegalArgumentException().isThrownBy(() -> writer.write(RandomTables.batch(1)));
  }

  private static String text(TextFormat format, Batch batch) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TextWriter writer = format.writer(batch.schema(), out);
    writer.write(batch);
    writer.flush();
    return out.toString(StandardCharsets.UTF_8);
  }
}
