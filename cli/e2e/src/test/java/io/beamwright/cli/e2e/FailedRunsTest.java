// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of which something fails: what is told, what is kept and what is not committed. */
class FailedRunsTest {

  private static final String COPY_UNLESS_BAD =
      """
      {"pipeline": {"name": "checked"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "datum_tries": 1,
       "transform": {"cmd": ["sh", "-c",
         "if grep bad $0/*; then echo that was no good; exit 3; fi; cp $0/* $1",
         "/pfs/in", "/pfs/out"]}}
      """;

  private static final String MAP =
      "beam:schematransform:org.apache.beam:yaml:map_to_fields-java:v1";

  @TempDir Path temp;
  private Bench bench;

  @BeforeEach
  void newStore() {
    bench = new Bench(temp.resolve("store"));
  }

  @Test
  void aFailedDatumFailsItsStageAndThoseThatReadItAndLeavesTheRest() throws Exception {
    Path in = files(Map.of("a", "good 1\n", "b", "bad 2\n", "c", "good 3\n"));
    Path spec =
        spec(COPY_UNLESS_BAD, copy("next", "checked"), copy("last", "next"), copy("other", "in"));

    Ran ran = bench.command(Bench.words(spec, "in=" + in));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("The stage checked failed: 1 of 3 datums failed.", "exit code 3")
        .contains("| bad 2", "| that was no good")
        .contains("beamwright logs ")
        .doesNotContain("bug", "Exception", "at io.");
    assertThat(ran.out())
        .containsPattern("next +UNRUNNABLE .*the stage checked failed")
        .containsPattern("last +UNRUNNABLE .*the stage checked failed")
        .containsPattern("other@\\S+ +SUCCESS");
    assertThat(bench.keys("refs"))
        .as("in and other have a commit each, checked has none")
        .hasSize(2);

    Files.writeString(in.resolve("b"), "better 2\n");

    assertThat(bench.run(spec, "in=" + in))
        .containsEntry("checked", "SUCCESS ran 1 reused 2")
        .containsEntry("other", "SUCCESS ran 1 reused 2")
        .containsEntry("last", "SUCCESS ran 3 reused 0");
    assertThat(bench.text("last", "/b")).isEqualTo("better 2\n");
  }

  @Test
  void aFailedRunThatIsRepeatedRunsOnlyWhatFailed() throws Exception {
    Path in = files(Map.of("a", "good 1\n", "b", "bad 2\n", "c", "good 3\n"));
    Path spec = spec(COPY_UNLESS_BAD);
    assertThat(bench.document(1, Bench.words(spec, "in=" + in)).path("state").asText())
        .isEqualTo("FAILURE");

    JsonNode again = bench.document(1, Bench.words(spec));

    assertThat(Bench.states(again)).containsEntry("checked", "FAILURE ran 1 reused 2");
    assertThat(again.path("stages").get(0).path("failed").asInt()).isEqualTo(1);
  }

  @Test
  void twoDatumsThatWriteOnePathAreBothNamed() throws Exception {
    Path in = files(Map.of("a", "1", "b", "2"));
    String clash =
        """
        {"pipeline": {"name": "clash"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
         "transform": {"cmd": ["touch", "/pfs/out/same"]}}
        """;
    Path spec = spec(clash, copy("next", "clash"));

    Ran ran = bench.command(Bench.words(spec, "in=" + in));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .containsPattern(
            "The stage clash failed: Two datums of the stage clash wrote /same:"
                + " datum [0-9a-f]{12} \\(in:/a\\) and datum [0-9a-f]{12} \\(in:/b\\)\\.")
        .contains("Write a path that depends on the input")
        .doesNotContain("bug", "at io.");
    assertThat(ran.out()).containsPattern("next +UNRUNNABLE");
    assertThat(bench.keys("refs")).as("the commit of in").hasSize(1);
  }

