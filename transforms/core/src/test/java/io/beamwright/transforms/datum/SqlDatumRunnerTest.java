// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import static io.beamwright.transforms.datum.Bench.datum;
import static org.assertj.core.api.Assertions.assertThat;

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
      return all.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")).toList();
    }
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
