// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That Python's modules read from our texts the very cells that we wrote. */
class TextByPythonTest {

  private static final int TABLES = 300;

  /** Prints each cell in hexadecimal, a table after the other: by number, as CSV and as JSON. */
  private static final String READ =
      """
      import csv, json, sys
      def shown(value):
          return "null" if value is None else value.encode("utf-8").hex() + "."
      def tell(rows):
          for row in rows:
              print(" ".join(shown(value) for value in row))
      def text(value):
          return value if value is None or isinstance(value, str) else json.dumps(value)
      csv.field_size_limit(1 << 30)
      out = open(sys.argv[1] + "/seen", "w", encoding="utf-8", newline="")
      sys.stdout = out
      for table in range(int(sys.argv[2])):
          print("csv", table)
          with open(f"{sys.argv[1]}/{table}.csv", encoding="utf-8-sig", newline="") as file:
              tell([[""] if row == [] else row for row in csv.reader(file)])
          print("json", table)
          with open(f"{sys.argv[1]}/{table}.json", encoding="utf-8-sig", newline="") as file:
              for line in file.read().split("\\n")[:-1]:
                  row = json.loads(line, parse_int=str, parse_float=str)
                  tell([list(row.keys()), [text(value) for value in row.values()]])
      out.close()
      """;

  private static final String[] TEXTS = {
    "",
    " a ",
    "\t",
    "#a",
    "\uFEFF",
    "\uFEFFa",
    "a\rb",
    "\r",
    "\n",
    "\r\n",
    "\"",
    "\\\"\\",
    "\u0000",
    "a,b",
    "a\u2028b\u0085",
    "null",
    "NaN",
    "'",
    "\uD83D\uDE80"
  };

  @TempDir Path folder;

  @Test
  void pythonReadsTheCellsThatWeWrote() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int table = 0; table < TABLES; table++) {
      Batch rows = table % 3 == 0 ? texts(new Random(table)) : RandomTables.batch(table);
      write(TextFormat.CSV, rows, folder.resolve(table + ".csv"));
      write(TextFormat.JSON, rows, folder.resolve(table + ".json"));
      expected.add("csv " + table);
      expected.add(names(rows));
      for (int row = 0; row < rows.rowCount(); row++) {
        // Python tells no null from an empty text in a CSV.
        expected.add(cells(rows, row, shown("")));
      }
      expected.add("json " + table);
      for (int row = 0; row < rows.rowCount(); row++) {
        expected.add(names(rows));
        expected.add(cells(rows, row, "null"));
      }
    }

    runPython();

    assertThat(Files.readAllLines(folder.resolve("seen")))
        .containsExactlyElementsOf(expected)
        .hasSizeGreaterThan(10 * TABLES);
  }

  /** One to three columns whose names and values are those that readers trip over. */
  private static Batch texts(Random random) {
    List<String> names = new ArrayList<>(List.of(TEXTS).subList(1, TEXTS.length));
    Collections.shuffle(names, random);
    Object[] columns = new Object[2 * (1 + random.nextInt(3))];
    for (int i = 0; i < columns.length; i += 2) {
      columns[i] = names.get(i);
      columns[i + 1] = ColumnType.Simple.TEXT;
    }
    BatchBuilder rows = new BatchBuilder(Tables.schema(columns));
    for (int row = 0; row < 60; row++) {
      for (int i = 0; i < columns.length / 2; i++) {
        int text = random.nextInt(TEXTS.length + 1);
        rows.column(i).append(text == TEXTS.length ? null : TEXTS[text]);
      }
    }
    return rows.build();
  }

  private void runPython() throws Exception {
    Path script = Files.writeString(folder.resolve("read.py"), READ);
    Process python =
        new ProcessBuilder("python3", script.toString(), folder.toString(), String.valueOf(TABLES))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
  }

  private static void write(TextFormat format, Batch rows, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      TextWriter writer = format.writer(rows.schema(), out);
      writer.write(rows);
      writer.flush();
    }
  }

  private static String names(Batch rows) {
    return String.join(
        " ", rows.schema().columns().stream().map(column -> shown(column.name())).toList());
  }

  private static String cells(Batch rows, int row, String nullIs) {
    List<String> cells = new ArrayList<>();
    for (ColumnVector column : rows.columns()) {
      cells.add(column.isNull(row) ? nullIs : shown(CellText.of(column, row)));
    }
    return String.join(" ", cells);
  }

  private static String shown(String cell) {
    return HexFormat.of().formatHex(cell.getBytes(StandardCharsets.UTF_8)) + ".";
  }
}
