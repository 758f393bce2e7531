// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.StageOutcome;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.trace.CommitTrace;
import io.beamwright.pipelines.trace.FileTrace;
import io.beamwright.tables.Batch;
import io.beamwright.tables.TableReader;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unions: which datums they make, alone and among crosses, and what each transform makes of them.
 */
class UnionTest {

  @TempDir static Path temp;

  private static Workshop workshop;

  @BeforeAll
  static void putFiftyFiles() {
    workshop = Workshop.in(temp);
    for (String repo : List.of("a", "b", "c", "d")) {
      Map<String, String> files = new LinkedHashMap<>();
      IntStream.range(0, 50).forEach(i -> files.put("/foo" + i, repo + i));
      workshop.put(repo, files);
    }
    workshop.put("twin", Map.of("/foo0", "a0", "/foo1", "other", "/bar", "a0"));
    workshop.put("none", Map.of());
    workshop.put("north", Map.of("/1.csv", "k,x\n1,10\n2,20\n", "/2.csv", "k,x\n3,30\n"));
    workshop.put("south", Map.of("/1.csv", "k,x\n4,40\n"));
    workshop.put("east", Map.of("/e.csv", "k,x\n5,50\n"));
  }

  @AfterAll
  static void close() {
    workshop.close();
  }

  // --- which datums there are ---

  @Test
  void theDatumsOfOneSideComeAfterThoseOfTheOther() {
    assertThat(datums(union(pfs("a", "/foo1?"), pfs("b", "/foo2?"))))
        .containsExactlyElementsOf(concat(names("a", 10, 20), names("b", 20, 30)));
    assertThat(datums(union(pfs("b", "/foo2?"), pfs("a", "/foo1?"))))
        .containsExactlyElementsOf(concat(names("b", 20, 30), names("a", 10, 20)));
    assertThat(datums(union(pfs("a", "/*"), union(pfs("b", "/*"), pfs("c", "/*"))))).hasSize(150);
    assertThat(datums(union(pfs("a", "/foo7")))).containsExactly("a:/foo7");
  }

  @Test
  void aUnionInACrossIsCrossedSideBySide() {
    assertThat(datums(cross(union(pfs("a", "/foo1"), pfs("b", "/foo2")), pfs("c", "/foo[34]"))))
        .containsExactly(
            "a:/foo1 × c:/foo3", "a:/foo1 × c:/foo4", "b:/foo2 × c:/foo3", "b:/foo2 × c:/foo4");
    assertThat(datums(cross(pfs("c", "/foo[34]"), union(pfs("a", "/foo1"), pfs("b", "/foo2")))))
        .containsExactly(
            "c:/foo3 × a:/foo1", "c:/foo3 × b:/foo2", "c:/foo4 × a:/foo1", "c:/foo4 × b:/foo2");
    assertThat(
            datums(
                cross(
                    union(pfs("a", "/foo1?"), pfs("b", "/foo2?")),
                    union(pfs("c", "/foo3?"), pfs("d", "/foo4?")))))
        .hasSize(400)
        .doesNotHaveDuplicates();
  }

  @Test
  void aCrossInAUnionIsCrossedFirst() {
    assertThat(
            datums(
                union(
                    cross(pfs("a", "/foo1"), pfs("b", "/foo[12]")),
                    cross(pfs("c", "/foo3"), pfs("d", "/foo4")),
                    pfs("a", "/foo5"))))
        .containsExactly("a:/foo1 × b:/foo1", "a:/foo1 × b:/foo2", "c:/foo3 × d:/foo4", "a:/foo5");
    assertThat(datums(union(cross(pfs("a", "/*"), pfs("b", "/*")), pfs("c", "/*")))).hasSize(2550);
  }

  @Test
  void globsOfOneRepoThatOverlapGiveEachDatumOnce() {
    assertThat(datums(union(pfs("a", "/foo1?"), pfs("a", "/foo?5"))))
        .containsExactlyElementsOf(
            concat(names("a", 10, 20), List.of("a:/foo25", "a:/foo35", "a:/foo45")));
    assertThat(datums(union(pfs("a", "/*"), pfs("a", "/*"), pfs("a", "/foo9")))).hasSize(50);
    assertThat(datums(cross(union(pfs("a", "/foo1"), pfs("a", "/foo[12]")), pfs("b", "/foo3"))))
        .containsExactly("a:/foo1 × b:/foo3", "a:/foo2 × b:/foo3");
  }

  @Test
  void filesAreOneDatumIfTheNameThePathAndTheContentAreTheSame() {
    String twins = union(pfs("a", "in", "/foo?"), pfs("twin", "in", "/*"));
    assertThat(datums(twins))
        .hasSize(12)
        .endsWith("in:/foo9", "in:/bar", "in:/foo1")
        .as("once with each content")
        .filteredOn("in:/foo1"::equals)
        .hasSize(2);
    assertThat(datums(union(pfs("a", "/foo0"), pfs("twin", "/foo0"))))
        .containsExactly("a:/foo0", "twin:/foo0");
  }