  @Test
  void aFileOfOneDatumThatIsAFolderOfAnotherNamesBoth() throws Exception {
    Path in = files(Map.of("a", "1", "b", "2"));
    String clash =
        """
        {"pipeline": {"name": "clash"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
         "transform": {"cmd": ["sh", "-c",
           "if [ -e $0/a ]; then echo > $1/x; else mkdir $1/x; echo > $1/x/y; fi",
           "/pfs/in", "/pfs/out"]}}
        """;

    Ran ran = bench.command(Bench.words(spec(clash), "in=" + in));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("/x", "/x/y", "(in:/a)", "(in:/b)")
        .doesNotContain("bug", "at io.");
    assertThat(bench.keys("refs")).hasSize(1);
  }

  @Test
  void aRowWithTooManyCellsIsNamedByFileLineAndColumn() throws Exception {
    Path in = files(Map.of("good.csv", "x,y\n1,2\n", "bad.csv", "x,y\n1,2\n3,4,5\n"));
    Path spec =
        spec(
            """
            {"pipeline": {"name": "rows"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
             "transform": {"beam": [{"type": "ReadFromCsv"}]}}
            """,
            copy("next", "rows"));

    Ran ran = bench.command(Bench.words(spec, "in=" + in));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .contains("The stage rows failed", "/bad.csv: line 3", "3 cells for 2 columns", "\"5\"")
        .doesNotContain("bug", "Exception", "at io.");
    assertThat(ran.out()).containsPattern("next +UNRUNNABLE");
    assertThat(bench.keys("refs")).hasSize(1);
  }

  @Test
  void aQueryOfTheStepSqlThatCannotBeComputedForARowFailsItsStage() throws Exception {
    Path in = files(Map.of("t.csv", "x\n1\nfive\n"));
    Path spec =
        spec(
            """
            {"pipeline": {"name": "rows"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
             "transform": {"beam": [
               {"type": "ReadFromCsv", "config": {"columns": [{"name": "x", "type": "string"}]}},
               {"type": "Sql", "config": {"query": "SELECT CAST(x AS INTEGER) AS n FROM PCOLLECTION"}}]}}
            """,
            copy("next", "rows"));

    Ran ran = bench.command(Bench.words(spec, "in=" + in));

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
    assertThat(ran.err()).contains("The stage rows failed", "five").doesNotContain("bug", "at io.");
    assertThat(ran.out()).containsPattern("next +UNRUNNABLE");
    assertThat(bench.keys("refs")).hasSize(1);
  }

  @Test
  void eachStageWhoseStepsAreNotComputedIsToldItsOwnCause() throws Exception {
    Path in = files(Map.of("t.csv", "x,y\n1,a\n2,b\n"));
    String stage =
        """
        {"pipeline": {"name": "%s"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
         "transform": {"beam": [{"type": "ReadFromCsv"}, {"type": "%s", "config": %s}]}}
        """;
    Path spec =
        spec(
            stage.formatted("column", "Sql", query("SELECT nope FROM PCOLLECTION")),
            stage.formatted("half", MAP, "{\"fields\": {\"c\": {\"expression\": \"x +\"}}}"),
            stage.formatted("zero", "Sql", query("SELECT x / (x - 1) AS c FROM PCOLLECTION")),
            stage.formatted(
                "fine", "Sql", query("SELECT COUNT(DISTINCT y) AS c FROM PCOLLECTION")));

    Ran ran = bench.command(Bench.words(spec, "in=" + in));

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
    assertThat(ran.err())
        .contains("line 1, column 8: Column 'nope' not found in any table")
        .contains("\"config/fields/c/expression\": error: illegal start of expression")
        .contains("1 / 0 is a division by zero")
        .doesNotContain("bug", "at io.");
    assertThat(ran.out()).containsPattern("fine@\\w+ +SUCCESS").containsPattern("column +FAILURE");
  }

