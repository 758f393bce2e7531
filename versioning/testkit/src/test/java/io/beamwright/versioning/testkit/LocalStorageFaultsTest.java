// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local storage on a machine that is full, locked, crooked or in use by something else. */
class LocalStorageFaultsTest {

  private static final StorageKey KEY = new StorageKey("objects/ab/key");

  @TempDir Path temp;

  @Test
  void aFullDiskIsNamedAndNothingChanges() throws Exception {
    ChildJvm.Ended ended =
        inOwnMounts("mount -t tmpfs -o size=1m tmpfs $0 && exec \"$@\"", "create", "3000000");

    assertThat(ended.lines())
        .contains(
            "create small: CREATED",
            "create large: EnvironmentFault: Cannot create file:%s/objects/ab/large:"
                    .formatted(temp)
                + " No space left on device. [Free some space on the disk that holds "
                + temp
                + " and repeat the command.]",
            "keys: [objects/ab/small]",
            "temporary files: 0",
            "create later: CREATED");
  }

  @Test
  void aReadOnlyStoreIsReadAndRefusesToCreate() throws Exception {
    ChildJvm.Ended ended =
        inOwnMounts(
            "mount -t tmpfs tmpfs $0 && \"$@\" && mount -o remount,ro $0 && exec \"$@\"",
            "create",
            "10");

    assertThat(ended.lines())
        .containsSubsequence(
            "create large: CREATED",
            "create later: CREATED",
            "create small: EXISTS",
            "create large: EXISTS",
            "create later: EXISTS");
    assertThat(ended.lines())
        .filteredOn(line -> line.startsWith("create new"))
        .hasSize(2)
        .element(1)
        .asString()
        .contains("Cannot create file:" + temp + "/objects/ab/new-")
        .contains("(Read-only file system)")
        .contains("[Mount the file system of " + temp + " for writing");
    assertThat(ended.lines())
        .contains(
            "delete small: EnvironmentFault: Cannot delete file:"
                + temp
                + "/objects/ab/small: Read-only file system."
                + " [Mount the file system of "
                + temp
                + " for writing, or use another store.]");
  }

  @Test
  void aFolderWithoutTheRightToWriteIsNamed() throws Exception {
    Path root = Files.createDirectory(temp.resolve("locked"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("r-xr-xr-x"));
    List<String> command = new ArrayList<>();
    if (Files.isWritable(root)) {
      // For root the permission bits count only without these two capabilities.
      String without = "-dac_override,-dac_read_search";
      command.addAll(List.of("setpriv", "--bounding-set=" + without, "--inh-caps=" + without));
      assumeTrue(succeeds(command, "true"), "cannot give up the right to write everywhere");
    }

    ChildJvm.Ended ended = run(command, root, "create", "10");

    assertThat(ended.lines())
        .contains(
            "create small: EnvironmentFault: Cannot create file:%s/objects/ab/small: %s/.tmp"
                    .formatted(root, root)
                + " (permission denied). [Give yourself the right to read and write in "
                + root
                + ", or use another store.]");
  }

  @Test
  void aLimitOnTheSizeOfFilesIsNamedAndNothingChanges() throws Exception {
    ChildJvm.Ended ended =
        run(List.of("sh", "-c", "ulimit -f 2000; exec \"$@\"", "sh"), temp, "create", "3000000");

    assertThat(ended.lines())
        .contains("create small: CREATED", "keys: [objects/ab/small]", "temporary files: 0")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("create large: EnvironmentFault: Cannot create file:" + temp)
                    .contains("File too large", "ulimit -f"));
  }

  @Test
  void tooManyOpenFilesAreNamed() throws Exception {
    ChildJvm.Ended ended =
        run(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"), temp, "exhaust", "10");

    assertThat(ended.lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("create large: EnvironmentFault: Cannot create file:" + temp)
                    .contains("Too many open files", "ulimit -n"));
    assertThat(ended.lines()).contains("create later: CREATED");
  }

  @Test
  void aFileInThePlaceOfAFolderIsNamed() throws IOException {
    LocalStorage storage = new LocalStorage(temp);
    Files.writeString(temp.resolve("objects"), "in the way");

    assertThatThrownBy(() -> storage.createIfAbsent(KEY, text("content")))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessage(
            "Cannot create file:%s/objects/ab/key: %s/objects is not a folder, and the store needs"
                    .formatted(temp, temp)
                + " one there.");
  }

  @Test
  void aFolderInThePlaceOfAFileIsNamed() {
    LocalStorage storage = new LocalStorage(temp);
    storage.createIfAbsent(KEY, text("content"));

    assertThatThrownBy(() -> storage.createIfAbsent(new StorageKey("objects/ab"), text("content")))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(
            "Cannot create file:%s/objects/ab: it is a folder, and".formatted(temp));
  }

  @Test
  void aFileInThePlaceOfTheStoreIsNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "in the way");
    LocalStorage storage = new LocalStorage(file);

