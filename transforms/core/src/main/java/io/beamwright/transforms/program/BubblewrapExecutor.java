// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs in a sandbox by <a href="https://github.com/containers/bubblewrap">bubblewrap</a>:
 * mount, PID, IPC, UTS, network and user namespaces of its own. The program sees the machine's
 * programs and libraries read-only, {@code /pfs} and {@code /code} read-only but for {@code
 * /pfs/out}, a {@code /tmp} and a home of its own, and no network; it is the user {@code datum}
 * (1000). Works for any user where the kernel allows user namespaces, and for root, who runs
 * programs as a user that owns nothing ({@link ProgramUser}).
 */
public final class BubblewrapExecutor implements Executor {

  /** The name of this kind. */
  public static final String NAME = "bubblewrap";

  private static final List<String> NAMESPACES =
      List.of(
          "--unshare-ipc",
          "--unshare-pid",
          "--unshare-net",
          "--unshare-uts",
          "--unshare-cgroup-try",
          "--hostname",
          "datum",
          "--die-with-parent",
          "--new-session",
          "--as-pid-1");

  // The program is not process 1 of its namespace, since a process 1 does not feel its own signals;
  // nor is bubblewrap, which may end before what the program left behind has ended. This one waits
  // for one child and passes on its exit code, and with process 1 the kernel ends all others before
  // anybody can see that it ended.
  private static final Path FIRST_PROCESS = Path.of("/usr/bin/timeout");

  // Java hands no other files on than these three. What bubblewrap says of itself goes to the file
  // 3, which no program gets: what a program prints, and how it exits, is never taken for that. The
  // file 4 has what must not be seen in a list of processes.
  private static final List<String> OPENED =
      List.of("/bin/sh", "-c", "exec 3>\"$1\" 4<\"$2\"; shift 2; exec \"$@\"", "sh");

  // What is not the program's: a shell may have added the others.
  private static final List<String> OURS = List.of(Watchdog.VARIABLE, "OLDPWD", "SHLVL", "_");

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(20);

  private static final int FIRST_SIGNAL = 128;

  private final Executables executables = new Executables();
  private final Optional<Path> bwrap;
  private final Set<Path> entered = ConcurrentHashMap.newKeySet();
  private @Nullable Setting setting;
  private @Nullable Availability availability;

  /** Runs by the {@code bwrap} in our own PATH. */
  public BubblewrapExecutor() {
    this(inPath());
  }

  BubblewrapExecutor(Optional<Path> bwrap) {
    this.bwrap = bwrap;
  }

