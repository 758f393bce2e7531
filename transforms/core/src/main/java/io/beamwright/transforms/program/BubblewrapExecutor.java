// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs in a sandbox by <a href="https://github.com/containers/bubblewrap">bubblewrap</a>:
 * mount, PID, IPC, UTS, network and user namespaces of its own. The program sees the machine's
 * programs and libraries read-only, {@code /pfs} and {@code /code} read-only but for {@code
 * /pfs/out}, a {@code /tmp} and a home of its own, and no network; it is the user {@code datum}
 * (1000) on every machine. Works for root and, where the kernel allows user namespaces, for any
 * user.
 */
public final class BubblewrapExecutor implements Executor {

  /** The name of this kind. */
  public static final String NAME = "bubblewrap";

  private static final List<String> NAMESPACES =
      List.of(
          "--unshare-user",
          "--unshare-ipc",
          "--unshare-pid",
          "--unshare-net",
          "--unshare-uts",
          "--unshare-cgroup-try",
          "--uid",
          "1000",
          "--gid",
          "1000",
          "--hostname",
          "datum",
          "--cap-drop",
          "ALL",
          "--die-with-parent",
          "--new-session",
          "--as-pid-1");

  // The program is not process 1 of its namespace, since a process 1 does not feel its own signals;
  // nor is bubblewrap, which may end before what the program left behind has ended. This one waits
  // for one child and passes on its exit code, and with process 1 the kernel ends all others before
  // anybody can see that it ended.
  private static final Path FIRST_PROCESS = Path.of("/usr/bin/timeout");

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(20);

  private final Executables executables = new Executables();
  private final Optional<Path> bwrap;
  private @Nullable Availability availability;
  private @Nullable Shown shown;

  /** Runs by the {@code bwrap} in our own PATH. */
  public BubblewrapExecutor() {
    this(inPath());
  }

