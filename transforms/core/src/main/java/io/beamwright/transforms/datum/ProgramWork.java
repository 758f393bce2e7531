// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.transforms.datum.OutputFolder.Output;
import io.beamwright.transforms.program.BaseEnvironment;
import io.beamwright.transforms.program.Executable;
import io.beamwright.transforms.program.Execution;
import io.beamwright.transforms.program.Executor;
import io.beamwright.transforms.program.Executors;
import io.beamwright.transforms.program.Invocation;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.transforms.program.Sandbox;
import io.beamwright.transforms.program.Scratch;
import io.beamwright.transforms.program.Workspace;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program on datums. Where the executor protects what a program may not write, the folders
 * of that are kept from datum to datum, and those that it may write unless one did.
 */
final class ProgramWork implements Work {

  private static final int LAST_LINES = 10;

  private final ProgramTransform program;
  private final DatumJob job;
  private final InputTree tree;
  private final Function<Sha256, Tree> trees;
  private final Scratch scratch;
  private final LiveOutput live;
  private final Deque<Workspace> idle = new ConcurrentLinkedDeque<>();
  private @Nullable Path shared;
  private @Nullable String ready;

  ProgramWork(
      ProgramTransform program,
      DatumJob job,
      InputTree tree,
      Function<Sha256, Tree> trees,
      Scratch scratch,
      LiveOutput live) {
    this.program = program;
    this.job = job;
    this.tree = tree;
    this.trees = trees;
    this.scratch = scratch;
    this.live = live;
  }

  @Override
  public Ready prepare(Datum datum, Facts facts) throws IOException {
    facts.json().put("executor", program.executor());
    Executor executor = executor();
    Workspace workspace = workspace(executor);
    boolean done = false;
    try {
      OfDatum ready = new OfDatum(datum, facts, executor, workspace);
      ready.place();
      done = true;
      return ready;
    } finally {
      if (!done) {
        DatumFolder.delete(workspace.root());
      }
    }
  }

  /** An attempt: how it ended. */
  private record Attempt(Execution execution, ProgramLog log) {}

  /** A datum whose files are where a program finds them. */
  private final class OfDatum implements Ready {

    private final Datum datum;
    private final Facts facts;
    private final Executor executor;
    private final Workspace workspace;
    private Map<Path, FileEntry> inputs = Map.of();

    OfDatum(Datum datum, Facts facts, Executor executor, Workspace workspace) {
      this.datum = datum;
      this.facts = facts;
      this.executor = executor;
      this.workspace = workspace;
    }

    void place() throws IOException {
      long start = System.nanoTime();
      if (!executor.protectsInputs()) {
        writeCode(workspace.code());
      }
      inputs = tree.writeInputs(datum.inputs(), workspace.pfs(), workspace.root().resolve("table"));
      facts.took("materialise", start);
    }

    @Override
    public Worked work() throws IOException, InterruptedException {
      String difference = differenceOfEnvironment(executor);
      if (!difference.isEmpty()) {
        throw new EnvironmentFault(
            difference, "Make the machines alike, or run the stage on machines that are.");
      }
      try (LiveOutput.OfDatum shown = live.of(datum.key())) {
        return work(shown);
      }
    }

    private Worked work(LiveOutput.OfDatum shown) throws IOException, InterruptedException {
      StringBuilder earlier = new StringBuilder();
      for (int number = 1; ; number++) {
        facts.json().put("tries", number);
        ProgramLog log = new ProgramLog();
        shown.begin(number, bytes(earlier), log);
        Attempt attempt = attempt(log);
        recordExecutable(attempt.execution(), facts);
        if (hasSucceeded(attempt.execution())) {
          return finished(attempt, log(earlier, attempt.log()));
        }
        if (number == program.tries() || attempt.execution() instanceof Execution.NotStarted) {
          return failed(attempt, number, log(earlier, attempt.log()));
        }
        earlier
            .append("[beamwright: attempt %d of %d failed: it ".formatted(number, program.tries()))
            .append(how(attempt.execution()))
            .append("]\n");
        workspace.renew(executor.protectsInputs());
        place();
      }
    }

    private Attempt attempt(ProgramLog log) throws InterruptedException {
      long start = System.nanoTime();
      Execution execution =
          executor.run(
              new Invocation(
                  workspace,
                  program.cmd(),
                  program.stdin(),
                  env(datum, executor.sandbox(workspace)),
                  program.workingDir(),
                  program.timeout(),
                  log));
      facts.took("run", start);
      return new Attempt(execution, log);
    }

    private Worked finished(Attempt attempt, Content log) throws IOException {
      facts.json().put("exit_code", ((Execution.Exited) attempt.execution()).code());
      try {
        List<Output> outputs = OutputFolder.read(executor.sandbox(workspace), workspace, inputs);
        return new Worked.Finished(outputs, log);
      } catch (UserFault fault) {
        return new Worked.Failed(
            fault.getMessage() + " " + fault.remedy(),
            exitCode(attempt.execution()),
            attempt.log().lastLines(LAST_LINES),
            log);
      }
    }

    @Override
    public void close() {
      if (executor.protectsInputs()) {
        keep(workspace);
      } else {
        DatumFolder.delete(workspace.root());
      }
    }
  }

