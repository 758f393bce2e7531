// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.ZippedStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records under checksums that are right, and that do not say all: damage, and no bug of ours. */
class DamagedRecordsTest {

  // Its job and its run were written by hand, with less than the command writes.
  private static final Path STORE =
      Path.of("../versioning/testkit/src/test/resources/stores/1.zip");

  @TempDir Path folder;
  private CliStore store;

  @BeforeEach
  void unpack() throws IOException {
    store = new CliStore(folder);
    try (InputStream zipped = Files.newInputStream(STORE)) {
      ZippedStore.unpack(zipped, store.root());
    }
  }

  @Test
  void thePlanOfAJobIsNamed() {
    Ran ran = store.run("list", "job");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith("error: " + store.uri() + "/jobs/4bf/")
        .contains("/plan, which should hold the plan of a job, does not say all of it.");
  }

  @Test
  void theRunIsNamed() {
    Ran ran = store.run("list", "run");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith(
            "error: What "
                + store.uri()
                + " tells of the run 0123456789abcdef0123456789abcdef is damaged: ");
  }

  @Test
  void aPushOfWhatTheJobMadeIsRefused() {
    Ran ran = store.run("push", "file:" + folder.resolve("copy"), "out");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .contains("should hold the description of a datum, does not say what came of one.");
  }
}
