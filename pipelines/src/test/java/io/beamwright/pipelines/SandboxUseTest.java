// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.transforms.program.SandboxUse;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.commit.Provenance;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a submitter says of sandboxes counts wherever the run goes on. */
class SandboxUseTest {

  @TempDir private Path folder;

  @Test
  void aRunWithoutSandboxSaysSoInItsProvenanceAndHasProcessesOfItsOwnKey() {
    try (Workshop workshop = new Workshop("file:" + folder.resolve("store"), folder)) {
      var unused = workshop.put("in", Map.of("/x", "1"));
      RunnerDefaults off = new RunnerDefaults("direct", Map.of(), Map.of(), SandboxUse.OFF);
      RunContext context = workshop.newRun(off);

      RunReport report =
          new Corridor(context, runner -> new PlainEngine(1), RunEvents.NONE)
              .run(
                  workshop.pipeline(
                      """
                      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
                       "transform": {"cmd": ["cp", "/pfs/in/x", "/pfs/out/x"]}}
                      """));

      assertThat(report.succeeded()).isTrue();
      Provenance made = workshop.commit("copy").commit().provenance().orElseThrow();
      assertThat(made.executor()).matches("process/\\d+, sandbox off");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProcessThatGoesOnWithARunDoesAsTheOneThatBeganIt(SandboxUse use) {
    RunnerDefaults said = new RunnerDefaults("direct", Map.of("a", "b"), Map.of(), use);
    ObjectNode json = CanonicalJson.object();
    said.putInto(json);
    assertThat(RunnerDefaults.of(json)).isEqualTo(said);
    assertThat(json.has("sandbox")).isEqualTo(use != SandboxUse.PREFERRED);
  }
}
