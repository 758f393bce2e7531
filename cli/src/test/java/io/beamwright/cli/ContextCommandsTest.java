// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextCommandsTest {

  private static final String SPEC =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"sql": "SELECT 1 AS one"}}
      """;

  private static final String PROGRAM = "\"cmd\": [\"true\"]";

  @TempDir private Path folder;

  private Ran command(String... words) {
    Map<String, String> environment =
        Map.of("BEAMWRIGHT_CONTEXTS", folder.resolve("config/contexts.json").toString());
    return Ran.command(new byte[0], environment, words);
  }

  @Test
  void aContextNamesTheStoreOfEveryCommandAndTheCommandLineCountsMore() {
    String store = "file:" + folder.resolve("a");
    assertThat(command("context", "add", "prod", "--store", store).out())
        .isEqualTo("added context prod\n");

    assertThat(command("create", "repo", "in", "--context", "prod").exitCode()).isZero();

    assertThat(command("list", "repo", "--store", store).out()).contains("in");
    Ran other =
        command("list", "repo", "--context", "prod", "--store", "file:" + folder.resolve("b"));
    assertThat(other.exitCode()).isEqualTo(Exit.USER.code());
    assertThat(other.err()).contains("file:" + folder.resolve("b"));
  }

  @Test
  void aRunTakesItsRunnerAndOptionsFromTheContext() throws Exception {
    String store = "file:" + folder.resolve("a");
    Path spec = Files.writeString(folder.resolve("spec.json"), SPEC);
    var unused =
        command(
            "context",
            "add",
            "odd",
            "--store",
            store,
            "--runner",
            "direct",
            "--runner-option",
            "colour=blue");
    assertThat(command("create", "repo", "in", "--store", store).exitCode()).isZero();
    Files.writeString(folder.resolve("x"), "1");
    assertThat(
            command("put", "file", "in@master:/x", "-f", folder + "/x", "--store", store)
                .exitCode())
        .isZero();

    Ran ran = command("run", spec.toString(), "--context", "odd");

    assertThat(ran.exitCode()).isEqualTo(Exit.JOB_FAILED.code());
    assertThat(ran.err()).contains("The runner direct has no option colour.");
  }

  @Test
  void aContextSaysWhetherProgramsAreSandboxedAndTheCommandLineCountsMore() throws Exception {
    String store = "file:" + folder.resolve("a");
    Path spec =
        Files.writeString(
            folder.resolve("spec.json"), SPEC.replace("\"sql\": \"SELECT 1 AS one\"", PROGRAM));
    assertThat(command("create", "repo", "in", "--store", store).exitCode()).isZero();
    Files.writeString(folder.resolve("x"), "1");
    var unused = command("put", "file", "in@master:/x", "-f", folder + "/x", "--store", store);
    Ran added = command("context", "add", "bare", "--store", store, "--sandbox", "off", "--json");
    assertThat(added.out()).contains("\"sandbox\": \"off\"");

    Ran bare = command("run", spec.toString(), "--context", "bare", "--dry-run");
    Ran again =
        command("run", spec.toString(), "--context", "bare", "--dry-run", "--sandbox", "preferred");
    Ran odd = command("run", spec.toString(), "--context", "bare", "--sandbox", "maybe");

    assertThat(bare.out() + bare.err()).contains("Programs are not sandboxed (--sandbox off)");
    assertThat(again.out() + again.err()).doesNotContain("--sandbox off");
    assertThat(odd.exitCode()).isEqualTo(2);
    assertThat(odd.err()).contains("\"maybe\" is none of required, preferred and off.");
  }

  @Test
  void whatIsRememberedIsListedAndForgotten() {
    List<String> add = new ArrayList<>(List.of("context", "add", "prod", "--store", "file:/x"));
    add.addAll(List.of("--store-option", "s3.region=eu", "--master", "direct=here:1"));
    assertThat(command(add.toArray(String[]::new)).exitCode()).isZero();

    assertThat(command("context", "list").out())
        .isEqualTo("NAME  STORE    RUNNER  MASTER\nprod  file:/x          direct=here:1\n");
    assertThat(command("context", "list", "--json").out())
        .contains("\"store_options\": {\n        \"s3.region\": \"eu\"");
    Ran again = command(add.toArray(String[]::new));
    assertThat(again.exitCode()).isEqualTo(Exit.CONFLICT.code());
    assertThat(command("context", "delete", "prod").exitCode()).isZero();
    assertThat(command("context", "list", "--json").out()).contains("\"contexts\": [ ]");
  }

  @Test
  void whatIsWrongIsRefusedAndNothingIsRemembered() throws Exception {
    Ran none = command("list", "repo", "--context", "prood");
    assertThat(none.exitCode()).isEqualTo(Exit.USER.code());
    assertThat(none.err()).contains("There is no context \"prood\"", "contexts.json");

    Ran secret = command("context", "add", "a", "--store-option", "s3.secret-key=x");
    assertThat(secret.exitCode()).isEqualTo(Exit.USER.code());
    assertThat(secret.err()).contains("\"s3.secret-key\" is a secret");

    Ran runner = command("context", "add", "a", "--runner", "dircet");
    assertThat(runner.exitCode()).isEqualTo(Exit.COMMAND_LINE.code());
    assertThat(runner.err()).contains("There is no runner \"dircet\"");
    assertThat(command("context", "list", "--json").out()).contains("\"contexts\": [ ]");

    Files.createDirectories(folder.resolve("config"));
    Files.writeString(folder.resolve("config/contexts.json"), "{");
    Ran damaged = command("context", "list");
    assertThat(damaged.exitCode()).isEqualTo(Exit.USER.code());
    assertThat(damaged.err()).contains("is not JSON");
  }
}
