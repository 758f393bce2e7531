// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds of every executor; a test of one gives the instance. */
@Timeout(60)
abstract class ExecutorContract {

  @TempDir Path scratch;
  Workspace workspace;
  ProgramLog log = new ProgramLog();

  abstract Executor executor();

  @BeforeEach
  void makeWorkspace() throws IOException {
    Passable.make(scratch);
    workspace = Workspace.createUnder(scratch, executor().owner());
  }

  @AfterEach
  void deleteWorkspace() throws IOException {
    workspace.delete();
    assertThat(workspace.root()).doesNotExist();
  }

  @Test
  void aProgramReadsItsInputsAndWritesItsOutputs() throws Exception {
    input("training", "x", "some rows");
    String code = "import sys; open('/pfs/out/y','w').write(open('/pfs/training/x').read() + '!')";
    assertThat(run("python3", "-c", code)).isEqualTo(0);
    assertThat(workspace.out().resolve("y")).hasContent("some rows!");
  }

  @Test
  void aScriptOnStandardInputFindsTheTree() throws Exception {
    input("training", "x", "one");
    Files.writeString(workspace.code().resolve("more"), "two");
    assertThat(
            runLines(
                List.of("sh"),
                "cat /pfs/training/x >/pfs/out/all",
                "cat \"/code/more\" >> /pfs/out/all",
                "for f in $PFS/training/*; do basename $f; done >> /pfs/out/all"))
        .isEqualTo(0);
    assertThat(workspace.out().resolve("all")).hasContent("onetwox\n");
  }

  @Test
  void standardInputIsTheLinesJoinedWithALastLineFeed() throws Exception {
    assertThat(runLines(List.of("sh", "-c", "cat > /pfs/out/in"), "a", "", "b")).isEqualTo(0);
    assertThat(Files.readString(workspace.out().resolve("in"))).isEqualTo("a\n\nb\n");
  }

  @Test
  void withoutLinesStandardInputIsAtItsEnd() throws Exception {
    assertThat(run("sh", "-c", "wc -c")).isEqualTo(0);
    assertThat(text()).isEqualTo("0\n");
  }

