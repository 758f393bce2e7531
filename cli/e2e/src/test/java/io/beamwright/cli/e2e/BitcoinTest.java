// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Ran;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first sample: two editions of daily prices through five stages of three kinds. */
class BitcoinTest {

  private static final Path SAMPLE = Bench.SAMPLES.resolve("bitcoin");
  private static final List<String> STAGES =
      List.of("clean", "features", "monthly", "yearly", "report");
  private static final String FIRST = "prices=" + SAMPLE.resolve("prices");
  private static final String SECOND = "prices=" + SAMPLE.resolve("prices-2018-02");

  @TempDir static Path stores;
  private static Bench first;

  @TempDir Path temp;

  @BeforeAll
  static void runTheFirstEdition() {
    first = new Bench(stores.resolve("first"));
    assertThat(first.run(SAMPLE.resolve("pipeline.json"), FIRST))
        .hasSize(5)
        .allSatisfy((stage, state) -> assertThat(state).isEqualTo("SUCCESS ran 1 reused 0"));
  }

  @Test
  void theTableOfPricesIsThatOfTheFile() throws Exception {
    FileEntry table = onlyFile(first, "clean");

    List<Object> row =
        DuckDb.row(
            first.objectOf(table),
            "SELECT count(*), sum(close), count(*) FILTER (volume IS NULL), max(close),"
                + " arg_max(date, close), min(date), max(date) FROM $T");

    assertThat(row.get(0)).isEqualTo(1_592L);
    assertThat((double) row.get(1)).isCloseTo(1_052_053.77, within(0.005));
    assertThat(row.get(2)).isEqualTo(243L);
    assertThat(row.get(3)).isEqualTo(4892.01);
    assertThat(row.get(4)).isEqualTo(LocalDate.of(2017, 9, 1));
    assertThat(row.get(5)).isEqualTo(LocalDate.of(2013, 4, 28));
    assertThat(row.get(6)).isEqualTo(LocalDate.of(2017, 9, 5));
  }

  @Test
  void whatTheCommitSaysOfATableIsWhatDuckDbReadsInPlace() throws Exception {
    for (String repo : List.of("clean", "features", "monthly", "yearly")) {
      FileEntry table = onlyFile(first, repo);
      TableFacts facts = table.file().table().orElseThrow();
      Path object = first.objectOf(table);
      JsonNode fields = Bench.parse(facts.schemaJson()).path("columns");

      assertThat(DuckDb.row(object, "SELECT count(*) FROM $T")).containsExactly(facts.rows());
      assertThat(fields).hasSameSizeAs(facts.columns()).isNotEmpty();
      for (int i = 0; i < fields.size(); i++) {
        TableFacts.ColumnFacts column = facts.columns().get(i);
        String name = "\"" + fields.get(i).path("name").asText() + "\"";
        List<Object> row =
            DuckDb.row(
                object,
                "SELECT count(*) - count(%1$s), min(%1$s), max(%1$s) FROM $T".formatted(name));
        assertThat(column.nulls()).as(repo + name).contains((Long) row.get(0));
        assertThat(column.min()).as(repo + name).contains(String.valueOf(row.get(1)));
        assertThat(column.max()).as(repo + name).contains(String.valueOf(row.get(2)));
      }
    }
  }

  @Test
  void featuresLieBetweenNoughtAndOneAndReachBoth() throws Exception {
    List<Object> row =
        DuckDb.row(
            first.objectOf(onlyFile(first, "features")),
            "SELECT min(open_norm), max(open_norm), count(open_norm), count(return_1d) FROM $T");

    assertThat(row).containsExactly(0.0, 1.0, 1_592L, 1_591L);
  }

  @Test
  void theYearsOfTheStepSqlAreThoseOfDuckDb() throws Exception {
    Path years = first.objectOf(onlyFile(first, "yearly"));
    Path days = first.objectOf(onlyFile(first, "clean"));

    String difference =
        "SELECT count(*), count(*) FILTER (z.days <> t.days OR z.low <> t.low OR z.high <> t.high)"
            + " FROM $T t FULL JOIN (SELECT year(date) AS y, count(*) AS days, min(low) AS low,"
            + " max(high) AS high FROM read_parquet('%s') GROUP BY ALL) z ON z.y = t.y";
    assertThat(DuckDb.row(years, difference.formatted(days))).containsExactly(5L, 0L);
  }

  @Test
  void theReportIsAPageAndAChart() {
    assertThat(first.sums("report")).containsKey("/report.md");
    assertThat(first.files("report")).anyMatch(file -> file.path().text().endsWith(".svg"));
    assertThat(first.text("report", "/report.md")).contains("2017");
  }

  @Test
  void theNextEditionMakesNewCommitsAndLeavesThoseOfBefore() throws Exception {
    Bench bench = first.copyTo(temp.resolve("store"));
    Map<String, String> ids = new LinkedHashMap<>();
    Map<String, Map<String, String>> sums = new LinkedHashMap<>();
    for (String repo : Stream.concat(Stream.of("prices"), STAGES.stream()).toList()) {
      ids.put(repo, bench.id(repo));
      sums.put(repo, bench.sums(repo));
    }

    Map<String, String> states = bench.run(SAMPLE.resolve("pipeline.json"), SECOND);

    assertThat(states).allSatisfy((stage, state) -> assertThat(state).contains("ran 1"));
    String prices = bench.id("prices");
    assertThat(prices).isNotEqualTo(ids.get("prices"));
    for (String stage : STAGES) {
      assertThat(bench.id(stage)).as(stage).isNotEqualTo(ids.get(stage));
      assertThat(inputsOf(bench, stage))
          .as(stage)
          .contains(prices)
          .doesNotContain(ids.get("prices"));
      assertThat(inputsOf(bench, stage + "@" + ids.get(stage)))
          .as(stage)
          .contains(ids.get("prices"))
          .doesNotContain(prices);
    }
    ids.forEach(
        (repo, id) -> assertThat(bench.sums(repo + "@" + id)).as(repo).isEqualTo(sums.get(repo)));
    assertThat(DuckDb.row(bench.objectOf(onlyFile(bench, "clean")), "SELECT count(*) FROM $T"))
        .containsExactly(1_760L);
  }