    assertEachNames(
        Pattern.quote(file.toString()),
        () -> storage.createIfAbsent(KEY, text("content")),
        () -> storage.open(KEY).close(),
        () -> storage.read(KEY, 0, 1),
        () -> storage.list("", Optional.empty(), 1),
        () -> storage.list("objects/", Optional.empty(), 1),
        () -> storage.delete(KEY));
  }

  @Test
  void aSymbolicLinkNeverLeadsOutOfTheStore() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside/ab"));
    Path secret = Files.writeString(outside.resolve("key"), "secret");
    for (String link : List.of("objects", "objects/ab", "objects/ab/key")) {
      Path root = temp.resolve("store-" + link.length());
      Path at = root.resolve(link);
      Files.createDirectories(at.resolveSibling(""));
      Files.createSymbolicLink(
          at, link.endsWith("key") ? secret : link.endsWith("ab") ? outside : outside.getParent());
      LocalStorage storage = new LocalStorage(root);

      assertEachNames(
          Pattern.quote(at.toString()) + "(/?: it)? is a symbolic link",
          () -> storage.createIfAbsent(KEY, text("content")),
          () -> storage.open(KEY).close(),
          () -> storage.read(KEY, 0, 1),
          () -> storage.list("", Optional.empty(), 1),
          () -> storage.list("objects/ab/", Optional.empty(), 1),
          () -> storage.delete(KEY));
    }
    assertThat(secret).hasContent("secret");
    assertThat(outside).isDirectoryContaining(path -> path.equals(secret));
  }

  @Test
  void aStoreAsAWholeMayLieBehindASymbolicLink() throws IOException {
    Path real = Files.createDirectory(temp.resolve("real"));
    LocalStorage storage =
        new LocalStorage(Files.createSymbolicLink(temp.resolve("link"), real).resolve("store"));

    storage.createIfAbsent(KEY, text("content"));

    assertThat(real.resolve("store/objects/ab/key")).hasContent("content");
    assertThat(storage.list("obj", Optional.empty(), 9)).hasSize(1);
  }

  @Test
  void whatIsNotAKeyIsNotListed() throws IOException {
    LocalStorage storage = new LocalStorage(temp);
    storage.createIfAbsent(KEY, text("content"));
    Files.writeString(temp.resolve("objects/.DS_Store"), "");
    Files.writeString(temp.resolve("objects/ab/Thumbs.db"), "");
    Files.createDirectory(temp.resolve("lost+found"));

    assertThatCode(() -> storage.list("", Optional.empty(), 9)).doesNotThrowAnyException();
    assertThat(storage.list("", Optional.empty(), 9)).hasSize(1);
  }

  private static void assertEachNames(String pattern, ThrowingCallable... calls) {
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(EnvironmentFault.class).hasMessageFindingMatch(pattern);
    }
  }

  // In a name space of its own, whose mounts end with it.
  private ChildJvm.Ended inOwnMounts(String script, String... words) throws Exception {
    List<String> unshare =
        Files.isWritable(Path.of("/proc/sys/kernel/hostname"))
            ? List.of("unshare", "--mount")
            : List.of("unshare", "--map-root-user", "--mount");
    assumeTrue(
        succeeds(unshare, "mount", "-t", "tmpfs", "tmpfs", temp.toString()),
        "cannot mount anything here");
    List<String> command = new ArrayList<>(unshare);
    command.addAll(List.of("sh", "-c", script, temp.toString()));
    return run(command, temp, words);
  }

  private static boolean succeeds(List<String> command, String... words)
      throws InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    try {
      return new ProcessBuilder(all).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }

  private static ChildJvm.Ended run(List<String> before, Path root, String... words)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("file:" + root));
    arguments.addAll(List.of(words));
    List<String> command = new ArrayList<>(before);
    command.addAll(ChildJvm.command(CreateInTrouble.class, List.of("-Xmx32m"), arguments));
    try (ChildJvm child = ChildJvm.start(command)) {
      ChildJvm.Ended ended = child.end();
      assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
      return ended;
    }
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
