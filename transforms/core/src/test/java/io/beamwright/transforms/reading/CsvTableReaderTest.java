// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.tables.Batch;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTableReaderTest {

  private static TableFormat config(String json) {
    try {
      return TableFormat.of(
          (ObjectNode)
              CanonicalJson.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
          "ReadFromCsv");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<String> read(String config, byte[] file) throws IOException, TextProblem {
    List<String> rows = new ArrayList<>();
    new CsvTableReader(config(config))
        .read(
            new ByteArrayInputStream(file),
            TextKind.CSV,
            batch -> {
              for (int row = 0; row < batch.rowCount(); row++) {
                rows.add(shown(batch, row));
              }
            });
    return rows;
  }

  private static String shown(Batch batch, int row) {
    List<String> cells = new ArrayList<>();
    batch.columns().forEach(column -> cells.add(String.valueOf(column.valueAt(row))));
    return String.join("|", cells);
  }

  private static List<String> read(String config, String file) throws IOException, TextProblem {
    return read(config, file.getBytes(StandardCharsets.UTF_8));
  }

  private static final String TWO_TEXTS =
      "{'columns': [{'name': 'a', 'type': 'text'}, {'name': 'b', 'type': 'text'}]}";

  @Test
  void quotedCellsHoldDelimitersQuotesAndLineBreaks() throws Exception {
    assertThat(read(TWO_TEXTS, "a,b\r\n\"x,\"\"y\"\"\",\"1\r\n2\"\r\nu,v"))
        .containsExactly("x,\"y\"|1\r\n2", "u|v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void linesEndInEachOfThreeWays(String end) throws Exception {
    assertThat(read(TWO_TEXTS, "a,b" + end + "1,2" + end + end + "3,4" + end))
        .containsExactly("1|2", "3|4");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstName() throws Exception {
    assertThat(read(TWO_TEXTS, "\uFEFFa,b\n1,2\n")).containsExactly("1|2");
  }

  @Test
  void columnsAreFoundByNameInAnyOrderAndOthersAreLeftOut() throws Exception {
    String config = "{'columns': [{'name': 'x', 'from': 'B', 'type': 'int32'}]}";
    assertThat(read(config, "A,B\n1,2\n")).containsExactly("2");
    assertThat(read(config, "B,C,A\n3,4,5\n")).containsExactly("3");
  }

  @Test
  void aFileWithoutAHeaderIsReadByPlace() throws Exception {
    assertThat(read("{'header': false, 'columns': [{'name': 'a', 'type': 'text'}]}", "x\ny\n"))
        .containsExactly("x", "y");
    assertThat(
            read("{'header': ['a', 'b'], 'columns': [{'name': 'b', 'type': 'int64'}]}", "x,1\ny,2"))
        .containsExactly("1", "2");
  }

  @Test
  void anEmptyCellIsNullAndAQuotedOneIsTheEmptyText() throws Exception {
    String config =
        "{'null': ['-', 'NA'], 'columns': [{'name': 'a', 'type': 'text'}, {'name': 'b', 'type':"
            + " 'double'}]}";
    assertThat(read(config, "a,b\n,\n\"\",\"\"\n-,\"-\"\n\"NA\",1e3\n"))
        .containsExactly("null|null", "|null", "null|null", "null|1000.0");
  }

  @Test
  void delimiterQuoteAndCommentCanBeChosen() throws Exception {
    String config =
        "{'delimiter': '\\t', 'quote': '`', 'comment': '#', 'columns': [{'name': 'a', 'type':"
            + " 'text'}, {'name': 'b', 'type': 'text'}]}";
    assertThat(read(config, "# c\na\tb\n`1\t2`\t3,4\n# \"\n")).containsExactly("1\t2|3,4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "int64; 1,234,567; 1234567",
        "int64; -1,234; -1234",
        "int64; +0012; 12",
        "double; 12,345.678; 12345.678",
        "double; .5; 0.5",
        "double; -1.5e-3; -0.0015",
        "double; NaN; NaN",
        "float; 0.1; 0.1",
        "decimal(10,2); 12,345.6; 12345.60",
        "boolean; TRUE; true",
        "date; 2017-02-28; 2017-02-28",
        "timestamp; 2017-02-28T01:02:03.000004; 2017-02-28T01:02:03.000004",
        "timestamp; 2017-02-28 01:02; 2017-02-28T01:02",
        "$timestamp[us,UTC]$; 2017-02-28T01:02:03+02:00; 2017-02-27T23:02:03Z",
        "$timestamp[us,UTC]$; 2017-02-28T01:02:03; 2017-02-28T01:02:03Z",
      })
  void cellsAreReadByTheirType(String type, String cell, String value) throws Exception {
    assertThat(readOne(type, cell)).containsExactly(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "int64; 1,23",
        "int64; 1234,567",
        "int64; ,123",
        "int64; 9223372036854775808",
        "int32; 2147483648",
        "int64; 1.0",
        "int64; -",
        "double; 1e400",
        "double; 0x1p3",
        "double; 1d",
        "double; .",
        "double; 1e",
        "double; 1,000.5,0",
        "decimal(4,2); 123.4",
        "decimal(4,2); 1.234",
        "boolean; 1",
        "date; 2017-02-29",
        "date; 2017-2-1",
        "timestamp; 2017-02-28T01:02:03Z",
        "timestamp; 2017-02-28T01:02:03.0000001",
        "$timestamp[us,UTC]$; 2017-02-28",
      })
  void aCellOfAnotherTypeIsAProblemThatNamesLineColumnAndText(String type, String cell) {
    assertThatThrownBy(() -> readOne(type, cell))
        .isInstanceOf(TextProblem.class)
        .hasMessage(
            "line 2: column \"a\" has \"%s\", which is no %s."
                .formatted(cell, config(oneColumn(type)).schema().column(0).type().text()));
  }

  private static List<String> readOne(String type, String cell) throws IOException, TextProblem {
    return read(oneColumn(type), "a\n\"" + cell + "\"\n");
  }

  private static String oneColumn(String type) {
    return "{'thousands': ',', 'columns': [{'name': 'a', 'type': '" + type + "'}]}";
  }

  @Test
  void datesWithAFormatAreReadStrictlyInEnglish() throws Exception {
    String config = "{'columns': [{'name': 'a', 'type': 'date', 'format': 'MMM dd, yyyy'}]}";
    assertThat(read(config, "a\n\"Sep 05, 2017\"\n\"FEB 28, 2017\"\n"))
        .containsExactly("2017-09-05", "2017-02-28");
    assertThatThrownBy(() -> read(config, "a\n\"Feb 30, 2017\"\n"))
        .hasMessage(
            "line 2: column \"a\" has \"Feb 30, 2017\", which is no date of the format"
                + " \"MMM dd, yyyy\".");
  }

  @Test
  void timestampsWithAFormatAreReadToo() throws Exception {
    assertThat(
            read(
                "{'columns': [{'name': 'a', 'type': 'timestamp', 'format': 'dd/MM/yyyy HH:mm'}]}",
                "a\n05/09/2017 13:45\n"))
        .containsExactly("2017-09-05T13:45");
  }

  @Test
  void linesAreCountedAsAnEditorCountsThem() {
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,b\n\"1\n2\n3\",x\n\n4,5,6\n"))
        .hasMessage(
            "line 6: the row has 3 cells for 2 columns; the first too many is \"6\", column 3.");
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,b\n1\n"))
        .hasMessage(
            "line 2: the row has 1 cells for 2 columns; the first without a cell is \"b\".");
  }

  @Test
  void aQuoteThatIsNeverClosedIsAProblem() {
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,b\n1,\"2\n3,4\n"))
        .isInstanceOf(TextProblem.class)
        .hasMessage("line 2: a quote opens in this row and is never closed.");
  }

  @Test
  void aHeaderThatLacksAColumnOrNamesOneTwiceIsAProblem() {
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,c\n"))
        .hasMessage("there is no column \"b\"; the file has a, c.");
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,a,b\n"))
        .hasMessage("line 1: two columns of the header are called \"a\".");
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,,b\n"))
        .hasMessage("line 1: column 2 of the header has no name.");
    assertThatThrownBy(() -> read(TWO_TEXTS, ""))
        .hasMessage("the file is empty: it has not even a header, so its columns are not known.");
  }

  @Test
  void bytesThatAreNotUtf8AreAProblem() {
    assertThatThrownBy(
            () -> read(TWO_TEXTS, new byte[] {'a', ',', 'b', '\n', (byte) 0xe4, ',', '1'}))
        .isInstanceOf(TextProblem.class)
        .hasMessage("line 2: the file is not UTF-8: a byte is no part of a character.");
    assertThatThrownBy(() -> read(TWO_TEXTS, "a,b".getBytes(StandardCharsets.UTF_16)))
        .hasMessage("line 1: the file is not UTF-8: it begins with the mark of UTF-16.");
  }

  @Test
  void aFileThatGzipPackedIsReadWithAllItsMembers() throws Exception {
    byte[] packed = packed("a,b\n1,2\n", "3,4\n");

    assertThat(read(TWO_TEXTS, packed)).containsExactly("1|2", "3|4");
    assertThatThrownBy(() -> read(TWO_TEXTS, packed("a,b\n1\n")))
        .hasMessage(
            "line 2: the row has 1 cells for 2 columns; the first without a cell is \"b\".");
  }

  @Test
  void wherePackedBytesAreDamagedIsAProblemAndNeverTheEnd() throws Exception {
    byte[] packed = packed("a,b\n1,2\n", "3,4\n");
    for (int length = 2; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      if (length == packed("a,b\n1,2\n").length) {
        assertThat(read(TWO_TEXTS, cut)).containsExactly("1|2");
      } else {
        assertDamaged(cut);
      }
    }
    assertDamaged(Arrays.copyOf(packed, packed.length + 1));
    byte[] flipped = packed.clone();
    flipped[packed.length - 5] ^= 1; // The last of the four bytes of the check.
    assertDamaged(flipped);
  }

  private static void assertDamaged(byte[] file) {
    assertThatThrownBy(() -> read(TWO_TEXTS, file))
        .isInstanceOf(TextProblem.class)
        .hasMessageStartingWith("the file is packed by gzip and damaged: ");
  }

  private static byte[] packed(String... members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String member : members) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(member.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '$',
      value = {
        "{'delimeter': ','}; ReadFromCsv has no \"delimeter\".",
        "{'delimiter': ',,'}; ReadFromCsv: \"delimiter\" is \",,\".",
        "{'type': 'tsv', 'comment': '\\t'}; ReadFromCsv: \"delimiter\", \"quote\" and \"comment\" are not"
            + " different characters.",
        "{'quote': ','}; ReadFromCsv: \"delimiter\", \"quote\" and \"comment\" are not different"
            + " characters.",
        "{'thousands': '.'}; ReadFromCsv: \"thousands\" is \".\", which is a part of numbers.",
        "{'header': 1}; ReadFromCsv: \"header\" is 1.",
        "{'header': false}; ReadFromCsv: \"header\" is false and no column has a name.",
        "{'null': 1}; ReadFromCsv: \"null\" is 1.",
        "{'columns': [{'from': 'a'}]}; ReadFromCsv: \"columns/0/name\" is missing.",
        "{'columns': [{'name': 'a', 'typ': 'x'}]}; ReadFromCsv has no \"columns/0/typ\".",
        "{'columns': [{'name': 'a'}, {'name': 'a'}]}; ReadFromCsv: \"columns\" has the name \"a\""
            + " twice.",
        "{'columns': [{'name': 'a', 'type': 'number'}]}; ReadFromCsv: the type of column \"a\" is"
            + " \"number\", which is none.",
        "{'columns': [{'name': 'a', 'type': 'date', 'format': 'bad'}]}; ReadFromCsv: the format"
            + " \"bad\" of column \"a\" is no pattern: Unknown pattern letter: b.",
        "{'columns': [{'name': 'a', 'format': 'yyyy'}]}; ReadFromCsv: column \"a\" has a format and"
            + " is neither date nor timestamp.",
      })
  void aWrongConfigurationIsNamed(String json, String message) {
    assertThatThrownBy(() -> config(json)).isInstanceOf(UserFault.class).hasMessage(message);
  }
}
