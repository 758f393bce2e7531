// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static io.beamwright.transforms.datum.Bench.datum;
import static io.beamwright.transforms.datum.Bench.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.transforms.program.ProcessExecutor;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs see of tables where an input says {@code as}. */
class ShownTablesTest {

  private static final String SEE =
      """
      cd $PFS/%1$s
      find . -type f | LC_ALL=C sort | while read -r f; do stat -c "%%n %%a" "$f"; done
      echo "first: $%1$s"
      for f in $(find . -name '*.csv' -o -name '*.json' | LC_ALL=C sort); do
        echo "== $f"; cat "$f"
      done
      """;

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void openStore() throws IOException {
    bench = new Bench(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    bench.closeAndFindNothingLeft();
  }

  @Test
  void theTablesOfAFolderAreOneFileBesideIt() throws Exception {
    FileEntry script = bench.script("run.sh", "true");
    String seen =
        see(
            input(
                "in",
                View.CSV,
                table("/part-00000.parquet", "SELECT 2 AS x, 'b' AS t"),
                table("/part-00001.parquet", "SELECT 1 AS x, 'a' AS t"),
                table("/2017/part-00000.parquet", "SELECT 1 AS n"),
                table("/2017/q1/B.PARQUET", "SELECT 2.5::DOUBLE AS n"),
                table("/2017/q1/a.parquet", "SELECT 7 AS n"),
                table("/prices.csv/part-00000.parquet", "SELECT 'c' AS n"),
                script.at(new FilePath("/2017/run.sh")),
                bench.file("2017/q1/notes.txt", "n")));

    assertThat(seen)
        .isEqualTo(
            """
            ./2017.csv 444
            ./2017/q1.csv 444
            ./2017/q1/notes.txt 444
            ./2017/run.sh 555
            ./in.csv 444
            ./prices.csv.csv 444
            first: $PFS/2017.csv
            == ./2017.csv
            n
            1
            == ./2017/q1.csv
            n
            2.5
            7.0
            == ./in.csv
            x,t
            2,b
            1,a
            == ./prices.csv.csv
            n
            c
            """);
  }

  @Test
  void oneTableOfAFolderIsShownAsAllOfThemWouldBe() throws Exception {
    FileEntry part = table("/part-00003.parquet", "SELECT 1 AS x");

    assertThat(see(input("in", View.CSV, part)))
        .isEqualTo("./in.csv 444\nfirst: $PFS/in.csv\n== ./in.csv\nx\n1\n");
    assertThat(see(input("in", View.JSON, part)))
        .isEqualTo("./in.json 444\nfirst: $PFS/in.json\n== ./in.json\n{\"x\":1}\n");
    assertThat(see(input("in", View.NONE, part)))
        .isEqualTo("./part-00003.parquet 444\nfirst: $PFS/part-00003.parquet\n");
  }

  @Test
  void filesOfOtherColumnsOrOfNoTableAreRefusedByName() throws Exception {
    FileEntry numbers = table("/t/a.parquet", "SELECT 1 AS x");
    FileEntry texts = table("/t/b.parquet", "SELECT 'a' AS x");
    FileEntry others = table("/t/c.parquet", "SELECT 1 AS y");

    assertThat(failure(input("in", View.CSV, numbers, texts)))
        .startsWith(
            "Column \"x\" is int32 in in:/t/a.parquet and text in in:/t/b.parquet, and they are"
                + " files of one table. \"as\" shows the tables of a folder as one. ")
        .contains("glob");
    assertThat(failure(input("in", View.CSV, numbers, others)))
        .startsWith("in:/t/c.parquet has no column \"x\", which in:/t/a.parquet has");
    assertThat(failure(input("in", View.CSV, numbers, bench.file("t/d.parquet", "not parquet"))))
        .startsWith("in:/t/d.parquet: not a whole Parquet file");
  }

  static Stream<List<String>> clashes() {
    return Stream.of(
        List.of(
            "has two files to show as /in.csv: the table in / and the file /in.csv.",
            "/p.parquet",
            "/in.csv"),
        List.of(
            "has two files to show as /a/b.csv: the table in /a/b and the file /a/b.csv.",
            "/a/b/p.parquet",
            "/a/b.csv"),
        List.of(
            "has two files to show as /in.csv: the table in / and the table in /in.",
            "/p.parquet",
            "/in/p.parquet"),
        List.of(
            "cannot show /a.csv as a file and as a folder: the table in /a and the file"
                + " /a.csv/readme.",
            "/a/p.parquet",
            "/a.csv/readme"),
        List.of(
            "cannot show /a.csv as a file and as a folder: the table in /a and the table in"
                + " /a.csv/b.",
            "/a/p.parquet",
            "/a.csv/b/p.parquet"));
  }

  @ParameterizedTest
  @MethodSource("clashes")
  void whatWouldLieInOnePlaceIsRefusedWithBothNames(List<String> messageAndPaths) throws Exception {
    List<FileEntry> files = new ArrayList<>();
    for (String path : messageAndPaths.subList(1, messageAndPaths.size())) {
      files.add(
          path.endsWith(".parquet") ? table(path, "SELECT 1 AS x") : bench.file(path, "text"));
    }

    assertThat(failure(input("in", View.CSV, files.toArray(FileEntry[]::new))))
        .startsWith("Input \"in\" ")
        .contains(messageAndPaths.get(0))
        .contains("\"as\" shows the tables of a folder as one file beside it.");
  }

  @Test
  void aQueryReadsTablesAsTheyAreStored() throws Exception {
    DatumInput input =
        input(
            "in",
            View.CSV,
            table("/part-00000.parquet", "SELECT '007' AS code"),
            table("/part-00001.parquet", "SELECT '008' AS code"));
    SqlTransform query =
        new SqlTransform("SELECT code, typeof(code) AS type FROM \"in\"", 256L << 20);

    assertThat(see(input("codes", View.CSV, onlyTable(bench.run(query, datum(input))))))
        .endsWith("code,type\n007,VARCHAR\n008,VARCHAR\n");
  }

  private FileEntry table(String path, String query) throws Exception {
    return onlyTable(bench.run(new SqlTransform(query, 256L << 20), datum()))
        .at(new FilePath(path));
  }

  private static FileEntry onlyTable(DatumOutcome outcome) {
    assertThat(outcome).isInstanceOf(DatumOutcome.Success.class);
    List<DatumOutput> outputs = ((DatumOutcome.Success) outcome).outputs();
    assertThat(outputs).hasSize(1);
    return outputs.get(0).entry();
  }

  /** What a program finds in the folder of the input, by its paths below it. */
  private String see(DatumInput input) throws Exception {
    DatumOutcome outcome = run(input);
    assertThat(outcome).isInstanceOf(DatumOutcome.Success.class);
    return bench.log(outcome).replaceAll("first: .*/pfs/[^/]*/", "first: \\$PFS/");
  }

  private String failure(DatumInput input) throws Exception {
    return ((DatumOutcome.Failed) run(input)).reason();
  }

  private DatumOutcome run(DatumInput input) throws Exception {
    ProcessExecutor executor = new ProcessExecutor();
    String script = SEE.formatted(input.name());
    ProgramTransform program =
        new Bench.Program(executor.name(), executor.contractVersion(), "sh", "-c", script)
            .transform();
    return bench.run(program, datum(input));
  }
}