  /**
   * What is the same for all programs, looked at once.
   *
   * @param shown paths of this machine that are shown
   * @param large folders of its {@code /etc} that are shown
   * @param words what bubblewrap is told of namespaces, of those paths and of the kernel's files
   */
  private record Setting(
      Privileges privileges, List<Path> shown, List<Path> large, List<String> words) {

    static Setting of(Privileges privileges, boolean canDisableNamespaces) throws IOException {
      List<Path> shown = SystemFiles.shown();
      List<String> words = new ArrayList<>(privileges.words(canDisableNamespaces));
      words.addAll(NAMESPACES);
      for (Path path : shown) {
        if (Files.isSymbolicLink(path)) {
          words.addAll(
              List.of("--symlink", Files.readSymbolicLink(path).toString(), path.toString()));
        } else {
          bind("--ro-bind", path, path.toString(), words);
        }
      }
      words.addAll(KernelFiles.words());
      words.addAll(List.of("--dev", "/dev"));
      OURS.forEach(variable -> words.addAll(List.of("--unsetenv", variable)));
      return new Setting(privileges, shown, SystemFiles.large(), List.copyOf(words));
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int contractVersion() {
    return 2;
  }

  @Override
  public boolean isInstalled() {
    return bwrap.isPresent();
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
  public OptionalInt owner() {
    return availability() instanceof Availability.Usable
        ? require().privileges().user()
        : OptionalInt.empty();
  }

  @Override
  public Sandbox sandbox(Workspace workspace) {
    return sandbox(workspace, require());
  }

  private static Sandbox sandbox(Workspace workspace, Setting set) {
    Map<Path, Path> mounts = new LinkedHashMap<>();
    set.shown().forEach(path -> mounts.put(path, path));
    mounts.put(Path.of("/etc"), etc(workspace));
    set.large().forEach(path -> mounts.put(path, path));
    mounts.putAll(mountsToMake(workspace));
    return Sandbox.ofMounts(workspace, mounts);
  }

  @Override
  public Execution run(Invocation invocation) throws InterruptedException {
    String why = availability().whyNot();
    if (!why.isEmpty()) {
      return new Execution.NotStarted("bubblewrap cannot be used here: " + why + ".");
    }
    try {
      writeEtc(invocation.workspace());
    } catch (IOException e) {
      return new Execution.NotStarted("The /etc of a sandbox cannot be written: " + e);
    }
    return run(invocation, require(), Supervised::run);
  }

  private synchronized Setting require() {
    if (!(availability() instanceof Availability.Usable) || setting == null) {
      throw new IllegalStateException("used where it cannot be: " + availability);
    }
    return setting;
  }

  // --- whether it works ---

  private Availability probe() {
    if (bwrap.isEmpty()) {
      return new Availability.Absent("there is no bwrap in PATH; the package is bubblewrap");
    }
    if (!Files.isExecutable(FIRST_PROCESS)) {
      return new Availability.Unusable("there is no " + FIRST_PROCESS + " of GNU coreutils");
    }
    try {
      return probeWays();
    } catch (IOException e) {
      return new Availability.Unusable("a folder to try it in cannot be made (" + e + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Availability.Unusable("trying it was interrupted");
    }
  }

  private Availability probeWays() throws IOException, InterruptedException {
    if (!ProgramUser.isRoot() || ProgramUser.isAlone()) {
      return probe(new Privileges(Privileges.Way.OURS, OptionalInt.empty()));
    }
    if (!Files.isExecutable(Path.of(Privileges.SETPRIV))) {
      return new Availability.Unusable(
          "programs must not run as root, and there is no "
              + Privileges.SETPRIV
              + " to give that up; the package is util-linux");
    }
    OptionalInt user = ProgramUser.unused();
    if (user.isEmpty()) {
      return new Availability.Unusable(
          "programs must not run as root, and no number from 65000 to 65531 is free for their"
              + " user");
    }
    Availability before = probe(new Privileges(Privileges.Way.DROPPED_BEFORE, user));
    // Only for want of namespaces: another way would hide whatever else is wrong.
    if (before instanceof Availability.Usable || mayMakeNamespaces(user.getAsInt())) {
      return before;
    }
    Availability inside = probe(new Privileges(Privileges.Way.DROPPED_INSIDE, user));
    return inside instanceof Availability.Usable ? inside : before;
  }

  /** Whether bubblewrap can make a user namespace for {@code user}, whatever lies in it. */
  private boolean mayMakeNamespaces(int user) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Privileges.dropTo(user));
    command.addAll(
        List.of(
            bwrap.orElseThrow().toString(),
            "--unshare-user",
            "--dev-bind",
            "/",
            "/",
            "--chdir",
            "/",
            FIRST_PROCESS.toString(),
            "0",
            "true"));
    OptionalInt code =
        Supervised.runUnwatched(
            new ProcessBuilder(command),
            Optional.of(PROBE_TIMEOUT),
            new ProgramLog(),
            Supervised::killAlone);
    return code.equals(OptionalInt.of(0));
  }

  // Nearly every one knows the option, so it is not asked first.
  private Availability probe(Privileges privileges) throws IOException, InterruptedException {
    Availability tried = probe(Setting.of(privileges, true));
    if (tried instanceof Availability.Usable
        || BubblewrapVersion.of(bwrap.orElseThrow()).hasDisable()) {
      return tried;
    }
    return probe(Setting.of(privileges, false));
  }

  private Availability probe(Setting tried) throws IOException, InterruptedException {
    Privileges privileges = tried.privileges();
    Path tmpdir = Path.of(System.getProperty("java.io.tmpdir"));
    try (Scratch scratch = Scratch.under(tmpdir)) {
      Workspace workspace = Workspace.createUnder(scratch.folder(), privileges.user());
      SystemFiles.writeOwn(etc(workspace), privileges.seen(), tried.large());
      ProgramLog log = new ProgramLog();
      Execution execution =
          run(
              new Invocation(
                  workspace,
                  List.of("true"),
                  List.of(),
                  Map.of(),
                  Optional.empty(),
                  Optional.of(PROBE_TIMEOUT),
                  log),
              tried,
              Supervised::runUnwatched);
      if (execution instanceof Execution.Exited exited && exited.code() == 0) {
        setting = tried;
        return new Availability.Usable();
      }
      return new Availability.Unusable(
          "running true in it failed: "
              + (execution instanceof Execution.NotStarted not
                  ? not.reason()
                  : execution + " " + String.join(" / ", log.lastLines(2))));
    }
  }

  // --- running ---

  /** Starts a process, waits for its end and gives its exit code, if it came to one in time. */
  @FunctionalInterface
  private interface Supervision {
    OptionalInt run(
        ProcessBuilder builder,
        Optional<Duration> timeout,
        ProgramLog log,
        Supervised.Killer killer)
        throws IOException, InterruptedException;
  }

  private Execution run(Invocation invocation, Setting set, Supervision supervision)
      throws InterruptedException {
    Workspace workspace = invocation.workspace();
    Sandbox sandbox = sandbox(workspace, set);
    Map<String, String> env = BaseEnvironment.of(sandbox);
    env.putAll(invocation.env());
    Optional<String> closed = closedFolder(workspace, set.privileges());
    if (closed.isPresent()) {
      return new Execution.NotStarted(closed.get());
    }
    try {
      Executables.Start start = new Executables.Start(sandbox, invocation, invocation.cmd(), env);
      Executables.Lookup lookup = executables.find(start);
      if (lookup instanceof Executables.Lookup.Unfit unfit) {
        return new Execution.NotStarted(unfit.why());
      }
      Executables.Lookup.Fit fit = (Executables.Lookup.Fit) lookup;
      requireTexts(env);
      Files.write(workspace.arguments(), arguments(workspace, set, fit, env));
      ProcessBuilder builder = new ProcessBuilder(command(invocation, set, fit));
      builder.environment().clear();
      builder.redirectInput(StandardInput.of(workspace, invocation.stdin()));
      OptionalInt code =
          supervision.run(
              builder, invocation.timeout(), invocation.log(), BubblewrapExecutor::killOnce);
      return hasStarted(workspace, code)
          ? executables.ended(start, fit, code)
          : new Execution.NotStarted(
              "bubblewrap could not build the sandbox: "
                  + String.join(" / ", invocation.log().lastLines(2)));
    } catch (IOException e) {
      return new Execution.NotStarted(
          "The program " + invocation.cmd().get(0) + " could not be started: " + e.getMessage());
    }
  }

  private List<String> command(Invocation invocation, Setting set, Executables.Lookup.Fit fit) {
    Workspace workspace = invocation.workspace();
    List<String> command = new ArrayList<>(OPENED);
    command.add(workspace.status().toString());
    command.add(workspace.arguments().toString());
    command.addAll(set.privileges().before());
    command.addAll(List.of(bwrap.orElseThrow().toString(), "--args", "4", "--"));
    command.addAll(set.privileges().inside());
    command.addAll(List.of(FIRST_PROCESS.toString(), "--foreground", "0", fit.word()));
    command.addAll(invocation.cmd().subList(1, invocation.cmd().size()));
    return command;
  }

  /** Those of the workspace that are not shown anyway. */
  private static Map<Path, Path> mountsToMake(Workspace workspace) {
    Map<Path, Path> mounts = new LinkedHashMap<>(workspace.mounts());
    mounts.keySet().removeIf(SystemFiles::shows);
    return mounts;
  }

  private static byte[] arguments(
      Workspace workspace, Setting set, Executables.Lookup.Fit fit, Map<String, String> env) {
    List<String> words = new ArrayList<>(List.of("--json-status-fd", "3"));
    words.addAll(set.words());
    bind("--ro-bind", etc(workspace), "/etc", words);
    set.large().forEach(path -> bind("--ro-bind", path, path.toString(), words));
    bind("--ro-bind", workspace.pfs(), Workspace.PFS, words);
    bind("--bind", workspace.out(), Workspace.PFS + "/out", words);
    bind("--ro-bind", workspace.code(), Workspace.CODE, words);
    bind("--bind", workspace.tmp(), Workspace.TMP, words);
    bind("--bind", workspace.home(), Workspace.HOME, words);
    mountsToMake(workspace)
        .forEach((seen, source) -> bind("--ro-bind", source, seen.toString(), words));
    // The root is bubblewrap's own tmpfs: what is written there would vanish without a word.
    words.addAll(List.of("--remount-ro", "/"));
    words.addAll(List.of("--chdir", fit.workingDir().seen().toString()));
    env.forEach((name, value) -> words.addAll(List.of("--setenv", name, value)));
    return (String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static void requireTexts(Map<String, String> env) throws IOException {
    for (Map.Entry<String, String> variable : env.entrySet()) {
      String text = variable.getKey() + "=" + variable.getValue();
      if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new IOException(
            "the variable " + variable.getKey() + " holds what is no text, or a zero character");
      }
    }
  }

  private static void bind(String how, Path host, String seen, List<String> words) {
    words.addAll(List.of(how, host.toString(), seen));
  }

  /**
   * Whether the program began. bubblewrap notes an exit code of its own accord if, and only if, it
   * could start what it was told to; one that was killed says nothing.
   */
  private static boolean hasStarted(Workspace workspace, OptionalInt code) throws IOException {
    return code.isEmpty()
        || code.getAsInt() > FIRST_SIGNAL
        || Files.readString(workspace.status()).contains("\"exit-code\"");
  }

  /** What to say if a folder that holds the workspace is closed to the user of the programs. */
  private Optional<String> closedFolder(Workspace workspace, Privileges privileges)
      throws UncheckedIOException {
    Path folder = workspace.root().getParent();
    if (privileges.how() != Privileges.Way.DROPPED_BEFORE
        || folder == null
        || entered.contains(folder)) {
      return Optional.empty();
    }
    int user = privileges.user().orElseThrow();
    for (Path at = folder; at != null; at = at.getParent()) {
      if (!mayEnter(at, user)) {
        return Optional.of(
            "Programs run as the user "
                + user
                + " instead of root, who may not enter the folder "
                + at
                + ". Let others pass (chmod o+x "
                + at
                + "), or name another folder for temporary files (java.io.tmpdir).");
      }
    }
    entered.add(folder);
    return Optional.empty();
  }

  private static boolean mayEnter(Path folder, int user) {
    try {
      PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
      boolean owned = Integer.valueOf(user).equals(Files.getAttribute(folder, "unix:uid"));
      return attributes
          .permissions()
          .contains(owned ? PosixFilePermission.OWNER_EXECUTE : PosixFilePermission.OTHERS_EXECUTE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** Beside the code: where datums share that, they share this, which they cannot write either. */
  private static Path etc(Workspace workspace) {
    return workspace.code().resolveSibling("etc");
  }

  private synchronized void writeEtc(Workspace workspace) throws IOException {
    Path etc = etc(workspace);
    if (!Files.exists(etc)) {
      // Whole or not at all: it serves all datums that come after.
      Path begun = etc.resolveSibling("etc.new");
      Workspace.deleteTree(begun);
      SystemFiles.write(begun, require().privileges().seen(), require().large());
      Files.move(begun, etc);
    }
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