  @Test
  void pricesThatAreMovedBackAndForwardAreFollowedByEveryStage() {
    Bench bench = first.copyTo(temp.resolve("store"));
    Path spec = SAMPLE.resolve("pipeline.json");
    Map<String, Map<String, Map<String, String>>> editions = new LinkedHashMap<>();
    editions.put(bench.id("prices"), sumsOfStages(bench));
    bench.run(spec, SECOND);
    editions.put(bench.id("prices"), sumsOfStages(bench));

    editions.forEach(
        (prices, sums) -> {
          assertThat(bench.command("move", "branch", "prices@master", "--to", prices).exitCode())
              .isZero();
          assertThat(bench.run(spec))
              .hasSize(5)
              .allSatisfy((stage, state) -> assertThat(state).isEqualTo("SUCCESS ran 0 reused 1"));
          assertThat(sumsOfStages(bench)).isEqualTo(sums);
          for (String stage : STAGES) {
            assertThat(inputsOf(bench, stage)).as(stage).contains(prices);
          }
        });
    assertThat(bench.run(spec)).allSatisfy((stage, state) -> assertThat(state).isEqualTo("REUSED"));
  }

  private static Map<String, Map<String, String>> sumsOfStages(Bench bench) {
    Map<String, Map<String, String>> sums = new LinkedHashMap<>();
    STAGES.forEach(stage -> sums.put(stage, bench.sums(stage)));
    return sums;
  }

  private static List<String> inputsOf(Bench bench, String revision) {
    List<String> commits = new java.util.ArrayList<>();
    bench
        .document(0, "trace", revision)
        .path("commits")
        .forEach(commit -> commits.add(commit.path("id").asText()));
    return commits;
  }

  @Test
  void runningAgainRunsNothingAndCommitsNothing() {
    Bench bench = first.copyTo(temp.resolve("store"));
    List<String> before = bench.keys();

    Ran ran = bench.command(Bench.words(SAMPLE.resolve("pipeline.json"), FIRST));

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).doesNotContain("SUCCESS").contains("REUSED");
    // All that is new says that there was a run.
    assertThat(bench.keys())
        .containsAll(before)
        .filteredOn(key -> !before.contains(key))
        .allMatch(key -> key.matches("(runs|run-states|leases)/.*"))
        .isNotEmpty();
  }

  @Test
  void aNewCharacterInTheCodeRunsThatStageAlone() throws Exception {
    Bench bench = first.copyTo(temp.resolve("store"));
    Path sample = copyOfSample();
    Path code = sample.resolve("code/report.py");
    Files.writeString(code, Files.readString(code) + "#");

    assertThat(bench.run(sample.resolve("pipeline.json")))
        .containsEntry("report", "SUCCESS ran 1 reused 0")
        .containsEntry("clean", "REUSED")
        .containsEntry("features", "REUSED")
        .containsEntry("monthly", "REUSED")
        .containsEntry("yearly", "REUSED");
    assertThat(bench.sums("report")).isEqualTo(first.sums("report"));
  }

  @Test
  void aNewCharacterInAQueryRunsThatStageAndWhatFollows() throws Exception {
    Bench bench = first.copyTo(temp.resolve("store"));
    Path sample = copyOfSample();
    Path spec = sample.resolve("pipeline.json");
    String json = Files.readString(spec);
    Files.writeString(
        spec,
        json.replace(
            "/ lag(close) OVER (ORDER BY date) - 1", "/ lag(close) OVER (ORDER BY date) - 2"));

    assertThat(bench.run(spec))
        .containsEntry("features", "SUCCESS ran 1 reused 0")
        .containsEntry("clean", "REUSED")
        .containsEntry("monthly", "REUSED")
        .containsEntry("yearly", "REUSED")
        .containsEntry("report", "REUSED");

    Files.writeString(
        spec, json.replace("min(low) AS low, arg_max", "min(low) + 1 AS low, arg_max"));

    assertThat(bench.run(spec))
        .containsEntry("features", "SUCCESS ran 0 reused 1")
        .containsEntry("clean", "REUSED")
        .containsEntry("monthly", "SUCCESS ran 1 reused 0")
        .containsEntry("yearly", "REUSED")
        .containsEntry("report", "SUCCESS ran 1 reused 0");
  }

  private Path copyOfSample() throws IOException {
    Path copy = Files.createDirectory(temp.resolve("sample"));
    Files.createDirectory(copy.resolve("code"));
    for (String file : List.of("pipeline.json", "code/report.py")) {
      Files.copy(SAMPLE.resolve(file), copy.resolve(file));
    }
    return copy;
  }

  private static FileEntry onlyFile(Bench bench, String repo) {
    List<FileEntry> files = bench.files(repo);
    assertThat(files).hasSize(1);
    assertThat(files.get(0).path().text()).isEqualTo("/part-00000.parquet");
    return files.get(0);
  }
}