  @Test
  void anEmptySideGivesNoDatumOfItsOwn() {
    assertThat(datums(union(pfs("none", "/*"), pfs("a", "/foo1")))).containsExactly("a:/foo1");
    assertThat(datums(union(pfs("a", "/foo1"), pfs("a", "/nowhere/*")))).containsExactly("a:/foo1");
    assertThat(datums(union(pfs("none", "/*"), pfs("none", "n", "/")))).isEmpty();
    assertThat(datums(union(cross(pfs("none", "/*"), pfs("a", "/*")), pfs("b", "/foo1"))))
        .containsExactly("b:/foo1");
    assertThat(datums(cross(pfs("a", "/*"), union(pfs("none", "/*"))))).isEmpty();
  }

  // --- what programs make of them ---

  @Test
  void aProgramIsShownEachDatumUnderTheNameThatSidesShare() {
    RunReport report =
        run(
            program(
                "shared",
                union(pfs("a", "in", "/foo1"), pfs("twin", "in", "/{foo1,bar}")),
                "cat \"$in\" > /pfs/out/$(cat \"$in\")-$in_COMMIT"));

    assertThat(report.succeeded()).isTrue();
    String a = workshop.commit("a").id().hex();
    String twin = workshop.commit("twin").id().hex();
    assertThat(workshop.texts("shared").keySet())
        .containsExactly("/a0-" + twin, "/a1-" + a, "/other-" + twin);
    assertThat(inputsOf("shared"))
        .extracting(input -> input.name() + "=" + input.repo())
        .containsExactly("in=a", "in=twin");
  }

  @Test
  void aFileIsTracedToTheSideThatItCameFrom() {
    var unused =
        run(
            program(
                "traced",
                union(pfs("a", "in", "/foo2"), pfs("twin", "in", "/bar")),
                "cp /pfs/in/* /pfs/out"));

    assertThat(origins("traced", "/foo2")).containsExactly("in a/foo2");
    assertThat(origins("traced", "/bar")).containsExactly("in twin/bar");
    assertThat(CommitTrace.of(workshop.store(), workshop.commit("traced")).commits()).hasSize(3);
  }

  @Test
  void aDatumThatTwoSidesHaveRunsOnceAndItsOutputIsThereOnce() {
    RunReport report =
        run(
            program(
                "once",
                union(pfs("a", "/foo1?"), pfs("a", "/foo[13]?"), pfs("a", "/foo1*")),
                "cp /pfs/a/* /pfs/out"));

    Plan.Run plan = ((StageOutcome.Committed) report.stages().get(0)).plan();
    assertThat(plan.job().datums()).isEqualTo(21);
    assertThat(plan.toRun()).isEqualTo(21);
    assertThat(workshop.texts("once")).hasSize(21).containsEntry("/foo1", "a1");
  }

  // --- what queries make of them ---

  @Test
  void aQueryRunsOnEachDatumOfEitherSide() {
    RunReport report =
        run(
            query(
                "queried",
                union(pfs("north", "in", "/2.csv"), pfs("south", "in", "/*")),
                "SELECT k, x FROM \\\"in\\\""));

    assertThat(report.succeeded()).isTrue();
    assertThat(rows("queried", "/1.csv/part-00000.parquet")).containsExactly("4 40");
    assertThat(rows("queried", "/2.csv/part-00000.parquet")).containsExactly("3 30");
  }

  @Test
  void aQueryOverTwoSidesWithOnePathNamesBothDatums() {
    RunReport report =
        run(
            query(
                "clash",
                union(pfs("north", "in", "/*"), pfs("south", "in", "/*")),
                "SELECT k, x FROM \\\"in\\\""));

    StageOutcome.Failed failed = (StageOutcome.Failed) report.stages().get(0);
    assertThat(failed.reason())
        .startsWith("Two datums of the stage clash wrote /1.csv/part-00000.parquet: datum ")
        .contains("(in of north@master:/1.csv) and datum ")
        .endsWith("(in of south@master:/1.csv).");
    assertThat(failed.remedy())
        .isEqualTo(
            "A query writes below the path of its datum's input: keep the files of the sides of a"
                + " union under paths that differ, or make a stage of each side.");
  }

