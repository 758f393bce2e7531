// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small random files: Python's csv module has the same cells, or the file is refused. */
final class CsvOracleTest {

  private static final int FILES = 5_000;
  private static final int LEAST_READ = 1_500;

  private static final String[] PIECES = {
    "a", "1", ",", ",", "\"", "\"", "\"\"", "\r", "\n", "\n", "\r\n", " ", "é", "\uFEFF", "\uFFFF"
  };

  /** Each line of the input is a file in hexadecimal; each of the output its rows, or null. */
  private static final String READ =
      """
      import csv, io, json, sys
      for line in open(sys.argv[1]):
          text = bytes.fromhex(line.strip()).decode("utf-8-sig")
          try:
              rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
          except csv.Error:
              print("null")
              continue
          while rows and not rows[0]:
              del rows[0]
          if rows and len(rows[0]) == 1:
              rows = [row or [""] for row in rows]
          print(json.dumps([row for row in rows if row]))
      """;

  @TempDir Path folder;

  @Test
  void pythonReadsTheSameCells() throws Exception {
    Random random = new Random(4180);
    List<String> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(14); j > 0; j--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      files.add(text.toString());
    }
    List<JsonNode> theirs = byPython(files);
    int read = 0;
    for (int i = 0; i < FILES; i++) {
      Optional<List<List<String>>> ours = ours(files.get(i));
      if (ours.isPresent()) {
        read++;
        assertThat(ours.get()).as("%s", escaped(files.get(i))).isEqualTo(rows(theirs.get(i)));
      }
    }
    assertThat(read).isGreaterThan(LEAST_READ);
  }

  private List<JsonNode> byPython(List<String> files) throws Exception {
    StringBuilder hex = new StringBuilder();
    for (String file : files) {
      for (byte octet : file.getBytes(StandardCharsets.UTF_8)) {
        hex.append("%02x".formatted(octet));
      }
      hex.append('\n');
    }
    Path in = Files.writeString(folder.resolve("in"), hex);
    Path out = folder.resolve("out");
    Process python =
        new ProcessBuilder("/usr/bin/python3", "-c", READ, in.toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).isZero();
    JsonMapper mapper = JsonMapper.builder().build();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      rows.add(mapper.readTree(line));
    }
    assertThat(rows).hasSameSizeAs(files);
    return rows;
  }

  private static List<List<String>> rows(JsonNode json) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode row : json) {
      List<String> cells = new ArrayList<>();
      row.forEach(cell -> cells.add(cell.textValue()));
      rows.add(cells);
    }
    return rows;
  }

  private static Optional<List<List<String>>> ours(String file) throws IOException {
    byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
    List<List<String>> rows = new ArrayList<>();
    try (CsvRecords records =
        CsvRecords.of(new ByteArrayInputStream(bytes), TableFormat.BY_THE_RULES, TextKind.CSV)) {
      while (records.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
          cells.add(records.text(i));
        }
        rows.add(cells);
        records.expect(rows.get(0).size());
      }
      return Optional.of(rows);
    } catch (TextProblem e) {
      return Optional.empty();
    }
  }

  private static String escaped(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }

  @Test
  void randomBytesAreATableOrAFaultOfTheirWriter() throws IOException {
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "\"a\"",
      "\"b\":",
      "1",
      "-0.0",
      "1e5",
      "null",
      "true",
      "\n",
      "\"",
      "\\u0000",
      "\\ud800",
      "\0",
      "a,b\n",
      "é",
      "NaN",
      "1e99999999999",
      "{\"a\":",
      "}{",
      "/*",
      "'"
    };
    Random random = new Random(8259);
    for (int i = 0; i < FILES; i++) {
      StringBuilder text = new StringBuilder(i % 3 == 0 ? "{\"a\":" : "");
      for (int j = random.nextInt(10); j > 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && i % 4 == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      for (TextKind kind : TextKind.values()) {
        readOrRefuse(bytes, kind);
      }
    }
  }

  private static void readOrRefuse(byte[] bytes, TextKind kind) throws IOException {
    TextFile file = new TextFile("file", kind, () -> new ByteArrayInputStream(bytes));
    try {
      new TextTable(TextTable.complete(TableFormat.BY_THE_RULES, List.of(file)))
          .read(file, batch -> assertThat(batch.rowCount()).isPositive());
    } catch (UserFault e) {
      assertThat(e).hasMessageStartingWith("file: ");
    }
  }
}
