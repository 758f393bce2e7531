// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of the kernel a program in a sandbox can open for writing. The probe opens and closes;
 * nothing is ever written.
 */
@Timeout(120)
class KernelFilesTest {

  private static final BubblewrapExecutor BUBBLEWRAP = new BubblewrapExecutor();

  // What opens, and why that does no harm. At most ten.
  private static final Map<String, String> ALLOWED =
      Map.of(
          "/proc/1/.*",
          "the sandbox's first process, a timeout that waits; it ends with the program, and whoever"
              + " spoils it spoils his own run");

  // Nobody is called so.
  private static final String ORDINARY = "64999";

  @TempDir private Path scratch;

  @Test
  void aProgramOpensNothingOfTheKernelForWriting() throws Exception {
    Bubblewrapped.require(BUBBLEWRAP);
    check(said(BUBBLEWRAP, Passable.make(scratch)));
  }

  @Test
  void norDoesOneOfAnOrdinaryUser() throws Exception {
    Bubblewrapped.require(BUBBLEWRAP);
    assumeTrue(BUBBLEWRAP.owner().isPresent(), "skipped: this is an ordinary user, as above");
    Path classes = Passable.make(scratch);
    List<String> path = new ArrayList<>();
    for (Class<?> of : List.of(KernelFilesTest.class, BubblewrapExecutor.class, Sha256.class)) {
      path.add(copy(of, classes.resolve(of.getSimpleName())).toString());
    }
    Path own = Files.createDirectory(scratch.resolve("own"));
    Workspace.give(own, OptionalInt.of(Integer.parseInt(ORDINARY)));
    List<String> command =
        new ArrayList<>(List.of(Privileges.SETPRIV, "--reuid=" + ORDINARY, "--regid=" + ORDINARY));
    command.addAll(List.of("--clear-groups", "--"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + own));
    command.addAll(List.of("-cp", String.join(":", path), Probe.class.getName(), own.toString()));
    ProgramLog log = new ProgramLog();
    OptionalInt code =
        Supervised.run(new ProcessBuilder(command), Optional.empty(), log, Supervised::killAlone);
    String said = new String(log.bytes(), StandardCharsets.UTF_8);
    assertThat(code).as(said).hasValue(0);
    check(said);
  }

  /** As where user namespaces are forbidden to all but root. */
  @Test
  void norWhereRootMakesTheSandboxAndGivesItselfUpInside() throws Exception {
    Bubblewrapped.require(BUBBLEWRAP);
    assumeTrue(BUBBLEWRAP.owner().isPresent(), "skipped: this is an ordinary user");
    Path folder = Passable.make(scratch);
    Path without = folder.resolve("bwrap");
    Path asked = scratch.resolve("asked");
    Files.writeString(
        without,
        """
        #!/bin/sh
        if [ "$(id -u)" != 0 ]; then
          echo 'bwrap: No permissions to create new namespace' >&2
          exit 1
        fi
        echo root >> %s
        exec bwrap "$@"
        """
            .formatted(asked));
    Files.setPosixFilePermissions(without, PosixFilePermissions.fromString("rwxr-xr-x"));

    BubblewrapExecutor inside = new BubblewrapExecutor(Optional.of(without));
    assertThat(inside.owner()).isEqualTo(BUBBLEWRAP.owner());
    int before = Files.readAllLines(asked).size();

    check(said(inside, folder));

    assertThat(Files.readAllLines(asked)).as("who ran bubblewrap").hasSize(before + 1);
  }

  private static void check(String said) {
    assertThat(said).endsWith("looked at all\n");
    List<String> opened = said.lines().filter(line -> line.startsWith("/")).toList();
    assertThat(ALLOWED).hasSizeLessThanOrEqualTo(10);
    assertThat(opened).as("the probe finds what opens").contains("/proc/1/oom_score_adj");
    assertThat(opened)
        .allMatch(
            path -> ALLOWED.keySet().stream().anyMatch(pattern -> Pattern.matches(pattern, path)));
  }

  /** The probe, in a process of its own. */
  static final class Probe {

    private Probe() {}

    /**
     * @param words a folder for its files
     */
    public static void main(String[] words) throws Exception {
      BubblewrapExecutor bubblewrap = new BubblewrapExecutor();
      System.out.print(said(bubblewrap, Path.of(words[0])));
    }
  }

  /** What the probe printed: the paths that open, one a line. */
  private static String said(BubblewrapExecutor bubblewrap, Path folder) throws Exception {
    Workspace workspace = Workspace.createUnder(folder, bubblewrap.owner());
    try (InputStream probe = KernelFilesTest.class.getResourceAsStream("open-for-writing.py")) {
      Files.copy(probe, workspace.code().resolve("probe.py"));
      ProgramLog log = new ProgramLog();
      Execution execution =
          bubblewrap.run(
              new Invocation(
                  workspace,
                  List.of("python3", "/code/probe.py"),
                  List.of(),
                  Map.of(),
                  Optional.empty(),
                  Optional.empty(),
                  log));
      return execution instanceof Execution.Exited
          ? new String(log.bytes(), StandardCharsets.UTF_8)
          : execution.toString();
    } finally {
      workspace.delete();
    }
  }

  /** Copies the classes beside {@code type} to where every user may read them. */
  private static Path copy(Class<?> type, Path to) throws Exception {
    Path from = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(from)) {
      files.forEach(file -> copy(file, to.resolve(from.relativize(file).toString())));
    }
    return to;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
