// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.transforms.program.Workspace;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code transform.mounts} shows, and what the plan says of it. */
class MountsTest {

  private static final String SPEC =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"cmd": ["cp", "/pfs/in/x", "/pfs/out/x"], "mounts": ["%s"]}}
      """;

  // Not a temporary folder: below /tmp nothing is shown.
  private Path folder;
  private Workshop workshop;

  @BeforeEach
  void makeStore() throws IOException {
    folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "mounts-").toRealPath();
    workshop = Workshop.in(folder);
    var unused = workshop.put("in", Map.of("/x", "1"));
  }

  @AfterEach
  void deleteStore() throws IOException {
    workshop.close();
    Workspace.deleteTree(folder);
  }

  @Test
  void theStoreIsNotShown() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("store"));
    for (Path mount : new Path[] {folder, folder.resolve("store"), link}) {
      assertThatThrownBy(() -> workshop.plan(SPEC.formatted(mount), Map.of()))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(
              "The folder %s of transform.mounts holds or lies in the store (%s).",
              mount, folder.resolve("store"));
    }
  }

  @Test
  void theProvenanceNamesWhatWasShown() {
    assertThat(workshop.run(SPEC.formatted("/usr/share"), new PlainEngine(1)).succeeded()).isTrue();

    Provenance made = workshop.commit("copy").commit().provenance().orElseThrow();
    assertThat(made.mounts()).containsExactly(new Provenance.Mount("/usr/share", Optional.empty()));
    assertThat(made.steps()).isEmpty();
    assertThat(workshop.plan(SPEC.formatted("/usr/share"), Map.of()))
        .isInstanceOf(Plan.Reuse.class);
    assertThat(workshop.plan(SPEC.formatted("/usr/lib"), Map.of()).why())
        .contains("what transform.mounts shows changed");
  }
}