  @Test
  void aQueryThatReadsWhatOneSideLacksIsRefusedBeforeAnythingRuns() {
    RunReport report =
        run(
            query(
                "lacking",
                cross(union(pfs("north", "/2.csv"), pfs("south", "/*")), pfs("east", "/*")),
                "SELECT e.k, n.x FROM east e, North n"));

    StageOutcome.Failed failed = (StageOutcome.Failed) report.stages().get(0);
    assertThat(failed.reason())
        .isEqualTo(
            "The query reads \"North\", and the datums of /input/cross/0/union/1/pfs have no input"
                + " of that name.");
    assertThat(failed.remedy())
        .isEqualTo("Give the sides of the union one \"name\", or make a stage of each.");
    assertThat(
            run(query(
                    "fits",
                    cross(union(pfs("north", "/2.csv"), pfs("south", "/*")), pfs("east", "/*")),
                    "SELECT k FROM east"))
                .succeeded())
        .isTrue();
  }

  // --- what steps make of them ---

  @Test
  void stepsReadTheFilesOfBothSidesInTheirOrderAlsoWherePathsAreEqual() {
    RunReport report =
        run(
            chain(
                "table",
                union(pfs("north", "in", "/*"), pfs("south", "in", "/*"), pfs("none", "in", "/*")),
                "{\"type\": \"ReadFromCsv\"}"));

    assertThat(report.succeeded()).isTrue();
    assertThat(tables("table")).containsExactly("1 10", "2 20", "3 30", "4 40");
    assertThat(
            run(chain(
                    "turned",
                    union(pfs("south", "in", "/*"), pfs("north", "in", "/*")),
                    "{\"type\": \"ReadFromCsv\"}"))
                .succeeded())
        .isTrue();
    assertThat(tables("turned")).containsExactly("4 40", "1 10", "2 20", "3 30");
    assertThat(origins("turned", "/part-00000.parquet"))
        .contains("in south/1.csv", "in north/1.csv");
  }

  @Test
  void stepsReadAFileThatTwoSidesHaveOnce() {
    assertThat(
            run(chain(
                    "once",
                    union(
                        pfs("north", "in", "/1*"),
                        pfs("south", "in", "/*"),
                        pfs("north", "in", "/*")),
                    "{\"type\": \"ReadFromCsv\"}"))
                .succeeded())
        .isTrue();
    assertThat(tables("once")).containsExactly("1 10", "2 20", "4 40", "3 30");
    assertThat(
            run(chain(
                    "crosses",
                    union(
                        cross(pfs("north", "l", "/*"), pfs("east", "r", "/*")),
                        cross(pfs("north", "l", "/*"), pfs("south", "r", "/*"))),
                    "{\"type\": \"ReadFromCsv\", \"input\": \"l\"}"))
                .succeeded())
        .isTrue();
    assertThat(tables("crosses")).containsExactly("1 10", "2 20", "3 30");
  }

  @Test
  void stepsReadAFileOfTwoBranchesOnce() {
    workshop.branch("north", "dev");
    String dev = pfs("north", "in", "/*").replace("\"glob\"", "\"branch\": \"dev\", \"glob\"");

    assertThat(
            run(chain(
                    "branches",
                    union(pfs("north", "in", "/*"), dev),
                    "{\"type\": \"ReadFromCsv\"}"))
                .succeeded())
        .isTrue();

    assertThat(tables("branches")).containsExactly("1 10", "2 20", "3 30");

    // Put in another pack: its bytes lie elsewhere, and it is the same file.
    workshop.put("far", Map.of("/1.csv", "k,x\n1,10\n"));
    workshop.branch("far", "dev");
    workshop.put("far", Map.of("/0.csv", "k,x\n0,0\n"));
    workshop.put("far", Map.of("/0.csv", "k,x\n0,0\n", "/1.csv", "k,x\n1,10\n"));
    assertThat(
            run(chain(
                    "packs",
                    union(
                        pfs("far", "in", "/*"),
                        pfs("far", "in", "/*")
                            .replace("\"glob\"", "\"branch\": \"dev\", \"glob\"")),
                    "{\"type\": \"ReadFromCsv\"}"))
                .succeeded())
        .isTrue();
    assertThat(tables("packs")).containsExactly("0 0", "1 10");
  }

  @Test
  void stepsReadCrossesOfAUnionByTheirNames() {
    RunReport report =
        run(
            chain(
                "joined",
                union(
                    cross(pfs("north", "l", "/1.csv"), pfs("east", "r", "/*")),
                    cross(pfs("south", "l", "/1.csv"), pfs("north", "r", "/2.csv"))),
                "{\"type\": \"ReadFromCsv\", \"name\": \"left\", \"input\": \"l\"},"
                    + "{\"type\": \"ReadFromCsv\", \"name\": \"right\", \"input\": \"r\"},"
                    + "{\"type\": \"Sql\", \"input\": [\"left\", \"right\"], \"config\": {\"query\":"
                    + " \"SELECT k, x FROM `left` UNION ALL SELECT k, x FROM `right`\"}}"));

    assertThat(report.succeeded()).isTrue();
    assertThat(tables("joined")).containsExactlyInAnyOrder("1 10", "2 20", "4 40", "5 50", "3 30");
  }