  BubblewrapExecutor(Optional<Path> bwrap) {
    this.bwrap = bwrap;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int contractVersion() {
    return 1;
  }

  @Override
  public synchronized Availability availability() {
    if (availability == null) {
      availability = probe();
    }
    return availability;
  }

  @Override
  public boolean protectsInputs() {
    return true;
  }

  @Override
  public Sandbox sandbox(Workspace workspace) {
    Map<Path, Path> mounts = new LinkedHashMap<>();
    shown().paths().forEach(path -> mounts.put(path, path));
    SystemFiles.written()
        .forEach(name -> mounts.put(Path.of("/etc", name), etc(workspace).resolve(name)));
    return Sandbox.ofMounts(workspace, mounts);
  }

  @Override
  public Execution run(Invocation invocation) throws InterruptedException {
    return availability() instanceof Availability.Unusable unusable
        ? new Execution.NotStarted("bubblewrap cannot be used here: " + unusable.reason() + ".")
        : runSandboxed(invocation);
  }

  private Availability probe() {
    if (bwrap.isEmpty()) {
      return new Availability.Unusable("there is no bwrap in PATH; the package is bubblewrap");
    }
    if (!Files.isExecutable(FIRST_PROCESS)) {
      return new Availability.Unusable("there is no " + FIRST_PROCESS + " of GNU coreutils");
    }
    try {
      Workspace workspace = Workspace.createUnder(Path.of(System.getProperty("java.io.tmpdir")));
      try {
        return probe(workspace);
      } finally {
        workspace.delete();
      }
    } catch (IOException e) {
      return new Availability.Unusable("a folder to try it in cannot be made (" + e + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Availability.Unusable("trying it was interrupted");
    }
  }

  private Availability probe(Workspace workspace) throws InterruptedException {
    ProgramLog log = new ProgramLog();
    Execution execution =
        runSandboxed(
            new Invocation(
                workspace,
                List.of("true"),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.of(PROBE_TIMEOUT),
                log));
    if (execution instanceof Execution.Exited exited && exited.code() == 0) {
      return new Availability.Usable();
    }
    String said = String.join(" / ", log.lastLines(2));
    return new Availability.Unusable(
        "running true in it failed: "
            + (execution instanceof Execution.NotStarted not
                ? not.reason()
                : execution + " " + said)
            + " (a container or a kernel that forbids user namespaces?)");
  }

  private Execution runSandboxed(Invocation invocation) throws InterruptedException {
    Workspace workspace = invocation.workspace();
    Sandbox sandbox = sandbox(workspace);
    Map<String, String> env = BaseEnvironment.of(sandbox);
    env.putAll(invocation.env());
    try {
      writeEtc(workspace);
      Executables.Lookup lookup =
          executables.find(sandbox, invocation, invocation.cmd().get(0), env);
      if (lookup instanceof Executables.Lookup.Unfit unfit) {
        return new Execution.NotStarted(unfit.why());
      }
      Executables.Lookup.Fit fit = (Executables.Lookup.Fit) lookup;
      ProcessBuilder builder = new ProcessBuilder(command(invocation, fit, env));
      builder.environment().clear();
      builder.environment().putAll(env);
      builder.redirectInput(StandardInput.of(workspace, invocation.stdin()));
      OptionalInt code =
          Supervised.run(
              builder, invocation.timeout(), invocation.log(), BubblewrapExecutor::killOnce);
      return setUpFailed(code, invocation.log())
          .orElseGet(() -> fit.ended(code, invocation.timeout()));
    } catch (IOException e) {
      return new Execution.NotStarted(
          "The program " + invocation.cmd().get(0) + " could not be started: " + e.getMessage());
    }
  }

  private List<String> command(
      Invocation invocation, Executables.Lookup.Fit fit, Map<String, String> env) {
    Workspace workspace = invocation.workspace();
    List<String> command = new ArrayList<>();
    command.add(bwrap.orElseThrow().toString());
    command.addAll(NAMESPACES);
    command.addAll(shown().words());
    for (String name : SystemFiles.written()) {
      bind("--ro-bind", etc(workspace).resolve(name), "/etc/" + name, command);
    }
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    bind("--ro-bind", workspace.pfs(), Workspace.PFS, command);
    bind("--bind", workspace.out(), Workspace.PFS + "/out", command);
    bind("--ro-bind", workspace.code(), Workspace.CODE, command);
    bind("--bind", workspace.tmp(), Workspace.TMP, command);
    bind("--bind", workspace.home(), Workspace.HOME, command);
    // The root is bubblewrap's own tmpfs: what is written there would vanish without a word.
    command.addAll(List.of("--remount-ro", "/"));
    command.addAll(List.of("--chdir", fit.workingDir().seen().toString()));
    loaderVariables(env, command);
    command.addAll(List.of("--", FIRST_PROCESS.toString(), "--foreground", "0", fit.word()));
    command.addAll(invocation.cmd().subList(1, invocation.cmd().size()));
    return command;
  }

  /** Variables that bubblewrap itself would obey go by its arguments to the program alone. */
  private static void loaderVariables(Map<String, String> env, List<String> command) {
    for (String name : List.copyOf(env.keySet())) {
      if (name.startsWith("LD_") || name.startsWith("GLIBC_")) {
        command.addAll(List.of("--setenv", name, env.get(name)));
        env.remove(name);
      }
    }
  }

  /**
   * What a sandbox shows of this machine, looked at once for all datums.
   *
   * @param words the same, as bubblewrap is told
   */
  private record Shown(List<Path> paths, List<String> words) {

    static Shown look() throws IOException {
      List<Path> paths = SystemFiles.shown();
      List<String> words = new ArrayList<>();
      for (Path path : paths) {
        if (Files.isSymbolicLink(path)) {
          words.addAll(
              List.of("--symlink", Files.readSymbolicLink(path).toString(), path.toString()));
        } else {
          bind("--ro-bind-try", path, path.toString(), words);
        }
      }
      return new Shown(paths, List.copyOf(words));
    }
  }

  private static void bind(String how, Path host, String seen, List<String> command) {
    command.addAll(List.of(how, host.toString(), seen));
  }

  /** What bubblewrap itself says when it cannot build the sandbox: the program did not run. */
  private static Optional<Execution> setUpFailed(OptionalInt code, ProgramLog log) {
    boolean itsCode = code.isPresent() && code.getAsInt() == 1 && log.written() < 4096;
    List<String> lines = itsCode ? log.lastLines(1) : List.of();
    return lines.stream()
        .filter(line -> line.startsWith("bwrap: "))
        .findFirst()
        .map(line -> new Execution.NotStarted("bubblewrap could not build the sandbox: " + line));
  }

  /** Ends process 1 of the sandbox and with it all others, and then bubblewrap ends by itself. */
  private static boolean killOnce(Process bwrap) {
    if (!bwrap.isAlive()) {
      return false;
    }
    List<ProcessHandle> first = bwrap.children().toList();
    if (first.isEmpty()) {
      bwrap.destroyForcibly();
    }
    first.forEach(ProcessHandle::destroyForcibly);
    return true;
  }

  private synchronized Shown shown() {
    if (shown == null) {
      try {
        shown = Shown.look();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shown;
  }

  /** Beside the code: where datums share that, they share this, which they cannot write either. */
  private static Path etc(Workspace workspace) {
    return workspace.code().resolveSibling("etc");
  }

  private synchronized void writeEtc(Workspace workspace) throws IOException {
    SystemFiles.write(etc(workspace));
  }

  private static Optional<Path> inPath() {
    String ours = System.getenv("PATH");
    String path = ours == null ? BaseEnvironment.PATH : ours + ":" + BaseEnvironment.PATH;
    return Stream.of(path.split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, "bwrap"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
