// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.versioning.testkit.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes at once, and machines that are full or locked. */
class StoreInTroubleTest {

  private static final String NO_RIGHTS = "-dac_override,-dac_read_search";

  @TempDir private Path folder;
  private CliStore store;

  @BeforeEach
  void makeRepo() {
    store = new CliStore(folder);
    store.fine("create", "repo", "shared");
  }

  @Test
  void fourProcessesPutToOneBranchAtOnceAndNoneIsLost() throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    try {
      for (String name : List.of("a", "b", "c", "d")) {
        children.add(ChildJvm.start(Putter.class, store.uri(), name, "50"));
      }
      for (ChildJvm child : children) {
        ChildJvm.Ended ended = child.end();
        assertThat(ended.lines()).isEmpty();
        assertThat(ended.exitCode()).isZero();
      }
    } finally {
      children.forEach(ChildJvm::close);
    }

    assertThat(store.json("list", "commit", "shared@master").path("commits")).hasSize(200);
    assertThat(store.json("list", "file", "shared@master").path("files")).hasSize(200);
    assertThat(store.fine("get", "file", "shared:/c-49")).isEqualTo("c49");
  }

  @Test
  void aFullDiskIsOneClearErrorAndNothingChanges() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    List<String> lines =
        inOwnMounts(
            small,
            "mount -t tmpfs -o size=1m tmpfs $0 && cp -a "
                + store.root()
                + " $0/store && \"$@\"; find $0/store -path '*/refs/*' | wc -l",
            command("--store", "file:" + small + "/store", "put", "file", "shared@master:/large"));

    assertThat(lines.get(0)).isEqualTo("exit 4");
    assertThat(lines.get(1))
        .startsWith("error: Cannot create file:" + small + "/store/objects/")
        .endsWith("No space left on device.");
    assertThat(lines.get(2)).contains("Free some space on the disk that holds " + small);
    assertThat(lines.get(3)).isEqualTo("0");
  }

  @Test
  void aFullDiskLeavesNothingOfWhatIsGot() throws Exception {
    store.put("shared@master:/large", "x".repeat(3_000_000));
    Path small = Files.createDirectory(folder.resolve("small"));

    List<String> lines =
        inOwnMounts(
            small,
            "mount -t tmpfs -o size=1m tmpfs $0 && \"$@\"; ls -A $0 | wc -l",
            command(
                "--store", store.uri(), "get", "file", "shared:/large", "-o", small.toString()));

    assertThat(lines)
        .containsExactly(
            "exit 4",
            "error: " + small + "/large cannot be written: No space left on device.",
            "  Check that its folder exists, may be written to and has space.",
            "0");
  }

  @Test
  void aReadOnlyStoreIsReadAndRefusesToChange() throws Exception {
    store.put("shared@master:/a", "1");
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    String uri = "file:" + mounted;
    String mount = "mount --bind " + store.root() + " $0 && mount -o remount,ro,bind $0 && ";

    assertThat(
            inOwnMounts(
                mounted, mount + "exec \"$@\"", command("--store", uri, "list", "file", "shared")))
        .containsExactly("exit 0");
    List<String> put =
        inOwnMounts(
            mounted,
            mount + "exec \"$@\"",
            command("--store", uri, "put", "file", "shared@master:/b"));

    assertThat(put.get(0)).isEqualTo("exit 4");
    assertThat(put.get(1))
        .startsWith("error: Cannot create " + uri + "/objects/")
        .contains("Read-only file system");
    assertThat(put.get(2)).contains("or use another store.");
    assertThat(store.json("list", "file", "shared").path("files")).hasSize(1);
  }

  @Test
  void anUnreadableFileIsNamed() throws Exception {
    Path secret = store.file("local/secret", "x");
    Files.setPosixFilePermissions(secret, java.util.Set.of());
    List<String> before = new ArrayList<>();
    if (Files.isReadable(secret)) {
      // For root the permission bits count only without these two capabilities.
      before.addAll(List.of("setpriv", "--bounding-set=" + NO_RIGHTS, "--inh-caps=" + NO_RIGHTS));
      assumeTrue(succeeds(before, "true"), "cannot give up the right to read everything");
    }
    before.addAll(
        command(
            "--store",
            store.uri(),
            "put",
            "file",
            "shared@master",
            "-r",
            "-f",
            folder.resolve("local").toString()));

    assertThat(run(before))
        .containsExactly(
            "exit 4",
            "error: " + folder + "/local cannot be read: " + secret + ": permission denied.",
            "  Check it and its permissions.");
    assertThat(store.json("list", "branch", "shared").path("branches")).isEmpty();
  }

  @Test
  void aLocaleThatCannotNameAFileIsNamed() throws Exception {
    store.put("shared@master:/größe", "1");
    List<String> command = new ArrayList<>(List.of("env", "LC_ALL=POSIX"));
    command.addAll(
        command(
            "--store",
            store.uri(),
            "get",
            "file",
            "shared:/",
            "-r",
            "-o",
            folder.resolve("out").toString()));

    List<String> lines = run(command);

    assertThat(lines.get(0)).isEqualTo("exit 4");
    assertThat(lines.get(1)).contains("cannot be a name on this machine");
    assertThat(lines.get(2)).isEqualTo("  Use a locale of UTF-8, as in LC_ALL=C.UTF-8.");
  }

  @Test
  void aFileMayBeLargerThanTheHeap() throws Exception {
    Path large = folder.resolve("large");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(64 << 20);
      file.write(1);
    }
    Path back = folder.resolve("back");
    List<String> heap = List.of("-Xmx32m");
    List<String> put = List.of("--store", store.uri(), "put", "file", "shared", "-f", "" + large);
    List<String> get =
        List.of("--store", store.uri(), "get", "file", "shared:/large", "-o", "" + back);

    assertThat(run(ChildJvm.command(OneCommand.class, heap, put))).containsExactly("exit 0");
    assertThat(run(ChildJvm.command(OneCommand.class, heap, get))).containsExactly("exit 0");

    assertThat(Files.mismatch(large, back)).isEqualTo(-1);
  }

  @Test
  void commandsOnTheStoreLoadNoClassOfAnEngine() throws Exception {
    store.put("shared@master:/a", "1");
    Path log = folder.resolve("classes");
    List<String> options = List.of("-Xlog:class+load:file=" + log);
    for (List<String> words :
        List.of(
            List.of("put", "file", "shared@master:/b"),
            List.of("diff", "file", "shared@master"),
            List.of("inspect", "commit", "shared"))) {
      List<String> all = new ArrayList<>(List.of("--store", store.uri()));
      all.addAll(words);

      assertThat(run(ChildJvm.command(OneCommand.class, options, all))).containsExactly("exit 0");

      assertThat(Files.readString(log)).contains("io.beamwright.versioning.Store ");
      assertThat(Files.readAllLines(log))
          .noneMatch(line -> line.matches(".*(org\\.apache\\.|org\\.duckdb|com\\.google).*"));
    }
  }

  private static List<String> command(String... words) {
    return ChildJvm.command(OneCommand.class, List.of("-Xmx64m"), List.of(words));
  }

  // In a name space of its own, whose mounts end with it.
  private static List<String> inOwnMounts(Path at, String script, List<String> command)
      throws Exception {
    List<String> unshare =
        Files.isWritable(Path.of("/proc/sys/kernel/hostname"))
            ? List.of("unshare", "--mount")
            : List.of("unshare", "--map-root-user", "--mount");
    assumeTrue(
        succeeds(unshare, "mount", "-t", "tmpfs", "tmpfs", at.toString()),
        "cannot mount anything here");
    List<String> all = new ArrayList<>(unshare);
    all.addAll(List.of("sh", "-c", script, at.toString()));
    all.addAll(command);
    return run(all);
  }

  private static List<String> run(List<String> command) throws Exception {
    try (ChildJvm child = ChildJvm.start(command)) {
      return child.end().lines();
    }
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
}
