// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static io.beamwright.transforms.datum.Bench.datum;
import static io.beamwright.transforms.datum.Bench.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.transforms.program.ProcessExecutor;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlDatumRunnerTest {

  private static final long MEMORY = 256L << 20;
  private static final String PRICES = "day,close\n2,20\n1,10\n3,\n";

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
  void aQueryMakesATableWithItsFacts() throws Exception {
    FileEntry table = onlyTable(run("SELECT * FROM prices ORDER BY day", "/"));
    assertThat(table.path().text()).isEqualTo("/part-00000.parquet");
    TableFacts facts = table.file().table().orElseThrow();
    assertThat(facts.rows()).isEqualTo(3);
    assertThat(facts.rowDigest()).isPresent();
    assertThat(facts.columns().get(1).nulls()).contains(1L);
    // Any engine has to be able to read it in place.
    assertThat(table.file().extents()).hasSize(1);
    assertThat(table.file().extents().get(0).object().id()).isEqualTo(table.sha256());
  }

  @Test
  void theSameQueryGivesTheSameBytes() throws Exception {
    String query = "SELECT close, count(*) AS n FROM prices GROUP BY close";
    assertThat(onlyTable(run(query, "/")).sha256()).isEqualTo(onlyTable(run(query, "/")).sha256());
  }

  @Test
  void aTableGoesUnderWhatItsInputsMatched() throws Exception {
    assertThat(onlyTable(run("SELECT * FROM prices", "/2017.csv")).path().text())
        .isEqualTo("/2017.csv/part-00000.parquet");
    FileEntry file = bench.file("2017.csv", PRICES);
    Datum crossed = datum(matching("a", "/2017.csv", file), matching("b", "/", file));
    DatumOutcome outcome =
        bench.run(new SqlTransform("SELECT count(*) AS n FROM a, b", MEMORY), crossed);
    assertThat(onlyTable(outcome).path().text()).isEqualTo("/2017.csv/part-00000.parquet");
    crossed =
        datum(
            matching("a", "/2017.csv", file),
            matching(
                "b",
                "/2018.csv",
                file.at(new io.beamwright.versioning.tree.FilePath("/2018.csv"))));
    outcome = bench.run(new SqlTransform("SELECT count(*) AS n FROM a, b", MEMORY), crossed);
    assertThat(onlyTable(outcome).path().text()).isEqualTo("/2017.csv/2018.csv/part-00000.parquet");
  }

  @Test
  void aQueryThatFailsIsADatumThatFails() throws Exception {
    DatumOutcome.Failed failed = (DatumOutcome.Failed) run("SELECT opne FROM prices", "/");
    assertThat(failed.reason()).contains("opne");
    assertThat(failed.culprit()).isEqualTo(DatumOutcome.Culprit.DATUM);
  }

  @Test
  void aRunnerShowsEachDatumItsOwnFilesAlone() throws Exception {
    SqlTransform transform = new SqlTransform("SELECT * FROM prices", MEMORY);
    try (DatumRunner runner = bench.runner(transform);
        var packer = bench.packer()) {
      List<Sha256> tables = new java.util.ArrayList<>();
      for (String text : List.of("a\n1\n", "a\n2\n", "a\n1\n")) {
        FileEntry file = bench.file("same.csv", text);
        tables.add(onlyTable(runner.run(datum(matching("prices", "/", file)), packer)).sha256());
        assertThat(filesIn(bench.scratch)).isEmpty();
      }
      FileEntry ragged = bench.file("same.csv", "a,b\n1\n");
      assertThat(runner.run(datum(matching("prices", "/", ragged)), packer))
          .isInstanceOf(DatumOutcome.Failed.class);
      FileEntry good = bench.file("same.csv", "a\n2\n");
      tables.add(onlyTable(runner.run(datum(matching("prices", "/", good)), packer)).sha256());
      assertThat(tables.get(0)).isEqualTo(tables.get(2)).isNotEqualTo(tables.get(1));
      assertThat(tables.get(3)).isEqualTo(tables.get(1));
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aProgramIsShownATableAsText() throws Exception {
    FileEntry table = onlyTable(run("SELECT * FROM prices ORDER BY day", "/"));
    ProcessExecutor executor = new ProcessExecutor();
    String list = "ls $PFS/csv $PFS/json; cat $PFS/csv/*.csv $PFS/json/*.json; echo $csv";
    ProgramTransform program =
        new Bench.Program(executor.name(), executor.contractVersion(), "sh", "-c", list)
            .transform();
    DatumOutcome outcome =
        bench.run(program, datum(input("csv", View.CSV, table), input("json", View.JSON, table)));
    assertThat(bench.log(outcome))
        .contains(
            "/csv:\npart-00000.csv\n",
            "/json:\npart-00000.json\n",
            "day,close\n1,10\n2,20\n3,\n",
            "{\"day\":1,\"close\":10}\n{\"day\":2,\"close\":20}\n{\"day\":3,\"close\":null}\n",
            "/pfs/csv/part-00000.csv\n");
  }

  @Test
  void twoFilesThatWouldBeShownAsOneAreNamed() throws Exception {
    FileEntry table = onlyTable(run("SELECT * FROM prices", "/"));
    FileEntry text = bench.file("part-00000.csv", "x");
    ProcessExecutor executor = new ProcessExecutor();
    ProgramTransform program =
        new Bench.Program(executor.name(), executor.contractVersion(), "true").transform();
    DatumOutcome outcome = bench.run(program, datum(input("prices", View.CSV, table, text)));
    assertThat(((DatumOutcome.Failed) outcome).reason())
        .contains("Input \"prices\" has two files to show as part-00000.csv");
  }

  @Test
  void aFileThatIsNoTableIsNamed() throws Exception {
    ProcessExecutor executor = new ProcessExecutor();
    ProgramTransform program =
        new Bench.Program(executor.name(), executor.contractVersion(), "true").transform();
    DatumOutcome outcome =
        bench.run(
            program, datum(input("prices", View.CSV, bench.file("a.parquet", "not parquet"))));
    assertThat(((DatumOutcome.Failed) outcome).reason()).contains("/a.parquet");
  }

  private DatumOutcome run(String query, String match) throws Exception {
    FileEntry file = bench.file("2017.csv", PRICES);
    return bench.run(new SqlTransform(query, MEMORY), datum(matching("prices", match, file)));
  }

  private static DatumInput matching(String name, String match, FileEntry... files) {
    return new DatumInput(
        name, name, "master", Sha256.of(new byte[1]), match, View.NONE, List.of(files));
  }

  private static FileEntry onlyTable(DatumOutcome outcome) {
    assertThat(outcome).isInstanceOf(DatumOutcome.Success.class);
    List<DatumOutput> outputs = ((DatumOutcome.Success) outcome).outputs();
    assertThat(outputs).hasSize(1);
    assertThat(outcome.facts().at("/milliseconds").size()).isEqualTo(3);
    return outputs.get(0).entry();
  }
}