  @Test
  void aFaultInAFileOfASharedNameTellsItsRepo() {
    workshop.put("west", Map.of("/1.csv", "k,x\n6,sixty,more\n"));
    RunReport report =
        run(
            chain(
                "faulty",
                union(pfs("north", "in", "/1.csv"), pfs("west", "in", "/*")),
                "{\"type\": \"ReadFromCsv\"}"));

    StageOutcome.Failed failed = (StageOutcome.Failed) report.stages().get(0);
    assertThat(failed.examples().get(0).facts().path("reason").asText())
        .contains("in of west@master:/1.csv");
  }

  // --- specs and what came of them ---

  private static String pfs(String repo, String glob) {
    return pfs(repo, repo, glob);
  }

  private static String pfs(String repo, String name, String glob) {
    return "{\"pfs\": {\"repo\": \"%s\", \"name\": \"%s\", \"glob\": \"%s\"}}"
        .formatted(repo, name, glob);
  }

  private static String union(String... sides) {
    return "{\"union\": [" + String.join(", ", sides) + "]}";
  }

  private static String cross(String... sides) {
    return "{\"cross\": [" + String.join(", ", sides) + "]}";
  }

  private static String program(String name, String input, String script) {
    return spec(
        name, input, "{\"cmd\": [\"sh\", \"-c\", \"" + script.replace("\"", "\\\"") + "\"]}");
  }

  private static String query(String name, String input, String sql) {
    return spec(name, input, "{\"sql\": \"" + sql + "\"}");
  }

  private static String chain(String name, String input, String steps) {
    return spec(name, input, "{\"beam\": [" + steps + "]}");
  }

  private static String spec(String name, String input, String transform) {
    return "{\"pipeline\": {\"name\": \"%s\"}, \"input\": %s, \"transform\": %s}"
        .formatted(name, input, transform);
  }

  private static RunReport run(String spec) {
    return new Corridor(workshop.newRun(), runner -> new BeamEngine(), RunEvents.NONE)
        .run(workshop.pipeline(spec));
  }

  /** What the datums of {@code input} match, in the order of the plan. */
  private static List<String> datums(String input) {
    Plan.Run plan =
        (Plan.Run)
            new Planner(workshop.newRun())
                .pin(
                    workshop.pipeline(program("planned", input, "true")).stages().get(0), Map.of());
    List<String> datums = new ArrayList<>();
    Segments.read(
        workshop.store().files(),
        plan.job().segments(),
        datum -> datums.add(shown(datum.inputs())));
    assertThat(plan.job().datums()).isEqualTo(datums.size());
    return datums;
  }

  private static String shown(List<DatumInput> inputs) {
    return inputs.stream()
        .map(input -> input.name() + ":" + input.match())
        .collect(Collectors.joining(" × "));
  }

  /** {@code name:/foo<i>} from {@code begin} to before {@code end}. */
  private static List<String> names(String name, int begin, int end) {
    return IntStream.range(begin, end).mapToObj(i -> name + ":/foo" + i).toList();
  }

  private static List<String> concat(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static List<Provenance.Input> inputsOf(String repo) {
    return workshop.commit(repo).commit().provenance().orElseThrow().inputs();
  }

  /** The name of the input, the repo and the path of each file that a file was made of. */
  private static List<String> origins(String repo, String path) {
    History.Named commit = workshop.commit(repo);
    FileTrace trace = FileTrace.of(workshop.store(), commit, new FilePath(path), repo);
    return Objects.requireNonNull(trace.origins().get(trace.root())).inputs().stream()
        .map(input -> input.input() + " " + input.place().repo() + input.place().path())
        .toList();
  }

  /** The rows of all tables of a commit, in the order of their paths. */
  private static List<String> tables(String repo) {
    History.Named commit = workshop.commit(repo);
    return workshop
        .store()
        .history()
        .files(commit.commit())
        .files()
        .flatMap(file -> rows(repo, file.path().text()).stream())
        .toList();
  }

  /** The rows of one table, their cells divided by spaces. */
  private static List<String> rows(String repo, String path) {
    Store store = workshop.store();
    FileEntry file =
        store
            .history()
            .files(workshop.commit(repo).commit())
            .find(new FilePath(path))
            .orElseThrow();
    List<String> rows = new ArrayList<>();
    try (TableReader reader =
        TableReader.open(path, RandomAccessSource.of(store.files(), file.file()))) {
      for (Optional<Batch> batch = reader.next(); batch.isPresent(); batch = reader.next()) {
        Batch read = batch.get();
        for (int row = 0; row < read.rowCount(); row++) {
          rows.add(read.column(0).valueAt(row) + " " + read.column(1).valueAt(row));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
