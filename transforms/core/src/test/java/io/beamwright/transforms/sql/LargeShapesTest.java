// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells, rows and headers that are far larger than usual. */
class LargeShapesTest {

  @TempDir Path folder;

  @Test
  void aCellOf20MiBIsRead() throws IOException {
    List<Path> parts =
        run("SELECT a, length(b) AS b FROM d", "a,b\n1," + "x".repeat(20 << 20) + "\n");

    assertThat(OwnDuckDb.rowsOf(parts)).containsExactly("1|" + (20 << 20));
  }

  @Test
  void aCellOf20MiBIsWritten() throws IOException {
    List<Path> parts = run("SELECT b FROM d", "a,b\n1," + "x".repeat(20 << 20) + "\n");

    assertThat(OwnDuckDb.rows("SELECT length(b) FROM " + OwnDuckDb.table(parts)))
        .containsExactly("" + (20 << 20));
  }

  @Test
  void aRowOfAMillionCellsIsRefusedInOneLine() {
    assertThatThrownBy(() -> run("SELECT a FROM d", "a,b\n1,2\n" + "7,".repeat(999_999) + "7\n"))
        .isInstanceOf(UserFault.class)
        .hasMessage(
            "Input \"d\", file d.csv: line 3: the row has 1000000 cells for 2 columns; the first"
                + " too many is \"7\", column 3.");
  }

  @Test
  void aHeaderOf100000ColumnsIsRefusedWithWhatToDo() {
    String header =
        IntStream.range(0, 100_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));

    assertThatThrownBy(() -> run("SELECT c0 FROM d", header + "\n" + "7,".repeat(99_999) + "8\n"))
        .isInstanceOf(UserFault.class)
        .hasMessage("Input \"d\" has 100000 columns, and a query takes at most 10000 from text.");
  }

  @Test
  void columnsOfAWideFileCanBeDeclared() throws IOException {
    String header =
        IntStream.range(0, 100_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    List<Path> parts =
        run(
            "SELECT c99999 AS n FROM d",
            header + "\n" + "7,".repeat(99_999) + "8\n",
            Optional.of(TableFormat.of(columns("c99999"), "format")));

    assertThat(OwnDuckDb.rowsOf(parts)).containsExactly("8");
  }

  private static ObjectNode columns(String name) {
    ObjectNode format = CanonicalJson.object();
    format.putArray("columns").addObject().put("name", name);
    return format;
  }

  private List<Path> run(String query, String csv) throws IOException {
    return run(query, csv, Optional.empty());
  }

  private List<Path> run(String query, String csv, Optional<TableFormat> format)
      throws IOException {
    Path file = Files.writeString(folder.resolve("d.csv"), csv);
    Path output = Files.createDirectory(folder.resolve("out"));
    Path spill = Files.createDirectory(folder.resolve("spill"));
    try (SqlEngine engine =
        new SqlEngine(new SqlLimits(SqlLimits.DEFAULT_MEMORY_BYTES, spill), folder)) {
      return engine.run(
          SqlQuery.parse(query), Map.of("d", new InputFiles(List.of(file), format)), output);
    }
  }
}
