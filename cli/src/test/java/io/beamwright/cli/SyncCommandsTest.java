// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code push}, {@code pull}, {@code remote} and {@code fsck}. */
class SyncCommandsTest {

  @TempDir private Path here;
  @TempDir private Path there;
  private CliStore ours;
  private CliStore theirs;

  @BeforeEach
  void twoFiles() {
    ours = new CliStore(here);
    theirs = new CliStore(there);
    ours.fine("create", "repo", "data");
    ours.put("data@master:/a", "1");
    ours.put("data@master:/b", "2");
    ours.fine("create", "tag", "data@v1", "--head", "data@master^");
  }

  @Test
  void whatIsPushedToARemoteIsPulledFromIt() throws IOException {
    ours.fine("remote", "add", "backup", theirs.uri());

    String pushed = ours.fine("push", "backup", "data");

    assertThat(pushed).contains("branch data@master: - -> ").contains("tag data@v1: - -> ");
    assertThat(theirs.fine("get", "file", "data@master:/b")).isEqualTo("2");
    assertThat(theirs.fine("fsck")).endsWith("sound\n");
    theirs.put("data@master:/c", "3");
    JsonNode pulled = ours.json("pull", "backup", "data@master");
    assertThat(pulled.path("commits").asInt()).isOne();
    assertThat(ours.fine("get", "file", "data@master:/c")).isEqualTo("3");
    assertThat(ours.fine("fsck")).endsWith("sound\n");
  }

  @Test
  void aTrialSaysWhatWouldBeCopiedAndMakesNoStore() throws IOException {
    String would = ours.fine("push", theirs.uri(), "data@master", "--dry-run");

    assertThat(would)
        .contains("branch data@master: - -> ")
        .contains("would copy at most 2 commits");
    try (Stream<Path> files = Files.list(there)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aBranchThatWentElsewhereIsAConflict() throws IOException {
    ours.fine("push", theirs.uri(), "data");
    theirs.put("data@master:/theirs", "x");
    ours.put("data@master:/ours", "y");

    Ran refused = ours.run("push", theirs.uri(), "data");

    assertThat(refused.exit()).isEqualTo(Exit.CONFLICT);
    assertThat(refused.err()).contains("The branch \"data@master\" in " + theirs.uri());
    assertThat(ours.fine("push", theirs.uri(), "data", "--force")).contains("(forced)");
    assertThat(theirs.fine("get", "file", "data@master:/ours")).isEqualTo("y");
  }

  @Test
  void remotesAreListedAndForgotten() throws IOException {
    ours.fine("remote", "add", "backup", theirs.uri());

    JsonNode remote = ours.json("remote", "list").path("remotes").path(0);
    assertThat(remote.path("name").asText()).isEqualTo("backup");
    assertThat(remote.path("uri").asText()).isEqualTo(theirs.uri());
    assertThat(ours.run("remote", "add", "backup", "file:/x").exit()).isEqualTo(Exit.CONFLICT);
    ours.fine("remote", "delete", "backup");
    Ran unknown = ours.run("push", "backup", "data");
    assertThat(unknown.exit()).isEqualTo(Exit.USER);
    assertThat(unknown.err()).contains("There is no remote \"backup\" in ");
  }

  @Test
  void secretsAreNotRemembered() {
    Ran refused =
        ours.run("remote", "add", "backup", theirs.uri(), "--option", "s3.secret-key=abc");

    assertThat(refused.exit()).isEqualTo(Exit.USER);
    assertThat(refused.err()).contains("The option \"s3.secret-key\" is a secret");
  }

  @Test
  void aStoreThatCpCopiedWorksAndMendsTheOther() throws Exception {
    copy(here, there);
    Path damaged = largestObject(here);
    assertThat(theirs.fine("fsck")).endsWith("sound\n");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[0] ^= 1;
    assertThat(damaged.toFile().setWritable(true)).isTrue();
    Files.write(damaged, bytes);

    Ran found = ours.run("fsck");

    assertThat(found.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(found.out()).contains("damaged ").contains("needed by data@").contains("affected ");
    Ran read = ours.run("get", "file", "data@master:/", "-r", "-o", here.resolve("out").toString());
    assertThat(read.err()).contains("beamwright fsck");
    String mended = ours.fine("fsck", "--repair-from", theirs.uri());
    assertThat(mended).contains("repaired ").endsWith("sound\n");
    assertThat(ours.json("fsck", "--quick").path("sound").asBoolean()).isTrue();
  }

  private static void copy(Path from, Path to) throws Exception {
    Process cp =
        new ProcessBuilder(List.of("cp", "-r", from + "/.", to.toString())).inheritIO().start();
    assertThat(cp.waitFor()).isZero();
  }

  private static Path largestObject(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("/objects/"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void filesAreReadThroughTheirExtentsWhereThatIsAskedFor() throws IOException {
    Path folder = Files.createDirectory(here.resolve("folder"));
    Files.writeString(folder.resolve("x"), "3");
    Files.writeString(folder.resolve("y"), "4");
    ours.fine("put", "file", "data@master:/", "-r", "-f", folder.toString());
    assertThat(ours.json("fsck").path("checked").path("files_read").asLong()).isZero();
    assertThat(ours.json("fsck", "--files").path("checked").path("files_read").asLong())
        .isPositive();
    ours.refuses(
        Exit.USER,
        "--quick reads no bytes, and --files reads all of them.\n  Leave out one of them.",
        "fsck",
        "--files",
        "--quick");
  }

  @Test
  void aRepairOfPartOfAStoreIsRefused() throws IOException {
    ours.refuses(
        Exit.USER,
        "A repair checks all of the store.\n  Leave out --quick and --repo, or the repair.",
        "fsck",
        "--repair",
        "--quick");
  }
}
