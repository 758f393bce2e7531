// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.cli.Beamwright;
import io.beamwright.cli.Ran;
import io.beamwright.versioning.testkit.ChildJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong outside of Beamwright gives one clear error and changes nothing. */
class BadInputTest {

  private static final String COPY =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"cmd": ["cp", "-r", "/pfs/in/.", "/pfs/out"]}}
      """;

  @TempDir Path temp;
  private Bench bench;
  private Path in;
  private Path spec;

  @BeforeEach
  void newStore() throws IOException {
    bench = new Bench(temp.resolve("store"));
    in = Files.createDirectory(temp.resolve("in"));
    Files.writeString(in.resolve("a"), "1");
    Files.writeString(in.resolve("b"), "2");
    spec = Files.writeString(temp.resolve("pipeline.json"), COPY);
  }

  @Test
  void aSpecWithFiveFaultsNamesAllOfThemWithRemedies() throws Exception {
    bench.run(spec, "in=" + in);
    List<String> before = bench.keys();
    Path faulty =
        Files.writeString(
            temp.resolve("faulty.json"),
            """
            [
              {"pipeline": {"name": "no blanks"}, "input": {"pfs": {"repo": "in", "glob": "/["}},
               "transform": {"cmd": []}},
              {"pipeline": {"name": "two"}, "input": {"pfs": {"repo": "in", "glob": "/", "brnach": "x"}},
               "transform": {"beam": [{"type": "RaedFromCsv"}]}}
            ]
            """);

    Ran ran = bench.command(Bench.words(faulty, "in=" + spec));

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("faulty.json: /0/pipeline/name", "faulty.json: /0/input/pfs/glob")
        .contains("faulty.json: /0/transform/cmd", "faulty.json: /1/input/pfs/brnach")
        .contains("faulty.json: /1/transform/beam/0/type")
        .contains("\"branch\"", "ReadFromCsv", "bracket")
        .doesNotContain("at io.");
    assertThat(bench.keys()).as("nothing was put and no run began").isEqualTo(before);
  }

  @Test
  void aFaultySpecMakesNoStore() throws Exception {
    Files.writeString(spec, COPY.replace("glob", "golb"));

    assertThat(bench.command(Bench.words(spec, "in=" + in)).exitCode()).isEqualTo(3);
    assertThat(bench.folder()).doesNotExist();
  }

  @Test
  void anUnknownInputRepoIsNamedWithTheNearMisses() throws Exception {
    bench.run(spec, "in=" + in);
    bench.command("create", "repo", "prices");
    Files.writeString(spec, COPY.replace("\"in\"", "\"inn\""));
    List<String> before = bench.keys();

    Ran ran = bench.command(Bench.words(spec, "other=" + in));

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("\"inn\"", "Did you mean in?").doesNotContain("at io.");
    assertThat(bench.keys()).as("nothing was put either").isEqualTo(before);
  }

  @Test
  void anInputThatIsNotThereMakesNoStore() throws Exception {
    Files.writeString(spec, COPY.replace("\"in\"", "\"inn\""));

    assertThat(bench.command(Bench.words(spec, "in=" + in)).exitCode()).isEqualTo(3);
    assertThat(bench.folder()).doesNotExist();
  }

  @Test
  void aFolderToPutThatIsNotThereIsNamed() {
    bench.run(spec, "in=" + in);
    List<String> before = bench.keys();

    Ran ran = bench.command(Bench.words(spec, "in=" + in, "more=" + temp.resolve("absent")));

    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains(temp.resolve("absent").toString());
    assertThat(bench.keys()).isEqualTo(before);
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    bench.run(spec, "in=" + in);
    Map<Path, Long> before = sizes();
    Files.writeString(in.resolve("c"), "3");

    Ran ran = bench.command("run", spec.toString(), "--put", "in=" + in, "--dry-run");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).containsPattern("copy +run ");
    assertThat(sizes()).isEqualTo(before);
  }

  @Test
  void whateverIsCutInHalfIsNamedOrNotNeeded() throws Exception {
    bench.run(spec, "in=" + in);
    Map<Path, Long> files = sizes();
    int told = 0;
    int round = 0;
    for (Path file : files.keySet()) {
      Bench damaged = bench.copyTo(temp.resolve("damaged-" + round++));
      Path cut = damaged.folder().resolve(bench.folder().relativize(file));
      cutInHalf(cut);

      List<Ran> all =
          List.of(
              damaged.command(Bench.words(spec)),
              damaged.command("trace", "copy"),
              damaged.command("trace", "copy@master:/a"),
              damaged.command(Bench.words(spec, "in=" + in)));

      for (Ran ran : all) {
        assertThat(ran.exitCode()).as("%s%n%s%s", cut, ran.out(), ran.err()).isIn(0, 1, 4);
        assertThat(ran.err()).doesNotContain("at io.", "Exception");
        if (ran.exitCode() != 0) {
          told++;
          assertThat(ran.err()).containsOnlyOnce("error:");
        }
      }
      if (all.get(0).exitCode() == 0) {
        assertThat(all.get(0).out()).contains("REUSED");
      }
    }
    assertThat(told).as("damage was noticed").isGreaterThan(files.size() / 2);
  }

  private Map<Path, Long> sizes() throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    try (var walk = Files.walk(bench.folder())) {
      for (Path file : (Iterable<Path>) walk::iterator) {
        if (Files.isRegularFile(file)) {
          sizes.put(file, Files.size(file));
        }
      }
    }
    return sizes;
  }

  private static void cutInHalf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
  }

  @Test
  void aFullDiskIsToldOnceWithTheEnvironmentsExitCode() throws Exception {
    byte[] noise = new byte[3 << 20];
    new java.util.Random(7).nextBytes(noise);
    Files.write(in.resolve("large"), noise);

    ChildJvm.Ended ended =
        inOwnMounts(
            "mount -t tmpfs -o size=2m tmpfs $0 && exec \"$@\"", List.of("--put", "in=" + in));

    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(4);
    assertThat(ended.lines())
        .filteredOn(line -> line.startsWith("error:"))
        .singleElement()
        .asString()
        .contains("No space left on device");
    assertThat(String.join("\n", ended.lines()))
        .contains("Free some space")
        .doesNotContain("at io.");
  }

  @Test
  void aReadOnlyStoreIsToldOnceWithTheEnvironmentsExitCode() throws Exception {
    bench.run(spec, "in=" + in);
    Files.writeString(in.resolve("c"), "3");

    ChildJvm.Ended ended =
        inOwnMounts(
            "mount --bind $0 $0 && mount -o remount,ro,bind $0 && exec \"$@\"",
            List.of("--put", "in=" + in));

    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(4);
    assertThat(ended.lines())
        .filteredOn(line -> line.startsWith("error:"))
        .singleElement()
        .asString()
        .contains("Read-only file system");
    assertThat(String.join("\n", ended.lines())).doesNotContain("at io.");
  }

  // In a name space of its own, whose mounts end with it.
  private ChildJvm.Ended inOwnMounts(String script, List<String> more) throws Exception {
    Files.createDirectories(bench.folder());
    List<String> unshare =
        Files.isWritable(Path.of("/proc/sys/kernel/hostname"))
            ? List.of("unshare", "--mount")
            : List.of("unshare", "--map-root-user", "--mount");
    assumeTrue(canMount(unshare), "cannot mount anything here");
    List<String> command = new ArrayList<>(unshare);
    command.addAll(List.of("sh", "-c", script, bench.folder().toString()));
    List<String> words = new ArrayList<>(List.of("run", spec.toString(), "--store", bench.uri()));
    words.addAll(more);
    command.addAll(ChildJvm.command(Beamwright.class, List.of(), words));
    try (ChildJvm child = ChildJvm.start(command)) {
      return child.end();
    }
  }

  private boolean canMount(List<String> unshare) throws InterruptedException {
    List<String> command = new ArrayList<>(unshare);
    command.addAll(List.of("mount", "-t", "tmpfs", "tmpfs", bench.folder().toString()));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no such program.
    }
  }
}