  @Test
  void aScriptOfTheCodeRuns() throws Exception {
    Path script = workspace.code().resolve("train.sh");
    Files.writeString(script, "#!/bin/sh\necho trained > $PFS/out/model\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("r-xr-xr-x"));
    Execution.Exited exited = (Execution.Exited) execute("/code/train.sh");
    assertThat(exited.code()).isEqualTo(0);
    assertThat(workspace.out().resolve("model")).hasContent("trained");
    assertThat(exited.executable().path()).isEqualTo("/code/train.sh");
    assertThat(exited.executable().sha256()).isEqualTo(Sha256.of(Files.readAllBytes(script)));
  }

  @Test
  void theExecutableThatRanIsNamedWithItsDigest() throws Exception {
    Path python = Path.of("/usr/bin/python3").toRealPath();
    Execution.Exited exited = (Execution.Exited) execute("python3", "-c", "pass");
    assertThat(exited.executable())
        .isEqualTo(new Executable(python.toString(), Sha256.of(Files.readAllBytes(python))));
  }

  @Test
  void theExitCodeIsTheProgramsOwn() throws Exception {
    assertThat(run("sh", "-c", "exit 3")).isEqualTo(3);
    assertThat(run("sh", "-c", "kill -SEGV $$")).isEqualTo(128 + 11);
    assertThat(run("sh", "-c", "kill -TERM $$")).isEqualTo(128 + 15);
  }

  @Test
  void outputAndErrorsComeInTheOrderInWhichTheyWereWritten() throws Exception {
    run("sh", "-c", "echo one; echo two >&2; echo three");
    assertThat(text()).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void nothingOfOurEnvironmentReachesAProgram() throws Exception {
    assertThat(System.getenv("BEAMWRIGHT_TEST_LEAK")).isEqualTo("seen by nobody");
    run("env");
    assertThat(text().lines().map(line -> line.substring(0, line.indexOf('='))))
        .contains("PATH", "HOME", "LANG", "TZ", "PYTHONHASHSEED", "PFS")
        .isSubsetOf(BaseEnvironment.NAMES);
    assertThat(text()).contains("PATH=" + BaseEnvironment.PATH, "LANG=C.UTF-8", "TZ=UTC");
  }

  @Test
  void declaredVariablesArriveAsTheyAre() throws Exception {
    Map<String, String> env =
        Map.of(
            "GREETING", "hello  $HOME\nworld", "my-repo", "dash", "LANG", "C", "LD_SOMETHING", "x");
    invoke(List.of("python3", "-c", PRINT_ENV), List.of(), env, Optional.empty());
    assertThat(text())
        .contains(
            "GREETING='hello  $HOME\\nworld'", "my-repo='dash'", "LANG='C'", "LD_SOMETHING='x'");
  }

  private static final String PRINT_ENV =
      "import os\nfor k, v in os.environ.items(): print(k + '=' + repr(v))";

  @Test
  void temporaryFilesAndTheHomeAreItsOwn() throws Exception {
    run("sh", "-c", "echo t > $(mktemp); echo h > ~/kept; pwd; echo ~");
    assertThat(text().lines().distinct()).hasSize(1);
    assertThat(workspace.tmp()).isNotEmptyDirectory();
    assertThat(workspace.home().resolve("kept")).hasContent("h");
  }

  @Test
  void aProgramStartsInItsWorkingDir() throws Exception {
    Files.createDirectory(workspace.code().resolve("src"));
    Files.writeString(workspace.code().resolve("src/a.txt"), "here");
    invoke(List.of("cat", "a.txt"), List.of(), Map.of(), Optional.of("/code/src"));
    assertThat(text()).isEqualTo("here");
  }

  @Test
  void aWorkingDirThatIsNotThereIsNamed() throws Exception {
    Execution execution =
        invoke(List.of("true"), List.of(), Map.of(), Optional.of("/code/nowhere"));
    assertThat(notStarted(execution)).contains("working_dir \"/code/nowhere\" is not a folder");
  }

  @Test
  void aProgramThatIsNotThereIsNamed() throws Exception {
    assertThat(notStarted(execute("pyhton3", "x.py")))
        .contains("no program \"pyhton3\" in PATH", "/usr/bin");
    assertThat(notStarted(execute("/code/none.sh"))).contains("none.sh", "does not exist");
  }

  @Test
  void aProgramThatMayNotBeRunIsNamed() throws Exception {
    Files.writeString(workspace.code().resolve("plain.sh"), "#!/bin/sh\n");
    assertThat(notStarted(execute("/code/plain.sh"))).contains("plain.sh", "is not executable");
    assertThat(notStarted(execute("/usr/bin"))).contains("/usr/bin", "is not a file");
  }

  @Test
  void whatAProgramIsRunByIsNamedIfItIsMissing() throws Exception {
    String prefix = "The program \"/code/run\" needs another. There is no program ";
    code("run", "#! /opt/nowhere/python3 -u\n");
    assertThat(notStarted(execute("/code/run")))
        .startsWith(shown(prefix) + "\"/opt/nowhere/python3\": /opt");
    code("run", "#!/usr/bin/env python3.99\nprint()\n");
    assertThat(notStarted(execute("/code/run", "x")))
        .startsWith(shown(prefix) + "\"python3.99\" in PATH, which is /usr/");
    code("run", "#!/usr/bin/env -S A=b python3.99 -u\n");
    assertThat(notStarted(execute("/code/run"))).startsWith(shown(prefix) + "\"python3.99\"");
    code("run", "#!/bin/sh\r\ntrue\r\n");
    assertThat(notStarted(execute("/code/run")))
        .startsWith(shown(prefix) + "\"/bin/sh\r\"")
        .endsWith("End the script's lines with \\n alone, not \\r\\n.");
    assertThat(notStarted(execute("env", "A=b", "python3.99", "x")))
        .contains("\"env\" needs another", "no program \"python3.99\" in PATH");
    assertThat(notStarted(execute("/usr/bin/env", "-S", "A=b python3.99", "x")))
        .contains("no program \"python3.99\" in PATH");
    Path binary = Path.of("/bin/true");
    String loader = ElfFile.loader(binary).orElseThrow();
    String other = loader.substring(0, loader.length() - 1) + "x";
    code("run", new String(Files.readAllBytes(binary), ISO_8859_1).replace(loader, other));
    assertThat(notStarted(execute("/code/run"))).startsWith(shown(prefix) + "\"" + other + "\"");
  }

  @Test
  void aProgramThatSaysOfAnotherThatItIsMissingEndedByItself() throws Exception {
    assertThat(run("sh", "-c", "no-such-program")).isEqualTo(127);
    assertThat(run("env", "sh", "-c", "exit 126")).isEqualTo(126);
    code("run", "#!/usr/bin/env -S sh -e\nexit 127\n");
    assertThat(run("/code/run")).isEqualTo(127);
    assertThat(run("env", "-S", "sh -c", "exit 127")).isEqualTo(127);
    code("env", "#!/bin/sh\nexit 127\n");
    assertThat(run("/code/env", "no-such-program")).as("no env of the system").isEqualTo(127);
  }

  String shown(String text) {
    return text.replace("/code", executor().sandbox(workspace).shown("/code"));
  }

  void code(String name, String content) throws IOException {
    Path script = workspace.code().resolve(name);
    Files.writeString(script, content, ISO_8859_1);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aDaemonDiesWithTheProgram() throws Exception {
    String name = "beamwright-daemon-" + ProcessHandle.current().pid() + "-" + executor().name();
    // Twice forked, in a session and with an environment of its own, its output closed.
    String daemon =
        "import os, sys, time\n"
            + "if os.fork() == 0:\n"
            + "  os.setsid()\n"
            + "  if os.fork() == 0:\n"
            + "    os.closerange(0, 100)\n"
            + "    os.execv('/bin/sh', ['"
            + name
            + "', '-c', 'while :; do echo >> \"$PFS/out/beat\"; sleep 0.01; done'])\n"
            + "  os._exit(0)\n"
            + "beat = os.environ['PFS'] + '/out/beat'\n"
            + "while not os.path.exists(beat): time.sleep(0.005)\n";
    assertThat(run("python3", "-c", daemon)).isEqualTo(0);
    assertThat(workspace.out().resolve("beat")).exists();
    assertThat(processesCalled(name)).isEmpty();
    Files.delete(workspace.out().resolve("beat"));
    assertThat(workspace.out()).isEmptyDirectory();
  }

  @Test
  void aBackgroundChildThatHoldsTheOutputDelaysNothing() throws Exception {
    long start = System.nanoTime();
    assertThat(run("sh", "-c", "sleep 50 & echo done")).isEqualTo(0);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(text()).isEqualTo("done\n");
  }

  @Test
  void itsTimeEndsAProgramThatIgnoresSignalsAndItsGrandchildren() throws Exception {
    String name = "beamwright-stubborn-" + ProcessHandle.current().pid() + executor().name();
    String stubborn =
        "trap '' TERM INT HUP; sh -c 'trap \"\" TERM HUP; : "
            + name
            + "; while :; do sleep 0.05; done' & echo begun; while :; do sleep 0.05; done";
    Execution execution =
        executor()
            .run(
                invocation(
                    List.of("sh", "-c", stubborn),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    Optional.of(Duration.ofSeconds(2))));
    assertThat(execution).isInstanceOf(Execution.TimedOut.class);
    assertThat(((Execution.TimedOut) execution).limit()).isEqualTo(Duration.ofSeconds(2));
    assertThat(processesCalled(name)).isEmpty();
    assertThat(text()).startsWith("begun");
  }

  @Test
  void anInterruptEndsTheProgram() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Callable<Integer> work =
          () -> run("sh", "-c", "touch /pfs/out/begun; while :; do sleep 0.05; done");
      Future<Integer> running = thread.submit(work);
      while (!Files.exists(workspace.out().resolve("begun"))) {
        Thread.onSpinWait();
      }
      running.cancel(true);
    } finally {
      thread.shutdown();
    }
    assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(processesCalled(workspace.root().toString())).isEmpty();
  }

  @Test
  void aHugeLogIsReadToItsEndAndKeptInPart() throws Exception {
    String code =
        """
        import sys
        sys.stdout.write('first\\n')
        block = 'x' * 65535 + '\\n'
        for i in range(16 * 200): sys.stdout.write(block)
        sys.stdout.write('last\\n')
        """;
    assertThat(run("python3", "-c", code)).isEqualTo(0);
    assertThat(log.written()).isEqualTo(11 + 200L * (1 << 20));
    assertThat(log.bytes().length).isLessThan(2 * ProgramLog.HALF + 100);
    assertThat(text())
        .startsWith("first\n")
        .endsWith("last\n")
        .contains("bytes of the log are left");
  }

  @Test
  void aProgramThatDoesNotReadItsInputStillEnds() throws Exception {
    String line = "y".repeat(1 << 20);
    assertThat(runLines(List.of("true"), line, line, line)).isEqualTo(0);
  }

  @Test
  void manyProgramsRunAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<String>> work =
        java.util.stream.IntStream.range(0, 12)
            .<Callable<String>>mapToObj(i -> () -> runApart(i))
            .toList();
    try {
      for (Future<String> result : threads.invokeAll(work)) {
        assertThat(result.get()).isEqualTo("same");
      }
    } finally {
      threads.shutdown();
    }
  }

