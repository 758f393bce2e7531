// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.spec.Field.Key;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.transforms.beam.StepDescription;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.JsonType;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That exactly the fields which the table calls keyed are in the planner's keys, one by one. */
class KeysTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CMD =
      """
      {"pipeline": {"name": "p"}, "description": "d", "metadata": {"labels": {"a": "b"}},
       "transform": {"cmd": ["sh", "-c"], "stdin": ["a"], "env": {"A": "1"}, "code": "src",
         "environment": ["echo 1"], "image": "i", "accept_return_code": [3],
         "working_dir": "/tmp", "debug": true,
         "mounts": [{"path": "/usr/local/etc", "digest": false}]},
       "input": {"pfs": {"repo": "r", "name": "n", "branch": "b", "glob": "/*", "as": "json"}},
       "output_branch": "dev", "parallelism_spec": {"constant": 4},
       "resource_requests": {"cpu": 1, "memory": "64M", "gpu": {"type": "x", "number": 1}},
       "resource_limits": {"cpu": 1}, "datum_tries": 2, "datum_timeout": "1h",
       "datum_set_spec": {"number": 10, "size_bytes": 100, "per_worker": 2},
       "reprocess_spec": "until_success", "salt": "s",
       "runner": {"name": "flink", "options": {"parallelism": 2}}}
      """;

  private static final String SQL =
      """
      {"pipeline": {"name": "p"}, "transform": {"sql": "SELECT 1"},
       "input": {"atom": {"repo": "r", "name": "n", "glob": "/*"}}, "chunk_spec": {"number": 1}}
      """;

  private static final String BEAM =
      """
      {"pipeline": {"name": "p"},
       "input": {"cross": [{"pfs": {"repo": "r", "glob": "/"}}, {"pfs": {"repo": "s", "glob": "/"}}]},
       "transform": {"beam": [{"type": "A", "name": "a", "config": {"x": 0.1}},
                              {"type": "B", "input": {"t": "a"}}]}}
      """;

  private static final String CROSS =
      """
      {"pipeline": {"name": "p"}, "transform": {"cmd": ["true"]},
       "input": {"cross": [{"pfs": {"repo": "r", "glob": "/"}}, {"pfs": {"repo": "s", "glob": "/"}}]}}
      """;

  private static final String FORMAT =
      """
      {"pipeline": {"name": "p"}, "transform": {"sql": "SELECT 1"},
       "input": {"pfs": {"repo": "r", "glob": "/*", "format": {"type": "csv", "header": true,
         "columns": [{"name": "a", "type": "int64"}], "skip": 1, "delimiter": "|", "quote": "\\"",
         "comment": "#", "null": "-", "thousands": ","}}}}
      """;

  private static final String UNION =
      """
      {"pipeline": {"name": "p"}, "transform": {"beam": [{"type": "A"}]},
       "input": {"union": [{"pfs": {"repo": "r", "glob": "/"}},
                           {"pfs": {"repo": "s", "name": "r", "glob": "/"}}]}}
      """;

  private static final StepCatalog STEPS =
      StepCatalog.of(
          Stream.of("A", "B", "C")
              .map(
                  name ->
                      new StepDescription(
                          name,
                          "1",
                          Takes.ROWS,
                          "",
                          List.of(ConfigField.optional("x", List.of(JsonType.ANY), ""))))
              .toList());

  @TempDir static Path folder;

  private static Workshop workshop;
  private static CommitId commit;

  /** The keys of a job and of its datums. */
  record Keys(Sha256 job, List<Sha256> datums) {}

  @BeforeAll
  static void putCodeAndInput() throws IOException {
    for (String code : List.of("src", "lib")) {
      Files.createDirectory(folder.resolve(code));
      Files.writeString(folder.resolve(code).resolve("run.sh"), "true");
    }
    workshop = Workshop.in(folder);
    commit = workshop.put("r", Map.of("/a", "1"));
  }

  @AfterAll
  static void close() {
    workshop.close();
  }

  /** A field of a section, the spec it is changed in, where, and to what. */
  record Change(String field, String spec, String at, String to) {}

  static List<Change> changes() {
    return List.of(
        new Change("spec.pipeline", CMD, "/pipeline", "{\"name\": \"q\"}"),
        new Change("pipeline.name", CMD, "/pipeline/name", "\"q\""),
        new Change("spec.description", CMD, "/description", "\"e\""),
        new Change("spec.metadata", CMD, "/metadata", "{}"),
        new Change("spec.transform", CMD, "/transform/debug", "false"),
        new Change("spec.input", CMD, "/input/pfs/branch", "\"c\""),
        new Change("spec.output_branch", CMD, "/output_branch", "\"main\""),
        new Change("spec.parallelism_spec", CMD, "/parallelism_spec", "{}"),
        new Change("parallelism_spec.constant", CMD, "/parallelism_spec/constant", "5"),
        new Change("spec.resource_requests", CMD, "/resource_requests", "{}"),
        new Change("resources.cpu", CMD, "/resource_requests/cpu", "\"500m\""),
        new Change("resources.memory", CMD, "/resource_requests/memory", "1024"),
        new Change("resources.gpu", CMD, "/resource_requests/gpu", "null"),
        new Change("gpu.type", CMD, "/resource_requests/gpu/type", "\"y\""),
        new Change("gpu.number", CMD, "/resource_requests/gpu/number", "2"),
        new Change("spec.resource_limits", CMD, "/resource_limits", "{}"),
        new Change("spec.datum_tries", CMD, "/datum_tries", "1"),
        new Change("spec.datum_timeout", CMD, "/datum_timeout", "\"2h\""),
        new Change("spec.datum_set_spec", CMD, "/datum_set_spec", "{}"),
        new Change("spec.chunk_spec", SQL, "/chunk_spec", "{}"),
        new Change("datum_set_spec.number", CMD, "/datum_set_spec/number", "11"),
        new Change("datum_set_spec.size_bytes", CMD, "/datum_set_spec/size_bytes", "1"),
        new Change("datum_set_spec.per_worker", CMD, "/datum_set_spec/per_worker", "1"),
        new Change("spec.reprocess_spec", CMD, "/reprocess_spec", "\"every_job\""),
        new Change("spec.salt", CMD, "/salt", "\"t\""),
        new Change("spec.runner", CMD, "/runner", "\"direct\""),
        new Change("runner.name", CMD, "/runner/name", "\"spark\""),
        new Change("runner.options", CMD, "/runner/options", "{}"),
        new Change("transform.cmd", CMD, "/transform/cmd", "[\"sh -c\"]"),
        new Change("transform.stdin", CMD, "/transform/stdin", "[]"),
        new Change("transform.env", CMD, "/transform/env", "{\"A\": \"2\"}"),
        new Change("transform.code", CMD, "/transform/code", "\"lib\""),
        new Change("transform.environment", CMD, "/transform/environment", "[\"printf '1\\\\n'\"]"),
        new Change("transform.image", CMD, "/transform/image", "\"j\""),
        new Change("transform.accept_return_code", CMD, "/transform/accept_return_code", "[4]"),
        new Change("transform.working_dir", CMD, "/transform/working_dir", "\"/code\""),
        new Change("transform.mounts", CMD, "/transform/mounts", "[]"),
        new Change("mount.path", CMD, "/transform/mounts/0/path", "\"/usr/local/include\""),
        new Change("mount.digest", CMD, "/transform/mounts/0/digest", "true"),
        new Change("transform.debug", CMD, "/transform/debug", "false"),
        new Change("transform.sql", SQL, "/transform/sql", "\"SELECT 2\""),
        new Change("transform.beam", BEAM, "/transform/beam", "[{\"type\": \"A\"}]"),
        new Change("step.type", BEAM, "/transform/beam/0/type", "\"C\""),
        new Change("step.name", BEAM, "/transform/beam/1/name", "\"other\""),
        new Change("step.config", BEAM, "/transform/beam/0/config", "{\"x\": \"0.1\"}"),
        new Change("step.input", BEAM, "/transform/beam/1/input", "{\"u\": \"a\"}"),
        new Change("input.pfs", CMD, "/input/pfs/repo", "\"other\""),
        new Change("input.atom", SQL, "/input/atom/repo", "\"other\""),
        new Change("input.cross", BEAM, "/input/cross/0/pfs/glob", "\"/*\""),
        new Change("input.union", UNION, "/input/union/0/pfs/glob", "\"/*\""),
        new Change("pfs.repo", CMD, "/input/pfs/repo", "\"other\""),
        new Change("pfs.name", CMD, "/input/pfs/name", "\"other\""),
        new Change("pfs.branch", CMD, "/input/pfs/branch", "\"other\""),
        new Change("pfs.glob", CMD, "/input/pfs/glob", "\"/[a]\""),
        new Change("pfs.as", CMD, "/input/pfs/as", "\"csv\""),
        new Change("pfs.format", FORMAT, "/input/pfs/format", "{}"),
        new Change("format.type", FORMAT, "/input/pfs/format/type", "\"tsv\""),
        new Change("format.columns", FORMAT, "/input/pfs/format/columns/0/type", "\"text\""),
        new Change("format.header", FORMAT, "/input/pfs/format/header", "[\"a\"]"),
        new Change("format.skip", FORMAT, "/input/pfs/format/skip", "2"),
        new Change("format.delimiter", FORMAT, "/input/pfs/format/delimiter", "\";\""),
        new Change("format.quote", FORMAT, "/input/pfs/format/quote", "\"'\""),
        new Change("format.comment", FORMAT, "/input/pfs/format/comment", "\"%\""),
        new Change("format.null", FORMAT, "/input/pfs/format/null", "[]"),
        new Change("format.thousands", FORMAT, "/input/pfs/format/thousands", "\" \""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aChangeOfAFieldChangesTheKeysThatTheTableSays(Change change) throws JsonProcessingException {
    PipelineSpec before = spec(change.spec);
    PipelineSpec after = spec(changed(change).toString());
    assertThat(after.submitted()).as("the spec").isNotEqualTo(before.submitted());
    Key key = field(change.field).key();
    assertThat(!keys(before).job().equals(keys(after).job()))
        .as("the job's key changes")
        .isEqualTo(key == Key.DATUM || key == Key.JOB);
    // Under every_job a job's datums have keys of their own, so that no earlier result is found.
    if (!change.field.equals("spec.reprocess_spec")) {
      assertThat(!keys(before).datums().equals(keys(after).datums()))
          .as("the datum's key changes")
          .isEqualTo(key == Key.DATUM);
    }
  }

  @Test
  void everyFieldThatIsReadIsChangedAbove() {
    Set<String> built = new TreeSet<>();
    SpecFields.sections()
        .forEach(
            (key, section) ->
                section.fields().stream()
                    .filter(Field::isRead)
                    .forEach(field -> built.add(key + "." + field.name())));
    assertThat(changes()).extracting(Change::field).containsAll(built);
    assertThat(built).containsAll(changes().stream().map(Change::field).toList());
  }

  @Test
  void whatMeansTheSameHasTheSameKeys() {
    PipelineSpec spelled =
        spec(
            CMD.replace("accept_return_code\": [3]", "acceptReturnCode\": [\"3\", 3]")
                .replace("\"pfs\"", "\"atom\"")
                .replace("{\"A\": \"1\"}", "{ \"A\" : \"1\" }"));
    assertThat(keys(spelled)).isEqualTo(keys(spec(CMD)));
  }

  @Test
  void aNameThatIsTheDefaultIsNoChange() {
    PipelineSpec named = spec(BEAM.replace("\"type\": \"B\"", "\"type\": \"B\", \"name\": \"B\""));
    assertThat(keys(named)).isEqualTo(keys(spec(BEAM)));
  }

  @Test
  void theOrderOfACrossIsInTheKeys() {
    PipelineSpec straight = spec(CROSS);
    PipelineSpec turned =
        spec(
            CROSS
                .replace("\"repo\": \"r\"", "\"repo\": \"q\"")
                .replace("\"repo\": \"s\"", "\"repo\": \"r\"")
                .replace("\"repo\": \"q\"", "\"repo\": \"s\""));
    assertThat(keys(turned).job()).isNotEqualTo(keys(straight).job());
    assertThat(keys(turned).datums()).isNotEqualTo(keys(straight).datums());
  }

  @Test
  void theFormOfTheInputPartOfAJobsKeyStays() {
    assertThat(keyPart("{\"pfs\": {\"repo\": \"r\", \"glob\": \"/*\"}}"))
        .isEqualTo("{\"input\":\"pfs\",\"inputs\":[{\"glob\":\"/*\",\"name\":\"r\"}]}");
    assertThat(
            keyPart(
                """
                {"cross": [{"atom": {"repo": "r", "name": "n", "glob": "/(*)", "as": "csv"}},
                           {"cross": [{"pfs": {"repo": "s", "glob": "/", "branch": "b"}},
                                      {"pfs": {"repo": "t", "glob": "/"}}]}]}
                """))
        .isEqualTo(
            "{\"input\":\"cross\",\"inputs\":[{\"as\":\"csv/2\",\"glob\":\"/(*)\",\"name\":\"n\"},"
                + "{\"glob\":\"/\",\"name\":\"s\"},{\"glob\":\"/\",\"name\":\"t\"}]}");
    assertThat(keyPart("{\"cross\": [{\"pfs\": {\"repo\": \"r\", \"glob\": \"/\"}}]}"))
        .isEqualTo("{\"input\":\"cross\",\"inputs\":[{\"glob\":\"/\",\"name\":\"r\"}]}");
  }

  @Test
  void treesOfInputsHaveKeysThatTellThemApart() {
    String a = "{\"pfs\": {\"repo\": \"a\", \"glob\": \"/\"}}";
    String b = a.replace("\"a\"", "\"b\"");
    String c = a.replace("\"a\"", "\"c\"");
    List<String> trees =
        List.of(
            a,
            "{\"cross\": [" + a + "]}",
            "{\"union\": [" + a + "]}",
            "{\"cross\": [" + a + "," + b + "]}",
            "{\"union\": [" + a + "," + b + "]}",
            "{\"union\": [" + b + "," + a + "]}",
            "{\"cross\": [" + a + ",{\"union\": [" + b + "," + c + "]}]}",
            "{\"union\": [{\"cross\": [" + a + "," + b + "]}," + c + "]}",
            "{\"union\": [" + a + ",{\"cross\": [" + b + "," + c + "]}]}",
            "{\"union\": [" + a + "," + b + "," + c + "]}",
            "{\"union\": [" + a + ",{\"union\": [" + b + "," + c + "]}]}",
            "{\"union\": [{\"union\": [" + a + "," + b + "]}," + c + "]}",
            "{\"cross\": [" + a + "," + b + "," + c + "]}");
    assertThat(trees).extracting(KeysTest::keyPart).doesNotHaveDuplicates();
    assertThat(keyPart(trees.get(6)))
        .isEqualTo(
            "{\"input\":\"cross\",\"inputs\":[{\"glob\":\"/\",\"name\":\"a\"},"
                + "{\"union\":[{\"glob\":\"/\",\"name\":\"b\"},{\"glob\":\"/\",\"name\":\"c\"}]}]}");
    assertThat(keyPart(trees.get(7)))
        .isEqualTo(
            "{\"input\":\"union\",\"inputs\":[{\"cross\":[{\"glob\":\"/\",\"name\":\"a\"},"
                + "{\"glob\":\"/\",\"name\":\"b\"}]},{\"glob\":\"/\",\"name\":\"c\"}]}");
  }

  private static String keyPart(String input) {
    return CanonicalJson.text(
        spec("{\"pipeline\":{\"name\":\"p\"},\"transform\":{\"sql\":\"SELECT 1\"},\"input\":"
                + input
                + "}")
            .jobKeyPart());
  }

  @Test
  void theContentOfTheCodeIsInTheKeys() throws IOException {
    Path program = folder.resolve("src/run.sh");
    Keys before = keys(spec(CMD));
    Files.writeString(program, "false");
    Keys after = keys(spec(CMD));
    Files.writeString(program, "true");
    assertThat(after.job()).isNotEqualTo(before.job());
    assertThat(after.datums()).isNotEqualTo(before.datums());
  }

  @Test
  void howTablesAreShownIsInTheJobsKeyByItsVersion() throws IOException {
    assertThat(spec(CMD).jobKeyPart().at("/inputs/0/as").textValue()).isEqualTo("json/2");
    assertThat(spec(SQL).jobKeyPart().at("/inputs/0").has("as")).isFalse();
  }

  private static Field field(String name) {
    int dot = name.indexOf('.');
    return SpecFields.section(name.substring(0, dot)).field(name.substring(dot + 1));
  }

  private static JsonNode changed(Change change) throws JsonProcessingException {
    JsonNode root = JSON.readTree(change.spec);
    int slash = change.at.lastIndexOf('/');
    JsonNode parent = root.at(change.at.substring(0, slash));
    String name = change.at.substring(slash + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), JSON.readTree(change.to));
    } else {
      ((ObjectNode) parent).set(name, JSON.readTree(change.to));
    }
    return root;
  }

  /** The keys that the planner gives a stage, whose inputs are all the same commit. */
  private static Keys keys(PipelineSpec spec) {
    Map<String, CommitId> inputs = new HashMap<>();
    spec.input().leaves().forEach(leaf -> inputs.put(leaf.repo() + "@" + leaf.branch(), commit));
    Pipeline pipeline =
        Pipeline.validate(reading(spec.submitted()), STEPS, Set.of("direct", "flink", "spark"));
    Plan.Run plan = (Plan.Run) new Planner(workshop.newRun()).pin(pipeline.stages().get(0), inputs);
    List<Sha256> datums = new ArrayList<>();
    Segments.read(workshop.store().files(), plan.todo(), datum -> datums.add(datum.key()));
    return new Keys(plan.job().provenance().jobKey(), datums);
  }

  private static PipelineSpec spec(String text) {
    return reading(text).specs().get(0);
  }

  private static SpecReading reading(String text) {
    return SpecReading.of(List.of(new SpecSource("f.json", folder, text)));
  }
}
