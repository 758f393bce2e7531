// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.pipelines.spec.StepSpec.From;
import io.beamwright.pipelines.spec.StepSpec.StepInput;
import io.beamwright.pipelines.spec.Transform.BeamSteps;
import io.beamwright.pipelines.spec.Transform.Cmd;
import io.beamwright.pipelines.spec.Transform.Sql;
import io.beamwright.transforms.datum.View;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReadingTest {

  private static final String PFS = "{\"pfs\":{\"repo\":\"r\",\"glob\":\"/*\"}}";

  @Test
  void theClassicSpecOfPachydermReadsAsItStands() {
    PipelineSpec spec =
        only(
            """
            {"pipeline":{"name":"model"},"transform":{"image":"pachyderm/iris-train:python-svm","cmd":["python3","/code/pytrain.py"]},"input":{"atom":{"repo":"training","glob":"/"}}}
            """);
    assertThat(spec.name()).isEqualTo("model");
    assertThat(spec.outputBranch()).isEqualTo("master");
    assertThat(spec.tuning().datumTries()).isEqualTo(3);
    assertThat(spec.reprocess()).isEqualTo(Reprocess.UNTIL_SUCCESS);
    PfsInput input = (PfsInput) spec.input();
    assertThat(input.repo()).isEqualTo("training");
    assertThat(input.name()).isEqualTo("training");
    assertThat(input.branch()).isEqualTo("master");
    assertThat(input.glob().text()).isEqualTo("/");
    assertThat(input.pointer()).isEqualTo("/input/atom");
    Cmd cmd = (Cmd) spec.transform();
    assertThat(cmd.cmd()).containsExactly("python3", "/code/pytrain.py");
    assertThat(cmd.image()).contains("pachyderm/iris-train:python-svm");
  }

  @Test
  void everyFieldIsRead() {
    PipelineSpec spec =
        only(
            """
            {"pipeline": {"name": "all_of-it"},
             "description": "d", "metadata": {"labels": {"a": "b"}},
             "transform": {"cmd": ["sh"], "stdin": ["a", "b"], "env": {"B": "2", "A": "1"},
               "code": "src", "environment": ["python3 -m pip freeze"], "image": "i",
               "accept_return_code": [3, "2", 3], "working_dir": "/tmp", "debug": true,
               "mounts": ["/opt/venv", {"path": "/opt/conda", "digest": true}]},
             "input": {"cross": [
               {"pfs": {"repo": "r", "name": "n", "branch": "b/1", "glob": "/(*)", "as": "json"}},
               {"cross": [{"pfs": {"repo": "s", "glob": "/"}}, {"atom": {"repo": "t", "glob": "*"}}]}]},
             "output_branch": "dev", "parallelism_spec": {"constant": "4"},
             "resource_requests": {"cpu": 0.5, "memory": "64M", "gpu": {"type": "x", "number": 1}},
             "resource_limits": {"cpu": "500m", "memory": 1024},
             "datum_tries": 1, "datum_timeout": "1h30m",
             "datum_set_spec": {"number": 10, "size_bytes": 100, "per_worker": 2},
             "reprocess_spec": "every_job", "salt": "s",
             "runner": {"name": "flink", "options": {"parallelism": 2}}}
            """);
    assertThat(spec.description()).isEqualTo("d");
    assertThat(spec.metadata().at("/labels/a").textValue()).isEqualTo("b");
    Cmd cmd = (Cmd) spec.transform();
    assertThat(cmd.stdin()).containsExactly("a", "b");
    assertThat(cmd.env()).containsExactly(Map.entry("A", "1"), Map.entry("B", "2"));
    assertThat(cmd.code()).contains("src");
    assertThat(cmd.environment()).containsExactly("python3 -m pip freeze");
    assertThat(cmd.acceptReturnCode()).containsExactly(2, 3);
    assertThat(cmd.workingDir()).contains("/tmp");
    assertThat(cmd.mounts())
        .containsExactly(new MountSpec("/opt/venv", false), new MountSpec("/opt/conda", true));
    assertThat(cmd.debug()).isTrue();
    assertThat(((CrossInput) spec.input()).sides())
        .as("a cross inside a cross is flattened")
        .isEqualTo(spec.input().leaves())
        .extracting(side -> ((PfsInput) side).name())
        .containsExactly("n", "s", "t");
    PfsInput first = spec.input().leaves().get(0);
    assertThat(first.branch()).isEqualTo("b/1");
    assertThat(first.as()).isEqualTo(View.JSON);
    assertThat(first.glob().captures()).isEqualTo(1);
    assertThat(spec.input().leaves().get(2).pointer()).isEqualTo("/input/cross/1/cross/1/atom");
    assertThat(spec.outputBranch()).isEqualTo("dev");
    Tuning tuning = spec.tuning();
    assertThat(tuning.parallelism()).hasValue(4);
    assertThat(tuning.requests().cpu()).contains(new BigDecimal("0.5"));
    assertThat(tuning.requests().memoryBytes()).hasValue(64_000_000);
    assertThat(tuning.requests().gpu()).contains(new Resources.Gpu("x", 1));
    assertThat(tuning.limits().cpu().orElseThrow()).isEqualByComparingTo("0.5");
    assertThat(tuning.limits().memoryBytes()).hasValue(1024);
    assertThat(tuning.datumTries()).isEqualTo(1);
    assertThat(tuning.datumTimeout()).contains(Duration.ofMinutes(90));
    assertThat(tuning.datumSets().number()).hasValue(10);
    assertThat(tuning.datumSets().sizeBytes()).hasValue(100);
    assertThat(tuning.datumSets().perWorker()).hasValue(2);
    assertThat(spec.reprocess()).isEqualTo(Reprocess.EVERY_JOB);
    assertThat(spec.salt()).contains("s");
    RunnerChoice runner = spec.runner().orElseThrow();
    assertThat(runner.name()).isEqualTo("flink");
    assertThat(runner.options().path("parallelism").intValue()).isEqualTo(2);
  }

  @Test
  void whatDoesNothingYetIsSaidOnceWithWhatHappensInstead() {
    SpecReading reading =
        read(
            """
            {"pipeline": {"name": "p"},
             "transform": {"cmd": ["x"], "debug": true},
             "input": {"pfs": {"repo": "r", "glob": "/*"}},
             "resource_requests": {"cpu": 1, "memory": "1G", "gpu": {"type": "x", "number": 1}},
             "resource_limits": {"cpu": 1, "memory": "1G", "gpu": {"type": "x", "number": 1}},
             "datum_set_spec": {"number": 1, "size_bytes": 5, "per_worker": null}}
            """);

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.warnings())
        .extracting(SpecWarning::line)
        .allMatch(line -> line.contains(" is read and does nothing yet: "))
        .extracting(line -> line.replaceAll(" is read.*", "").replaceAll(".*: ", ""))
        .containsExactlyInAnyOrder(
            "/transform/debug",
            "/resource_requests/cpu",
            "/resource_requests/gpu",
            "/resource_limits",
            "/datum_set_spec/size_bytes");
  }

  @Test
  void whatWasSubmittedIsKeptInSnakeCaseAndReadsAsTheSameSpec() {
    PipelineSpec spec =
        only(
            """
            {"pipeline": {"name": "p"}, "outputBranch": "dev",
             "transform": {"acceptReturnCode": [1], "cmd": ["x"], "env": {"camelCase": "kept"}},
             "input": {"cross": [{"pfs": {"repo": "r", "glob": "/*"}}]},
             "parallelismSpec": {"constant": "1"}, "resourceRequests": {"cpu": 0.10},
             "datumSetSpec": {"sizeBytes": 5}, "podSpec": "{}", "runner": "direct",
             "metadata": {"someThing": 1}}
            """);
    assertThat(spec.submitted())
        .isEqualTo(
            "{\"datum_set_spec\":{\"size_bytes\":5},"
                + "\"input\":{\"cross\":[{\"pfs\":{\"glob\":\"/*\",\"repo\":\"r\"}}]},"
                + "\"metadata\":{\"someThing\":1},\"output_branch\":\"dev\","
                + "\"parallelism_spec\":{\"constant\":\"1\"},\"pipeline\":{\"name\":\"p\"},"
                + "\"pod_spec\":\"{}\",\"resource_requests\":{\"cpu\":0.10},\"runner\":\"direct\","
                + "\"transform\":{\"accept_return_code\":[1],\"cmd\":[\"x\"],"
                + "\"env\":{\"camelCase\":\"kept\"}}}");
    PipelineSpec again = only(spec.submitted());
    assertThat(again.submitted()).isEqualTo(spec.submitted());
    assertThat(again.transform()).isEqualTo(spec.transform());
    assertThat(again.tuning()).isEqualTo(spec.tuning());
    assertThat(again.input()).isEqualTo(spec.input());
  }

  @Test
  void aFileMayHoldAnObjectAnArrayOrSeveralDocuments() {
    assertThat(read(sql("a")).specs()).hasSize(1);
    assertThat(read("[" + sql("a") + "," + sql("b") + "]").specs())
        .extracting(PipelineSpec::name)
        .containsExactly("a", "b");
    assertThat(read("\uFEFF" + sql("a") + "\n" + sql("b") + "[" + sql("c") + "]").specs())
        .extracting(spec -> spec.name() + " " + spec.origin().source() + spec.origin().pointer())
        .containsExactly(
            "a f.json (document 1)", "b f.json (document 2)", "c f.json (document 3)/0");
  }

  @Test
  void stepsReadTheOnesBeforeUnlessTheySayOtherwise() {
    PipelineSpec spec =
        only(
            """
            {"pipeline": {"name": "p"},
             "input": {"cross": [{"pfs": {"repo": "r", "glob": "/"}}, {"pfs": {"repo": "s", "glob": "/"}}]},
             "transform": {"beam": [
               {"type": "Join"},
               {"type": "Filter", "config": {"keep": 0.1}},
               {"type": "Filter", "name": "other", "input": "s"},
               {"type": "Sql", "input": ["Filter", "other"]},
               {"type": "Sql", "input": {"left": "Filter", "right": "r"}},
               {"type": "Merge", "input": ["Sql", "Sql_2"]}]}}
            """);
    List<StepSpec> steps = ((BeamSteps) spec.transform()).steps();
    assertThat(steps)
        .extracting(StepSpec::name)
        .containsExactly("Join", "Filter", "other", "Sql", "Sql_2", "Merge");
    assertThat(steps.get(0).inputs())
        .containsExactly(new StepInput("r", From.INPUT, "r"), new StepInput("s", From.INPUT, "s"));
    assertThat(steps.get(1).inputs()).containsExactly(new StepInput("Join", From.STEP, "Join"));
    assertThat(steps.get(1).config().path("keep").decimalValue()).isEqualTo(new BigDecimal("0.1"));
    assertThat(steps.get(2).inputs()).containsExactly(new StepInput("s", From.INPUT, "s"));
    assertThat(steps.get(4).inputs())
        .containsExactly(
            new StepInput("left", From.STEP, "Filter"), new StepInput("right", From.INPUT, "r"));
    assertThat(read(spec.submitted()).warnings()).isEmpty();
  }

  @Test
  void sqlIsKeptAsItIsWritten() {
    assertThat(only(sql("a")).transform()).isEqualTo(new Sql("SELECT 1"));
  }

  @Test
  void aStepThatNothingReadsIsWarnedOf() {
    assertThat(read(beam("{\"type\":\"A\"},{\"type\":\"B\",\"input\":\"r\"}")).warnings())
        .extracting(SpecWarning::line)
        .containsExactly(
            "f.json: /transform/beam/0 is never read: the stage's table is the rows of the last"
                + " step.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scheduling_spec", "pod_spec", "pod_patch", "podPatch", "sidecar_resource_limits",
        "sidecar_resource_requests", "service", "autoscaling", "tolerations", "standby",
        "cache_size", "max_queue_size", "scale_down_threshold", "enable_stats", "enableStats"
      })
  void whatOnlyKubernetesCanServeIsAcceptedWithOneWarning(String field) {
    SpecReading reading = read(with("\"" + field + "\": {\"any\": [1]}"));
    assertThat(reading.specs()).hasSize(1);
    assertThat(reading.warnings()).hasSize(1);
    assertThat(reading.warnings().get(0).line())
        .startsWith("f.json: /" + field + " is for Kubernetes and has no effect here: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job_timeout",
        "egress",
        "spout",
        "output_policy",
        "s3_out",
        "update",
        "reprocess",
        "jobTimeout"
      })
  void whatIsNotBuiltIsRefusedInThoseWords(String field) {
    assertThat(problems(with("\"" + field + "\": \"5m\"")))
        .containsExactly("/" + field + " is not built yet.");
  }

  @ParameterizedTest
  @CsvSource({
    "transform,err_cmd",
    "transform,err_stdin",
    "transform,user",
    "transform,secrets",
    "transform,datum_batching",
    "input,join",
    "input,group",
    "input,cron",
    "input/pfs,lazy",
    "input/pfs,empty_files",
    "input/pfs,trigger",
    "input/pfs,join_on",
    "input/pfs,outer_join",
    "input/pfs,group_by"
  })
  void whatIsNotBuiltIsRefusedWhereverItStands(String where, String field) {
    String inTransform = where.equals("transform") ? ",\"" + field + "\":[]" : "";
    String inInput = where.equals("input") ? ",\"" + field + "\":[]" : "";
    String inPfs = where.equals("input/pfs") ? ",\"" + field + "\":\"\"" : "";
    assertThat(
            problems(
                "{\"pipeline\":{\"name\":\"p\"},\"transform\":{\"cmd\":[\"x\"]"
                    + inTransform
                    + "},\"input\":{\"pfs\":{\"repo\":\"r\",\"glob\":\"/\""
                    + inPfs
                    + "}"
                    + inInput
                    + "}}"))
        .containsExactly("/" + where + "/" + field + " is not built yet.");
  }

  @Test
  void anInputThatIsNotBuiltIsNotAlsoCalledEmpty() {
    assertThat(
            problems(
                """
                {"pipeline":{"name":"p"},"transform":{"sql":"SELECT 1"},
                 "input":{"join":[{"pfs":{"repo":"r","glob":"/"}}]}}
                """))
        .containsExactly("/input/join is not built yet.");
  }

  @Test
  void aCaptureThatTheGlobDoesNotHaveIsNamed() {
    assertThat(
            problems(
                """
                {"pipeline":{"name":"p"},"transform":{"sql":"SELECT 1"},
                 "input":{"pfs":{"repo":"r","glob":"/(*)-*","join_on":"$1-$2"}}}
                """))
        .containsExactly(
            "/input/pfs/join_on is not built yet.",
            "/input/pfs/join_on names $2, and the glob captures 1.");
  }

  @Test
  void aSpecFileThatIsNotThereNamesItsNeighbours(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("pipeline.json"), "{}");
    assertThatThrownBy(() -> SpecSource.of(folder.resolve("pipelne.json")))
        .isInstanceOfSatisfying(
            UserFault.class,
            fault -> {
              assertThat(fault).hasMessageContaining("There is no spec file " + folder);
              assertThat(fault.remedy()).isEqualTo("Did you mean \"pipeline.json\"?");
            });
    assertThatThrownBy(() -> SpecSource.of(folder))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("is a folder, not a spec file");
    Files.write(folder.resolve("latin1.json"), new byte[] {(byte) 0xe9});
    assertThatThrownBy(() -> SpecSource.of(folder.resolve("latin1.json")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("is not UTF-8 text");
    assertThat(SpecSource.of(folder.resolve("pipeline.json")).text()).isEqualTo("{}");
  }

  private static String sql(String name) {
    return "{\"pipeline\":{\"name\":\""
        + name
        + "\"},\"input\":"
        + PFS
        + ",\"transform\":{\"sql\":\"SELECT 1\"}}";
  }

  private static String beam(String steps) {
    return "{\"pipeline\":{\"name\":\"p\"},\"input\":"
        + PFS
        + ",\"transform\":{\"beam\":["
        + steps
        + "]}}";
  }

  private static String with(String fields) {
    return sql("p").replaceFirst("\\{", "{" + fields.replace("$", "\\$") + ",");
  }

  private static PipelineSpec only(String text) {
    List<PipelineSpec> specs = read(text).specs();
    assertThat(specs).hasSize(1);
    return specs.get(0);
  }

  private static List<String> problems(String text) {
    return read(text).problems().stream()
        .map(problem -> problem.pointer() + " " + problem.problem())
        .toList();
  }

  private static SpecReading read(String text) {
    return SpecReading.of(List.of(new SpecSource("f.json", Path.of("/specs"), text)));
  }
}