  private String runApart(int i) throws Exception {
    Workspace apart = Workspace.createUnder(scratch, executor().owner());
    ProgramLog own = new ProgramLog();
    executor()
        .run(
            new Invocation(
                apart,
                List.of("sh", "-c", "echo n" + i + "; echo n" + i + " > /pfs/out/n"),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                own));
    String logged = new String(own.bytes(), StandardCharsets.UTF_8);
    String written = Files.readString(apart.out().resolve("n"));
    apart.delete();
    return logged.equals(written) && logged.equals("n" + i + "\n") ? "same" : logged + written;
  }

  @Test
  void aProgramMayUseSeveralProcessesAndLocks() throws Exception {
    String code =
        """
        from multiprocessing import Pool
        if __name__ == '__main__':
          with Pool(2) as pool: print(pool.map(abs, [-1, -2]))
        """;
    assertThat(run("python3", "-c", code)).as(text()).isEqualTo(0);
    assertThat(text()).isEqualTo("[1, 2]\n");
  }

  @Test
  void anInterruptedThreadRunsNothing() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> run("sh", "-c", "sleep 100")).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  void input(String name, String file, String content) throws IOException {
    Path folder = Files.createDirectories(workspace.pfs().resolve(name));
    Files.writeString(folder.resolve(file), content);
  }

  int run(String... cmd) throws InterruptedException {
    Execution execution = execute(cmd);
    assertThat(execution).as(text()).isInstanceOf(Execution.Exited.class);
    return ((Execution.Exited) execution).code();
  }

  int runLines(List<String> cmd, String... stdin) throws InterruptedException {
    Execution execution = invoke(cmd, List.of(stdin), Map.of(), Optional.empty());
    return ((Execution.Exited) execution).code();
  }

  Execution execute(String... cmd) throws InterruptedException {
    return invoke(List.of(cmd), List.of(), Map.of(), Optional.empty());
  }

  Execution invoke(
      List<String> cmd, List<String> stdin, Map<String, String> env, Optional<String> workingDir)
      throws InterruptedException {
    return executor().run(invocation(cmd, stdin, env, workingDir, Optional.empty()));
  }

  private Invocation invocation(
      List<String> cmd,
      List<String> stdin,
      Map<String, String> env,
      Optional<String> workingDir,
      Optional<Duration> timeout) {
    log = new ProgramLog();
    return new Invocation(workspace, cmd, stdin, env, workingDir, timeout, log);
  }

  String text() {
    return new String(log.bytes(), StandardCharsets.UTF_8);
  }

  static String notStarted(Execution execution) {
    assertThat(execution).isInstanceOf(Execution.NotStarted.class);
    return ((Execution.NotStarted) execution).reason();
  }

  /** Command lines of living processes that hold {@code text}. */
  static List<String> processesCalled(String text) throws IOException {
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      List<String> found = new java.util.ArrayList<>();
      for (Path entry : entries) {
        try {
          String line = Files.readString(entry.resolve("cmdline"), StandardCharsets.ISO_8859_1);
          if (line.contains(text)) {
            found.add(line.replace('\0', ' '));
          }
        } catch (IOException e) {
          // It ended meanwhile.
        }
      }
      return found;
    }
  }
}
