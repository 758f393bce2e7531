// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.TableSchema;
import io.beamwright.tables.TableWriter;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.testkit.ChildJvm;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as they are put, inspected and compared on the command line. */
class TableCommandsTest {

  private static final TableSchema PRICES =
      new TableSchema(
          List.of(
              new Column("day", ColumnType.Simple.INT32, false, 1),
              new Column("close", ColumnType.Simple.FLOAT64, true, 2)));

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    store.fine("create", "repo", "prices");
  }

  @Test
  void aParquetFileIsATableWhateverItIsCalled() throws Exception {
    Path file = table("prices.bin", new Object[][] {{1, 10.5}, {2, null}});

    store.fine("put", "file", "prices@master", "-f", file.toString());

    JsonNode table = store.json("list", "file", "prices").path("files").get(0).path("table");
    assertThat(table.path("rows").intValue()).isEqualTo(2);
    assertThat(table.path("schema").asText()).isEqualTo(PRICES.json());
    assertThat(table.path("rowDigest").asText()).startsWith("xxh3-128-sum:");
    assertThat(table.path("columns").toString())
        .isEqualTo(
            "[{\"id\":1,\"nulls\":0,\"min\":\"1\",\"max\":\"2\"},"
                + "{\"id\":2,\"nulls\":1,\"min\":\"10.5\",\"max\":\"10.5\"}]");
    assertThat(isOneObject("/prices.bin")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-f", "-r", "stdin", "ops", "run"})
  void everyWayIntoARepoKnowsATable(String way) throws Exception {
    Path file = table("in/t.parquet", new Object[][] {{1, 10.5}});
    switch (way) {
      case "-f" -> store.fine("put", "file", "prices@master:/", "-f", file.toString());
      case "-r" -> store.fine("put", "file", "prices@master", "-r", "-f", folder + "/in");
      case "stdin" -> {
        Ran ran = withInput(Files.readAllBytes(file), "put", "file", "prices@master:/t.parquet");
        assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
      }
      case "ops" ->
          store.fineWithInput(
              "{\"op\": \"put\", \"path\": \"/t.parquet\", \"file\": \"" + file + "\"}",
              "commit",
              "prices@master",
              "--ops",
              "-");
      default -> {
        Path spec =
            store.file(
                "spec.json",
                "{\"pipeline\": {\"name\": \"n\"}, \"input\": {\"pfs\": {\"repo\": \"prices\","
                    + " \"glob\": \"/none\"}}, \"transform\": {\"cmd\": [\"true\"]}}");
        Ran ran = store.run("run", spec.toString(), "--put", "prices=" + folder.resolve("in"));
        assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
        assertThat(ran.err()).contains("the glob \"/none\" of the input prices matches nothing");
      }
    }

    JsonNode table = store.json("inspect", "file", "prices@master:/t.parquet").path("table");

    assertThat(table.path("rows").intValue()).isEqualTo(1);
    assertThat(isOneObject("/t.parquet")).isTrue();
  }

  @Test
  void aCutParquetFileIsRefusedByNameAndNothingIsPut() throws Exception {
    byte[] whole = Files.readAllBytes(table("t.parquet", new Object[][] {{1, 10.5}}));
    Path cut = Files.write(folder.resolve("cut.csv"), Arrays.copyOf(whole, whole.length - 9));

    store.refuses(
        Exit.USER,
        cut
            + ": not a whole Parquet file: it does not end in PAR1.\n"
            + "  Fetch or write the file again; if that changes nothing, report it to the program"
            + " that wrote it. Or put it as plain bytes: --raw, or \"raw\": true in operations.",
        "put",
        "file",
        "prices@master",
        "-f",
        cut.toString());
    assertThat(store.keys("objects")).isEmpty();

    store.fine("put", "file", "prices@master", "--raw", "-f", cut.toString());
    assertThat(store.json("inspect", "file", "prices@master:/cut.csv").has("table")).isFalse();
  }

  @Test
  void rawIsAMemberOfAnOperationToo() throws Exception {
    Path cut = store.file("cut", "PAR1 and no more");
    String put = "{\"op\": \"put\", \"path\": \"/cut\", \"file\": \"" + cut + "\"%s}";

    Ran refused = store.runWithInput(put.formatted(""), "commit", "prices@master", "--ops", "-");
    assertThat(refused.exit()).isEqualTo(Exit.USER);
    assertThat(refused.err()).startsWith("error: standard input, operation 1: " + cut + ": ");

    store.fineWithInput(put.formatted(", \"raw\": true"), "commit", "prices@master", "--ops", "-");
    assertThat(store.fine("get", "file", "prices@master:/cut")).isEqualTo("PAR1 and no more");

    Ran both =
        store.runWithInput(
            put.formatted(", \"raw\": true, \"verify_rows\": true"),
            "commit",
            "prices@master",
            "--ops",
            "-");
    assertThat(both.err()).contains("\"raw\" and \"verify_rows\" exclude each other");
  }

  @Test
  void aDamagedPageIsFoundWhenRowsAreVerifiedAndOnlyThen() throws Exception {
    Path file = table("t.parquet", new Object[][] {{1, 10.5}, {2, 11.5}});
    byte[] bytes = Files.readAllBytes(file);
    bytes[40] ^= 1;
    Files.write(file, bytes);

    Ran verified =
        store.run("put", "file", "prices@master", "--verify-rows", "-f", file.toString());
    assertThat(verified.exit()).isEqualTo(Exit.USER);
    assertThat(verified.err()).startsWith("error: " + file + ": not a whole Parquet file: ");
    assertThat(store.keys("objects")).isEmpty();

    store.fine("put", "file", "prices@master", "-f", file.toString());
    Ran both = store.run("put", "file", "prices", "--raw", "--verify-rows", "-f", file.toString());
    assertThat(both.exit()).isEqualTo(Exit.COMMAND_LINE);
  }

  @Test
  void nothingIsAppendedToATable() throws Exception {
    Path file = table("t.parquet", new Object[][] {{1, 10.5}});
    store.fine("put", "file", "prices@master", "-f", file.toString());

    store.refuses(
        Exit.USER,
        "\"/t.parquet\": bytes cannot be appended to a table, nor a table to bytes.\n"
            + "  Put the rows as another file beside it.",
        "put",
        "file",
        "prices@master:/t.parquet",
        "--append",
        "-f",
        store.file("more", "x").toString());
  }

  @Test
  void inspectShowsWhatIsKnownOfAFile() throws Exception {
    Path file = table("t.parquet", new Object[][] {{1, 10.5}, {2, null}});
    store.fine("put", "file", "prices@master", "-f", file.toString());
    store.put("prices@master:/note", "hello");

    assertThat(store.fine("inspect", "file", "prices@master:/t.parquet"))
        .contains("path         /t.parquet\n")
        .contains("lies in      an object of its own\n")
        .contains("rows         2\n")
        .endsWith(
            """

            ID  COLUMN  TYPE            NULLS  MIN   MAX
             1  day     int32 not null      0  1     2
             2  close   float64             1  10.5  10.5
            """);
    assertThat(store.fine("inspect", "file", "prices@master:/note"))
        .contains("size         5 bytes\n")
        .doesNotContain("rows");
    assertThat(store.json("inspect", "file", "prices@master:/note").path("extents")).hasSize(1);
    assertThat(store.run("inspect", "file", "prices@master:/nota").err())
        .contains("Did you mean /note");
  }

  @Test
  void rowsAreComparedFromOneCommitToTheNext() throws Exception {
    String place = "prices@master:/t.parquet";
    store.fine("put", "file", place, "-f", table("a", new Object[][] {{1, 1.0}, {2, 2.0}}) + "");
    store.fine("put", "file", place, "-f", table("b", new Object[][] {{2, 2.5}, {3, null}}) + "");

    assertThat(store.fine("diff", "rows", place, "--key", "day"))
        .isEqualTo(
            """
            removed  day=1, close=1.0
            changed  day=2: close 2.0 -> 2.5
            added    day=3, close=null
            1 added, 1 removed, 1 changed
            """);
    assertThat(store.fine("diff", "rows", place, "--key", "day", "-n", "1"))
        .isEqualTo("removed  day=1, close=1.0\n1 added, 1 removed, 1 changed\n");
    assertThat(store.fine("diff", "rows", place, "prices@master", "--key", "day")).isEmpty();
  }

  @Test
  void rowDifferencesAreJsonWithValuesOfTheirTypes() throws Exception {
    String place = "prices@master:/t.parquet";
    store.fine("put", "file", place, "-f", table("a", new Object[][] {{1, 1.0}, {2, 2.0}}) + "");
    store.fine("put", "file", place, "-f", table("b", new Object[][] {{2, 2.5}, {3, null}}) + "");

    JsonNode json = store.json("diff", "rows", "prices@master^:/t.parquet", place, "--key", "day");

    assertThat(json.path("before").asText()).isEqualTo("prices@master^:/t.parquet");
    assertThat(json.path("key").toString()).isEqualTo("[\"day\"]");
    assertThat(json.path("columns").toString()).isEqualTo("[]");
    assertThat(json.path("added").intValue()).isEqualTo(1);
    assertThat(json.path("rows").toString())
        .isEqualTo(
            "[{\"change\":\"removed\",\"before\":{\"day\":1,\"close\":1.0}},"
                + "{\"change\":\"changed\",\"before\":{\"day\":2,\"close\":2.0},"
                + "\"after\":{\"day\":2,\"close\":2.5}},"
                + "{\"change\":\"added\",\"after\":{\"day\":3,\"close\":null}}]");
  }

  @Test
  void theFirstCommitOfATableAddedAllItsRows() throws Exception {
    String place = "prices@master:/t.parquet";
    store.fine("put", "file", place, "-f", table("a", new Object[][] {{1, 1.0}}) + "");

    assertThat(store.fine("diff", "rows", place, "--key", "day"))
        .isEqualTo("added    day=1, close=1.0\n1 added, 0 removed, 0 changed\n");
    store.refuses(
        Exit.USER,
        place + " has no column \"date\" to tell rows by.\n  The columns are day, close.",
        "diff",
        "rows",
        place,
        "--key",
        "date");
  }

  @Test
  void aProcessWithoutParquetHandsOverBeforeItHasReadTheInput() throws Exception {
    Path file = table("t.parquet", new Object[][] {{1, 1.0}});
    Path handover = folder.resolve("handover");
    List<String> words = List.of("--store", store.uri(), "put", "file", "prices@master:/t");

    ChildJvm.Ended ended = small(file, handover, words);

    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(Exit.HANDED_OVER.code());
    assertThat(ended.lines()).isEmpty();
    byte[] rest = Files.readAllBytes(folder.resolve("rest"));
    assertThat(handover).content().startsWith("full\n");
    List<String> again = new Handover(handover).take();
    assertThat(again).startsWith(words.toArray(String[]::new));
    assertThat(rest).hasSize((int) Files.size(file) - 4);

    assertThat(Ran.command(rest, Map.of(), again.toArray(String[]::new)).exit())
        .isEqualTo(Exit.FINE);
    assertThat(
            store.json("inspect", "file", "prices@master:/t").path("table").path("rows").intValue())
        .isEqualTo(1);
  }

  @Test
  void aProcessWithoutParquetPutsWhatIsNoTableItself() throws Exception {
    Path file = store.file("a.csv", "x\n1\n");
    List<String> words = List.of("--store", store.uri(), "put", "file", "prices@master:/a.csv");

    ChildJvm.Ended ended = small(file, folder.resolve("handover"), words);

    assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
    assertThat(store.fine("get", "file", "prices@master:/a.csv")).isEqualTo("x\n1\n");
  }

  @Test
  void comparingRowsIsHandedOver() throws Exception {
    ChildJvm.Ended ended =
        small(
            store.file("empty", ""),
            folder.resolve("handover"),
            List.of("--store", store.uri(), "diff", "rows", "prices@master", "--key", "day"));

    assertThat(ended.exitCode()).isEqualTo(Exit.HANDED_OVER.code());
    assertThat(folder.resolve("handover")).content().startsWith("full\n");
  }

  /** Runs the command on a class path without Parquet; what it leaves of its input is in a file. */
  private ChildJvm.Ended small(Path input, Path handover, List<String> words) throws Exception {
    String heavy = "(parquet|hadoop|beam-|duckdb|zstd|snappy|aircompressor).*\\.jar";
    String classPath =
        Arrays.stream(
                System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
            .filter(entry -> !Path.of(entry).getFileName().toString().matches(heavy))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>(ChildJvm.command(Beamwright.class, List.of(), words));
    command.set(command.indexOf("-cp") + 1, classPath);
    String script = "{ \"$@\"; ended=$?; cat >'%s'; exit $ended; } <'%s'";
    List<String> all =
        new ArrayList<>(
            List.of("sh", "-c", script.formatted(folder.resolve("rest"), input), "sh", "env"));
    all.add(Handover.OFFER + "=" + handover);
    all.addAll(command);
    try (ChildJvm child = ChildJvm.start(all)) {
      return child.end();
    }
  }

  private Ran withInput(byte[] input, String... words) {
    List<String> all = new ArrayList<>(List.of("--store", store.uri()));
    all.addAll(List.of(words));
    return Ran.commandWithInput(input, all.toArray(String[]::new));
  }

  private boolean isOneObject(String path) {
    try (Store open = store.open()) {
      FileEntry file =
          open.history()
              .requireFile(
                  open.history().files(open.history().resolve(Revision.parse("prices")).commit()),
                  FilePath.of(path),
                  "prices");
      return file.file().extents().size() == 1
          && file.file().extents().get(0).object().id().equals(file.sha256());
    }
  }

  private Path table(String name, Object[][] rows) throws IOException {
    return write(folder.resolve(name), rows);
  }

  /** Writes a table of days and prices. */
  static Path write(Path file, Object[][] rows) throws IOException {
    Files.createDirectories(file.getParent());
    BatchBuilder builder = new BatchBuilder(PRICES);
    for (Object[] row : rows) {
      builder.appendRow(row);
    }
    try (TableWriter writer = TableWriter.create(file, PRICES)) {
      writer.write(builder.build());
      writer.finish();
    }
    return file;
  }
}
