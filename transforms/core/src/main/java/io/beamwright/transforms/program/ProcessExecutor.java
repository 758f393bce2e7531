// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs programs as plain child processes, where there is no sandbox: {@code /pfs} lies under {@code
 * $PFS}, and words of the command and of standard input that begin with {@code /pfs} or {@code
 * /code} are rewritten. Nothing keeps such a program from the machine's files and network.
 */
public final class ProcessExecutor implements Executor {

  /** The name of this kind. */
  public static final String NAME = "process";

  // A word begins a text, or follows white space or what a shell or a language parts words with.
  private static final Pattern TREE_WORD =
      Pattern.compile("(?<![^\\s\"'`=<>(\\[{;|&:,])/(?:pfs|code)(?![^/\\s\"'`<>)\\]};|&:,])");

  private final Executables executables = new Executables();

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
    return true;
  }

  @Override
  public Availability availability() {
    return File.separatorChar == '/'
        ? new Availability.Usable()
        : new Availability.Unusable("it needs a POSIX system");
  }

  @Override
  public boolean protectsInputs() {
    return false;
  }

  @Override
  public Sandbox sandbox(Workspace workspace) {
    return Sandbox.ofMachine(workspace);
  }

  @Override
  public Execution run(Invocation invocation) throws InterruptedException {
    Sandbox sandbox = sandbox(invocation.workspace());
    Map<String, String> env = BaseEnvironment.of(sandbox);
    env.put("TMPDIR", sandbox.shown(Workspace.TMP));
    env.putAll(invocation.env());
    List<String> words = invocation.cmd().stream().map(word -> rewrite(word, sandbox)).toList();
    Executables.Start start = new Executables.Start(sandbox, invocation, words, env);
    Executables.Lookup lookup = executables.find(start);
    if (lookup instanceof Executables.Lookup.Unfit unfit) {
      return new Execution.NotStarted(unfit.why());
    }
    Executables.Lookup.Fit fit = (Executables.Lookup.Fit) lookup;
    try {
      ProcessBuilder builder = new ProcessBuilder(command(fit, words));
      builder.environment().clear();
      builder.environment().putAll(env);
      builder.directory(fit.workingDir().host().toFile());
      List<String> stdin = invocation.stdin().stream().map(line -> rewrite(line, sandbox)).toList();
      builder.redirectInput(StandardInput.of(invocation.workspace(), stdin));
      String mark = "PFS=" + env.get("PFS");
      OptionalInt code =
          Supervised.run(builder, invocation.timeout(), invocation.log(), new BySession(mark));
      return executables.ended(start, fit, code);
    } catch (IOException e) {
      return new Execution.NotStarted(
          "The program " + invocation.cmd().get(0) + " could not be started: " + e.getMessage());
    }
  }

  private static List<String> command(Executables.Lookup.Fit fit, List<String> words) {
    List<String> command = new ArrayList<>();
    // A session of its own: out of reach of the terminal's Ctrl-C, which ends us and then it.
    for (String setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
      if (Files.isExecutable(Path.of(setsid))) {
        command.add(setsid);
        break;
      }
    }
    command.add(fit.word());
    command.addAll(words.subList(1, words.size()));
    return command;
  }

  /** {@code text} with the folders of the tree named as they are named here. */
  static String rewrite(String text, Sandbox sandbox) {
    return TREE_WORD
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(sandbox.shown(match.group())));
  }

  /**
   * Finds a program's processes by their session, and those that began another one by their
   * environment.
   *
   * @param mark a variable that only this program has
   */
  private record BySession(String mark) implements Supervised.Killer {

    @Override
    public boolean bySession() {
      return true;
    }

    @Override
    public boolean killOnce(Process process) throws IOException {
      List<ProcessHandle> living = new ArrayList<>(ProcessTable.of(process.pid(), mark));
      if (process.isAlive()) {
        process.descendants().forEach(living::add);
        living.add(process.toHandle());
      }
      living.forEach(ProcessHandle::destroyForcibly);
      return !living.isEmpty();
    }
  }
}