  @Test
  void whatIsWrongInTextsIsToldOfAllStagesBeforeAnythingIsChanged() throws Exception {
    Path in = files(Map.of("t.csv", "x,y\n1,a\n2,b\n"));
    String beam =
        """
        {"pipeline": {"name": "%s"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
         "transform": {"beam": [{"type": "ReadFromCsv"}, {"type": "%s", "config": %s}]}}
        """;
    Path spec =
        spec(
            copy("fine", "in"),
            beam.formatted("window", "Sql", query("SELECT SUM(x) OVER () AS s FROM PCOLLECTION")),
            beam.formatted("python", MAP, "{\"language\": \"python\", \"fields\": {}}"),
            """
            {"pipeline": {"name": "odd"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
             "transform": {"sql": "SELECT x FROM"}}
            """);

    for (List<String> how : List.of(List.<String>of(), List.of("--dry-run"))) {
      List<String> words = new ArrayList<>(List.of(Bench.words(spec, "in=" + in)));
      words.addAll(how);
      Ran ran = bench.command(words.toArray(String[]::new));

      assertThat(ran.exitCode()).as(ran.err()).isEqualTo(3);
      assertThat(ran.err())
          .contains("The spec has 3 problems:")
          .contains("/transform/beam/1 is wrong: Step Sql: Sql does not compute a window (OVER)")
          .contains("\"config/language\" is \"python\"")
          .contains("/transform/sql is wrong: ")
          .contains("nothing was changed")
          .doesNotContain("bug", "at io.");
      assertThat(ran.out()).isEmpty();
      assertThat(temp.resolve("store")).doesNotExist();
    }
  }

  private static String query(String sql) {
    return "{\"query\": \"" + sql + "\"}";
  }

  @Test
  void aQueryOfDuckDbThatCannotBeComputedFailsItsStage() throws Exception {
    Path in = files(Map.of("t.csv", "x\n1\nfive\n"));
    Path spec =
        spec(
            """
            {"pipeline": {"name": "rows"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
             "transform": {"sql": "SELECT CAST(x AS INTEGER) AS n FROM \\"in\\""}}
            """);

    Ran ran = bench.command(Bench.words(spec, "in=" + in));

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
    assertThat(ran.err()).contains("The stage rows failed", "five").doesNotContain("bug", "at io.");
  }

  @Test
  void aStageOfABranchThatNobodyMadeYetWaitsAndTheRunSaysSo() throws Exception {
    Path in = files(Map.of("a", "1\n"));
    Path spec =
        spec(
            """
            {"pipeline": {"name": "early"},
             "input": {"pfs": {"repo": "in", "branch": "later", "glob": "/*"}},
             "transform": {"cmd": ["cp", "-r", "/pfs/in/.", "/pfs/out"]}}
            """,
            copy("next", "early"),
            copy("other", "in"));
    String[] words = Bench.words(spec, "in=" + in);

    Ran ran = bench.command(words);

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out())
        .containsPattern("early +UNRUNNABLE .*later")
        .containsPattern("next +UNRUNNABLE .*later")
        .containsPattern("other@\\S+ +SUCCESS");
    assertThat(ran.err()).doesNotContain("bug", "at io.");

    assertThat(bench.command("create", "branch", "in@later", "--head", "master").exitCode())
        .isZero();
    Ran again = bench.command(words);

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).containsPattern("next@\\S+ +SUCCESS").containsPattern("other.* REUSED");
  }

  private static String copy(String name, String repo) {
    return """
        {"pipeline": {"name": "%s"}, "input": {"pfs": {"repo": "%s", "glob": "/*"}},
         "transform": {"cmd": ["cp", "-r", "/pfs/%s/.", "/pfs/out"]}}
        """
        .formatted(name, repo, repo);
  }

  private Path spec(String... stages) throws IOException {
    return Files.writeString(
        temp.resolve("pipeline.json"), "[" + String.join(",", List.of(stages)) + "]");
  }

  private Path files(Map<String, String> texts) throws IOException {
    Path folder = Files.createDirectory(temp.resolve("in"));
    for (Map.Entry<String, String> file : texts.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }
}
