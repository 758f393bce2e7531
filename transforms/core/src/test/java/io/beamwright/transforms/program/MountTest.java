// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTest {

  private static final OptionalInt NOBODY = OptionalInt.of(65_531);

  @TempDir private Path temporary;
  private Path folder;
  private Path venv;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Passable.make(temporary.toRealPath());
    venv = Files.createDirectory(folder.resolve("venv"));
    Files.setPosixFilePermissions(venv, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void deleteLinks() throws IOException {
    // JUnit warns of those that lead out of the folder.
    Workspace.deleteContent(folder, List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /            | which shows more than a program needs.
          /var         | which shows more than a program needs.
          /proc        | which is in /proc, which a sandbox has of its own.
          /proc/sys    | which is in /proc, which a sandbox has of its own.
          /dev         | which is in /dev, which a sandbox has of its own.
          /etc         | which is in /etc, which a sandbox has of its own.
          """)
  void aLinkToWhatNoSandboxShowsIsRefused(Path target, String why) throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    Path twice = Files.createSymbolicLink(folder.resolve("twice"), link);
    for (Path each : new Path[] {link, twice}) {
      assertThatThrownBy(() -> Mount.look(each, false))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(
              "The folder %s of transform.mounts is a link to %s, %s", each, target, why);
    }
  }

  @Test
  void whatIsNotThereOrNoFolderIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none"));
    Path circle = Files.createSymbolicLink(folder.resolve("circle"), folder.resolve("circle"));
    assertThatThrownBy(() -> Mount.look(folder.resolve("none"), false))
        .hasMessageContaining("none of transform.mounts is not on this machine.");
    assertThatThrownBy(() -> Mount.look(dangling, false))
        .hasMessageContaining("dangling of transform.mounts is not on this machine.");
    assertThatThrownBy(() -> Mount.look(file, false))
        .hasMessageContaining("file of transform.mounts is no folder but a file.");
    assertThatThrownBy(() -> Mount.look(circle, true))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("circle of transform.mounts cannot be read: ");
  }

  @Test
  void whatTheUserOfProgramsMayNotReadIsRefused() throws IOException {
    Mount mount = Mount.look(venv, false);
    Path scratch = Files.createDirectory(folder.resolve("tmp"));
    mount.require(NOBODY, scratch);
    Files.setPosixFilePermissions(venv, PosixFilePermissions.fromString("rwx--x--x"));
    assertThatThrownBy(() -> mount.require(NOBODY, scratch))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("user 65531 instead of root, who may not read the folder " + venv);
    Files.setPosixFilePermissions(venv, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> mount.require(NOBODY, scratch))
        .hasMessageContaining("may not read the folder " + venv);
  }

  @Test
  void ourTemporaryFilesAreNotShown() throws IOException {
    Path scratch = Files.createDirectories(venv.resolve("a/tmp"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), venv.resolve("a"));
    for (Path holder : new Path[] {venv, venv.resolve("a"), scratch, link}) {
      Mount mount = Mount.look(holder, false);
      assertThatThrownBy(() -> mount.require(OptionalInt.empty(), scratch))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(
              "The folder %s of transform.mounts holds or lies in temporary files of runs (%s).",
              holder, scratch);
    }
    try (Scratch ours = Scratch.under(scratch)) {
      Mount mount = Mount.look(Files.createDirectory(ours.folder().resolve("x")), false);
      assertThatThrownBy(() -> mount.require(OptionalInt.empty(), scratch))
          .hasMessageContaining("lies in temporary files of runs");
    }
    Path beside = Files.createDirectory(scratch.resolve("venv"));
    Mount.look(beside, false).require(OptionalInt.empty(), scratch);
  }

  @Test
  void theStoreIsNotShown() throws IOException {
    Path store = Files.createDirectories(venv.resolve("store"));
    Path inside = Files.createDirectory(store.resolve("objects"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), inside);
    for (Path each : new Path[] {venv, store, inside, link}) {
      Mount mount = Mount.look(each, false);
      assertThatThrownBy(() -> mount.requireApartFrom(store, "the store"))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(
              "The folder %s of transform.mounts holds or lies in the store (%s).", each, store);
    }
    Path beside = Files.createDirectory(venv.resolve("store-2"));
    Mount.look(beside, false).requireApartFrom(store, "the store");
  }
}
