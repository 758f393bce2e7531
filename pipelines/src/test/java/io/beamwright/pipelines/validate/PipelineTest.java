// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamwright.pipelines.spec.SpecFault;
import io.beamwright.pipelines.spec.SpecProblem;
import io.beamwright.pipelines.spec.SpecReading;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.spec.SpecWarning;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {

  private static final StepCatalog STEPS =
      StepCatalog.of(
          List.of(
              new StepDescription(
                  "ReadFromCsv",
                  "1",
                  Takes.FILES,
                  "Rows of CSV files.",
                  List.of(
                      new ConfigField("columns", List.of(JsonType.ARRAY), false, "the columns."),
                      new ConfigField(
                          "null",
                          List.of(JsonType.STRING, JsonType.ARRAY),
                          false,
                          "words for null."),
                      new ConfigField(
                          "thousands", List.of(JsonType.STRING), false, "the separator."))),
              new StepDescription(
                  "Sql",
                  "1",
                  Takes.ROWS,
                  "A query.",
                  List.of(
                      new ConfigField("query", List.of(JsonType.STRING), true, "one SELECT.")))));

  @TempDir Path folder;

  @BeforeEach
  void putCodeBesideTheSpec() throws IOException {
    Files.createDirectory(folder.resolve("code"));
    Files.writeString(folder.resolve("code/report.py"), "print()\n");
    Files.createDirectory(folder.resolve("empty"));
  }

  @Test
  void fiveFaultsArePrintedAtOnceWithPointersAndRemedies() {
    assertThatThrownBy(() -> validate(resource("five-faults.json")))
        .isInstanceOf(SpecFault.class)
        .hasMessage(resource("five-faults.txt").stripTrailing());
  }

  @Test
  void theSpecOfTheDocumentationIsValidAndItsStagesAreInOrder() {
    Pipeline pipeline = validate(resource("bitcoin.json"));
    assertThat(pipeline.stages())
        .extracting(Stage::name)
        .containsExactly("clean", "features", "yearly", "report");
    assertThat(pipeline.warnings()).isEmpty();
    assertThat(pipeline.upstream(pipeline.stages().get(0))).isEmpty();
    assertThat(pipeline.upstream(pipeline.stages().get(3)))
        .extracting(Stage::name)
        .containsExactly("features", "yearly");
    assertThat(pipeline.stages().get(3).code()).contains(folder.resolve("code"));
  }

  @Test
  void stagesWrittenBackwardsRunForwards() {
    Pipeline pipeline = validate(stage("c", "b"), stage("b", "a"), stage("a", "raw"));
    assertThat(pipeline.stages()).extracting(Stage::name).containsExactly("a", "b", "c");
  }

  @Test
  void stagesThatDoNotReadEachOtherKeepTheirOrder() {
    Pipeline pipeline = validate(stage("z", "raw"), stage("a", "raw"), stage("m", "raw"));
    assertThat(pipeline.stages()).extracting(Stage::name).containsExactly("z", "a", "m");
  }

  @Test
  void aCycleIsPrinted() {
    assertThat(onlyProblem(stage("a", "c"), stage("b", "a"), stage("c", "b")).line())
        .isEqualTo(
            "pipeline.json: /input/pfs/repo closes a cycle: a → b → c → a (each is read by the"
                + " next).");
  }

  @Test
  void everyCycleIsPrintedOnce() {
    assertThat(problems(stage("a", "b"), stage("b", "a"), stage("c", "d"), stage("d", "c")))
        .extracting(SpecProblem::problem)
        .containsExactly(
            "closes a cycle: a → b → a (each is read by the next).",
            "closes a cycle: c → d → c (each is read by the next).");
  }

  @Test
  void aPipelineDoesNotReadItsOwnOutput() {
    SpecProblem problem = onlyProblem(stage("a", "a"));
    assertThat(problem.pointer()).isEqualTo("/input/pfs/repo");
    assertThat(problem.problem()).isEqualTo("is \"a\", the pipeline's own output repo.");
  }

  @Test
  void twoPipelinesOfOneNameAreRefusedWithBothPlaces() {
    SpecProblem problem = onlyProblem("[" + stage("a", "x") + "," + stage("a", "y") + "]");
    assertThat(problem.pointer()).isEqualTo("/1/pipeline/name");
    assertThat(problem.problem()).isEqualTo("is \"a\", and so is pipeline.json: /0/pipeline/name.");
  }

  @Test
  void readingAnotherBranchThanIsWrittenIsAWarningAndNoEdge() {
    Pipeline pipeline =
        validate(
            stage("a", "raw").replace("{\"pipeline\"", "{\"output_branch\":\"dev\",\"pipeline\""),
            stage("b", "a"));
    assertThat(pipeline.upstream(pipeline.stages().get(1))).isEmpty();
    assertThat(pipeline.warnings())
        .extracting(SpecWarning::text)
        .containsExactly(
            "reads the branch \"master\" of \"a\", and that pipeline writes \"dev\": what this run"
                + " makes there is not read.");
  }

  @Test
  void codeMustLieBesideTheSpecAndNotBeEmpty() {
    assertThat(codeProblem("nowhere"))
        .isEqualTo(
            "is \"nowhere\", and there is no such file or folder beside the spec."
                + " Beside it are: code, empty.");
    assertThat(codeProblem("../code")).contains("which is not below the spec's folder.");
    assertThat(codeProblem("/code")).contains("which is not below the spec's folder.");
    assertThat(codeProblem(".")).contains("which is not below the spec's folder.");
    assertThat(codeProblem("empty")).contains("an empty folder. Put the program into it.");
    assertThat(validate(program("code/report.py")).stages().get(0).code())
        .contains(folder.resolve("code/report.py"));
  }

  @Test
  void aProgramThatNamesCodeItDoesNotDeclareIsWarnedOf() {
    assertThat(validate(program("code").replace(",\"code\":\"code\"", "")).warnings())
        .extracting(SpecWarning::line)
        .containsExactly(
            "pipeline.json: /transform/cmd names /code/report.py, and the transform has no \"code\""
                + " to find there.");
  }

  @Test
  void anUnknownRunnerIsRefusedWithTheNearest() {
    SpecProblem problem =
        onlyProblem(
            stage("a", "raw").replace("{\"pipeline\"", "{\"runner\":\"flnk\",\"pipeline\""));
    assertThat(problem.pointer()).isEqualTo("/runner");
    assertThat(problem.problem()).isEqualTo("is \"flnk\", and there is no such runner.");
    assertThat(problem.remedy()).isEqualTo("Did you mean \"flink\"?");
  }

  @Test
  void stepsAreHeldAgainstTheCatalogue() {
    assertThat(
            problems(
                beam(
                    """
                    {"type": "ReadFromCsv", "config": {"colums": [], "null": "-", "thousands": 5}},
                    {"type": "Explode"},
                    {"type": "Sql", "config": {"a/b": 1}},
                    {"type": "ReadFromCsv", "name": "again", "config": {"null": 5}}
                    """)))
        .extracting(problem -> problem.pointer() + " " + problem.problem() + " " + problem.remedy())
        .containsExactly(
            "/transform/beam/0/config/colums is not a field of the configuration of ReadFromCsv."
                + " Did you mean \"columns\"?",
            "/transform/beam/0/config/thousands is 5, where a string is wanted. Give a string: the"
                + " separator.",
            "/transform/beam/1/type is \"Explode\", and there is no such step. The steps:"
                + " ReadFromCsv, Sql.",
            "/transform/beam/2/config/a~1b is not a field of the configuration of Sql. Its fields:"
                + " query.",
            "/transform/beam/2/config/query is missing. Give it: one SELECT.",
            "/transform/beam/3 reads files, and its input \"Sql\" is a step. Give it an \"input\" of"
                + " the stage.",
            "/transform/beam/3/config/null is 5, where a string or a list is wanted. Give a string"
                + " or a list: words for null.");
  }

  @Test
  void theQueryOfAStepIsOneSelect() {
    assertThat(
            problems(
                beam(
                    """
                    {"type": "ReadFromCsv"},
                    {"type": "Sql", "name": "a", "config": {"query": "INSERT INTO x VALUES (1)"}},
                    {"type": "Sql", "config": {"query": "SELECT 1; SELECT 2"}}
                    """)))
        .extracting(problem -> problem.pointer() + " " + problem.problem() + " " + problem.remedy())
        .containsExactly(
            "/transform/beam/1/config/query begins with INSERT, not SELECT. Give one SELECT: its"
                + " rows are the step's output.",
            "/transform/beam/2/config/query has a ; at line 1, column 9, and a query is one without"
                + " it. Give one SELECT: its rows are the step's output.");
  }

  @Test
  void stepsReadSidesOfAUnionByOneName() {
    assertThat(
            shown(
                union(
                    "[%s, %s]".formatted(pfs("a"), pfs("b")),
                    "\"beam\":[{\"type\":\"ReadFromCsv\",\"input\":\"a\"}]")))
        .containsExactly(
            "/input/union/1/pfs has no \"a\", and other sides of the union have: steps read all of"
                + " them as one input. Give the sides of the union one \"name\", or make a stage of"
                + " each.",
            "/input/union/0/pfs has no \"b\", and other sides of the union have: steps read all of"
                + " them as one input. Give the sides of the union one \"name\", or make a stage of"
                + " each.");
    assertThat(
            shown(
                union(
                    "[{\"cross\":[%s,%s]}, %s]".formatted(pfs("a"), pfs("b"), pfs("a")),
                    "\"beam\":[{\"type\":\"ReadFromCsv\",\"input\":\"a\"}]")))
        .singleElement()
        .asString()
        .startsWith("/input/union/1/pfs has no \"b\"");
    assertThat(
            validate(
                    union(
                        "[%s, %s]"
                            .formatted(
                                pfs("a"), pfs("b").replace("{\"repo", "{\"name\":\"a\",\"repo")),
                        "\"beam\":[{\"type\":\"ReadFromCsv\"}]"))
                .stages())
        .hasSize(1);
  }

  @Test
  void aFormatIsRefusedWhereNothingReadsByIt() {
    String formatted = pfs("a").replace("}}", ",\"format\":{\"skip\":1}}}");
    assertThat(shown(union("[" + formatted + "]", "\"beam\":[{\"type\":\"ReadFromCsv\"}]")))
        .containsExactly(
            "/input/union/0/pfs/format has no effect: only queries read files by it. Take it out, and"
                + " say it in the configuration of the step ReadFromCsv.");
    assertThat(shown(union("[" + formatted + "]", "\"cmd\":[\"true\"]")))
        .containsExactly(
            "/input/union/0/pfs/format has no effect: a program is shown files as they are. Take it"
                + " out.");
    assertThat(validate(union("[" + formatted + "]", "\"sql\":\"SELECT 1\"")).stages()).hasSize(1);
  }

  @Test
  void aViewIsRefusedWhereNoProgramIsShownIt() {
    String viewed = pfs("a").replace("}}", ",\"as\":\"csv\"}}");
    assertThat(shown(union("[" + viewed + "]", "\"sql\":\"SELECT 1\"")))
        .containsExactly(
            "/input/union/0/pfs/as has no effect: a query reads tables as they are. Take it out.");
    assertThat(shown(union("[" + viewed + "]", "\"beam\":[{\"type\":\"ReadFromCsv\"}]")))
        .containsExactly(
            "/input/union/0/pfs/as has no effect: steps read tables as they are. Take it out.");
    assertThat(validate(union("[" + viewed + "]", "\"cmd\":[\"true\"]")).stages()).hasSize(1);
  }

  @Test
  void whatIsWrongWithAFormatIsSaidOnce() {
    String formatted = pfs("a").replace("}}", ",\"format\":{\"header\":false}}}");
    assertThat(shown(union("[" + formatted + "]", "\"sql\":\"SELECT 1\"")))
        .containsExactly(
            "/input/union/0/pfs/format is wrong: \"header\" is false and no column has a name. Name"
                + " the file's columns in their order: \"header\": [\"a\", \"b\"], or by"
                + " \"columns\".");
  }

  @Test
  void aQueryNeedsANameThatEveryDatumHas() {
    assertThat(shown(union("[%s, %s]".formatted(pfs("a"), pfs("b")), "\"sql\":\"SELECT 1\"")))
        .containsExactly(
            "/input/union/1/pfs has no \"a\": no input is in every datum, so that no query can read"
                + " it. Give the sides of the union one \"name\", or make a stage of each.");
    assertThat(
            validate(
                    union(
                        "[%s, %s]"
                            .formatted(
                                pfs("a"), pfs("b").replace("{\"repo", "{\"name\":\"A\",\"repo")),
                        "\"sql\":\"SELECT 1\""))
                .stages())
        .hasSize(1);
  }

  private List<String> shown(String spec) {
    return problems(spec).stream()
        .map(problem -> problem.pointer() + " " + problem.problem() + " " + problem.remedy())
        .toList();
  }

  private static String union(String sides, String transform) {
    return "{\"pipeline\":{\"name\":\"u\"},\"input\":{\"union\":%s},\"transform\":{%s}}"
        .formatted(sides, transform);
  }

  private static String pfs(String repo) {
    return "{\"pfs\":{\"repo\":\"%s\",\"glob\":\"/\"}}".formatted(repo);
  }

  @Test
  void problemsOfSeveralFilesNameTheirFile() {
    SpecReading reading =
        SpecReading.of(
            List.of(
                new SpecSource("one.json", folder, "{"),
                new SpecSource("two.json", folder, stage("a", "a"))));
    assertThatThrownBy(() -> Pipeline.validate(reading, STEPS, Set.of()))
        .hasMessageContaining("one.json: is not JSON")
        .hasMessageContaining("two.json: /input/pfs/repo is \"a\"");
  }

  private String codeProblem(String code) {
    SpecProblem problem = onlyProblem(program(code));
    assertThat(problem.pointer()).isEqualTo("/transform/code");
    return problem.problem() + " " + problem.remedy();
  }

  private static String program(String code) {
    return """
        {"pipeline":{"name":"report"},"input":{"pfs":{"repo":"clean","glob":"/"}},
         "transform":{"cmd":["python3","/code/report.py"],"code":"%s"}}
        """
        .formatted(code);
  }

  private static String beam(String steps) {
    return """
        {"pipeline":{"name":"b"},"input":{"pfs":{"repo":"raw","glob":"/"}},
         "transform":{"beam":[%s]}}
        """
        .formatted(steps);
  }

  private static String stage(String name, String repo) {
    return "{\"pipeline\":{\"name\":\"%s\"},\"input\":{\"pfs\":{\"repo\":\"%s\",\"glob\":\"/\"}},\"transform\":{\"sql\":\"SELECT 1\"}}"
        .formatted(name, repo);
  }

  private SpecProblem onlyProblem(String... texts) {
    List<SpecProblem> problems = problems(texts);
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  private List<SpecProblem> problems(String... texts) {
    SpecFault fault = catchThrowableOfType(SpecFault.class, () -> validate(texts));
    assertThat(fault).as("a fault").isNotNull();
    return fault.problems();
  }

  private Pipeline validate(String... texts) {
    return Pipeline.validate(read(texts), STEPS, Set.of("direct", "flink"));
  }

  private SpecReading read(String... texts) {
    return SpecReading.of(
        Arrays.stream(texts).map(text -> new SpecSource("pipeline.json", folder, text)).toList());
  }

  private static String resource(String name) {
    try (InputStream in = PipelineTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