  private static Content log(StringBuilder earlier, ProgramLog last) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    log.writeBytes(bytes(earlier));
    log.writeBytes(last.bytes());
    return Content.of(log.toByteArray());
  }

  private static byte[] bytes(StringBuilder text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private Worked failed(Attempt attempt, int number, Content log) {
    String attempts = number == 1 ? "" : " (attempt " + number + " of " + program.tries() + ")";
    String reason =
        attempt.execution() instanceof Execution.NotStarted not
            ? not.reason()
            : "The program "
                + program.cmd().get(0)
                + " "
                + how(attempt.execution())
                + attempts
                + ".";
    return new Worked.Failed(
        reason, exitCode(attempt.execution()), attempt.log().lastLines(LAST_LINES), log);
  }

  private boolean hasSucceeded(Execution execution) {
    return execution instanceof Execution.Exited exited
        && (exited.code() == 0 || program.acceptReturnCodes().contains(exited.code()));
  }

  private static String how(Execution execution) {
    if (execution instanceof Execution.Exited exited) {
      int signal = exited.code() - 128;
      String ended = "ended with exit code " + exited.code();
      return signal > 0 && signal <= 64 ? ended + " (signal " + signal + ")" : ended;
    }
    if (execution instanceof Execution.TimedOut late) {
      return "was killed after its datum_timeout of " + seconds(late.limit()) + " s";
    }
    return ((Execution.NotStarted) execution).reason();
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static OptionalInt exitCode(Execution execution) {
    return execution instanceof Execution.Exited exited
        ? OptionalInt.of(exited.code())
        : OptionalInt.empty();
  }

  private static void recordExecutable(Execution execution, Facts facts) {
    Executable executable =
        execution instanceof Execution.Exited exited
            ? exited.executable()
            : execution instanceof Execution.TimedOut late ? late.executable() : null;
    if (executable != null) {
      facts
          .json()
          .putObject("executable")
          .put("path", executable.path())
          .put("sha256", executable.sha256().hex());
    }
  }

  private Map<String, String> env(Datum datum, Sandbox sandbox) {
    Map<String, String> env = new TreeMap<>();
    for (DatumInput input : datum.inputs()) {
      String folder = Workspace.PFS + "/" + input.name();
      String first = input.files().isEmpty() ? "" : input.shown(input.files().get(0)).text();
      env.put(input.name(), sandbox.shown(folder + first));
      env.put(input.name() + "_COMMIT", input.commit().hex());
    }
    // An input may be called PATH; a program that then finds nothing to run helps nobody.
    env.keySet().removeAll(BaseEnvironment.NAMES);
    env.putAll(program.env());
    env.put("PACH_JOB_ID", job.id());
    env.put("PACH_OUTPUT_COMMIT_ID", job.id());
    env.put("PACH_DATUM_ID", datum.key().hex());
    env.put("PPS_PIPELINE_NAME", job.pipeline());
    return env;
  }

  private Executor executor() {
    Executor executor = Executors.usable(program.executor());
    if (executor.contractVersion() != program.contractVersion()) {
      throw new EnvironmentFault(
          "The run was planned for version "
              + program.contractVersion()
              + " of the executor \""
              + executor.name()
              + "\", and here is version "
              + executor.contractVersion()
              + ".",
          "Use the same version of Beamwright everywhere.");
    }
    return executor;
  }

  /** Empty if the declared commands say here what they said where the run was planned. */
  private synchronized String differenceOfEnvironment(Executor executor)
      throws IOException, InterruptedException {
    if (ready == null) {
      program.mounts().forEach(mount -> mount.require(executor.owner(), scratch.parent()));
      DeclaredEnvironment planned = program.environment();
      DeclaredEnvironment here =
          DeclaredEnvironment.observe(
              planned.commands(), program.env(), program.mounts(), executor, scratch.folder());
      ready = planned.differenceFrom(here).orElse("");
    }
    return ready;
  }

  private Workspace workspace(Executor executor) throws IOException {
    Workspace kept = idle.poll();
    if (kept != null) {
      return kept;
    }
    Path root = new DatumFolder(scratch).path();
    Workspace workspace =
        executor.protectsInputs()
            ? Workspace.createIn(root, sharedCode(executor), executor.owner())
            : Workspace.createIn(root, executor.owner());
    workspace.show(program.mounts());
    return workspace;
  }

  /** For the next datum: to make and to delete folders costs more than a short program does. */
  private void keep(Workspace workspace) {
    boolean done = false;
    try {
      workspace.renew(true);
      idle.push(workspace);
      done = true;
    } catch (IOException e) {
      throw DatumFolder.undeletable(workspace.root(), e);
    } finally {
      if (!done) {
        DatumFolder.delete(workspace.root());
      }
    }
  }

  private synchronized Path sharedCode(Executor executor) throws IOException {
    if (shared == null) {
      Path folder = Files.createTempDirectory(scratch.folder(), "shared-");
      Workspace.give(folder, executor.owner());
      Path code = Files.createDirectory(folder.resolve("code"));
      writeCode(code);
      Workspace.give(code, executor.owner());
      shared = folder;
    }
    return shared.resolve("code");
  }

  private void writeCode(Path folder) throws IOException {
    if (program.code().isPresent()) {
      Tree code = trees.apply(program.code().get());
      tree.write(code.files(), folder);
    }
  }

  @Override
  public synchronized void close() {
    for (Workspace kept = idle.poll(); kept != null; kept = idle.poll()) {
      DatumFolder.delete(kept.root());
    }
    if (shared != null) {
      DatumFolder.delete(shared);
      shared = null;
    }
  }
}
