// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.CopyingEngine;
import io.beamwright.pipelines.Workshop;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What WHY names. */
class ChangesTest {

  private static final String SPEC =
      """
      {"pipeline": {"name": "s"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"cmd": ["sh", "run.sh"], "stdin": ["a", "b"], "env": {"TEXT": "1\\n2\\n3"},
         "code": "code"}}
      """;

  @TempDir Path folder;
  private Workshop workshop;

  @BeforeEach
  void runOnce() throws IOException {
    workshop = new Workshop(new MemoryStorage(), folder);
    workshop.put("in", Map.of("/a", "1"));
    Files.createDirectory(folder.resolve("code"));
    for (String name : new String[] {"run.sh", "a.py", "b.py", "c.py", "d.py"}) {
      code(name, "one");
    }
    assertThat(workshop.run(SPEC, new CopyingEngine()).succeeded()).isTrue();
  }

  private void code(String name, String text) throws IOException {
    Files.writeString(folder.resolve("code").resolve(name), text);
  }

  private String why(String spec) {
    return workshop.plan(spec, Map.of()).why();
  }

  @Test
  void theFieldsOfTheSpecThatDifferAreNamed() {
    assertThat(why(SPEC.replace("run.sh", "go.sh").replace("/*", "/")))
        .isEqualTo("the spec changed: input.pfs.glob, transform.cmd[1]");
    assertThat(why(SPEC.replace("\"a\", \"b\"", "\"a\"")))
        .isEqualTo("the spec changed: transform.stdin");
    assertThat(why(SPEC.replace("{\"TEXT\"", "{\"A\": \"1\", \"TEXT\"")))
        .isEqualTo("the spec changed: transform.env.A");
  }

  @Test
  void theLineOfATextThatDiffersIsNamed() {
    assertThat(why(SPEC.replace("\\n2", "\\n4")))
        .isEqualTo("the spec changed: transform.env.TEXT line 2");
    assertThat(why(SPEC.replace("3\"", "3\\n4\"")))
        .isEqualTo("the spec changed: transform.env.TEXT line 4");
    assertThat(why(SPEC.replace("\\n2", "\\r\\n2")))
        .as("only ends of lines differ")
        .isEqualTo("the spec changed: transform.env.TEXT");
  }

  @Test
  void theFilesOfTheCodeThatDifferAreNamedUpToThree() throws IOException {
    code("run.sh", "two");
    assertThat(why(SPEC)).isEqualTo("the code changed: run.sh");
    Files.delete(folder.resolve("code/a.py"));
    code("new.py", "one");
    assertThat(why(SPEC)).isEqualTo("the code changed: a.py, new.py, run.sh");
    code("b.py", "two");
    assertThat(why(SPEC)).isEqualTo("the code changed: a.py, b.py, new.py, …");
  }

  @Test
  void whatIsNamedFitsALine() {
    String name = "x".repeat(80);
    assertThat(why(SPEC.replace("{\"TEXT\"", "{\"%s\": \"1\", \"TEXT\"".formatted(name))))
        .isEqualTo("the spec changed: transform.env." + "x".repeat(46) + "…");
  }

  @Test
  void severalKindsAreNamedTogether() throws IOException {
    String commit = workshop.put("in", Map.of("/a", "2")).brief();
    code("a.py", "two");
    assertThat(why(SPEC.replace("\"b\"", "\"c\"")))
        .isEqualTo(
            "input in is %s; the code changed: a.py; the spec changed: transform.stdin[1]"
                .formatted(commit));
  }
}
