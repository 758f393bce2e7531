// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.datum.Begun.Tried;
import io.beamwright.transforms.datum.DatumOutcome.Culprit;
import io.beamwright.transforms.datum.OutputFolder.Output;
import io.beamwright.transforms.program.Scratch;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Runs datums: puts the datum's files beside the transform, runs it, and gives what it made to a
 * {@link Packer}. Safe for many threads, each with a packer of its own.
 *
 * <p>The facts of an outcome are, where they are known: {@code worker}, the process as {@code
 * PID@HOST}; {@code executor}; {@code executable} with {@code path} and {@code sha256}; {@code
 * exit_code}; {@code tries}, the attempts that were made; {@code milliseconds} of {@code
 * materialise}, {@code run} and {@code store}; {@code bytes} {@code in} and {@code out}; and of a
 * failure {@code reason}, {@code culprit} and {@code last_lines}.
 */
public final class DatumRunner implements AutoCloseable {

  /**
   * The version of how files are shown and collected: part of each key, raised by a change that a
   * result could show.
   */
  static final int LAYOUT = 1;

  private final Work work;
  private final Path scratch;
  private final Scratch own;
  private final ExecutorService helpers = Executors.newCachedThreadPool(DatumRunner::daemon);

  private DatumRunner(Work work, Path scratch, Scratch own) {
    this.work = work;
    this.scratch = scratch;
    this.own = own;
  }

  private static Thread daemon(Runnable help) {
    Thread thread = new Thread(help, "beamwright-datums");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * A runner of {@code transform}.
   *
   * @param job the job, as programs are told of it
   * @param files reads the files of the datums and of the code
   * @param trees opens a tree by its id, for the code
   * @param scratch an existing folder for temporary files, with room for a datum's files, twice,
   *     and for those of a small one
   */
  public static DatumRunner of(
      DatumTransform transform,
      DatumJob job,
      StoredFiles files,
      Function<Sha256, Tree> trees,
      Path scratch) {
    return of(transform, job, files, trees, scratch, LiveOutput.UNSEEN);
  }

  /**
   * The same.
   *
   * @param live is shown what programs print while they run
   */
  public static DatumRunner of(
      DatumTransform transform,
      DatumJob job,
      StoredFiles files,
      Function<Sha256, Tree> trees,
      Path scratch,
      LiveOutput live) {
    InputTree tree = new InputTree(files);
    Scratch own = Scratch.under(scratch);
    Work work =
        transform.match(
            new DatumTransform.Cases<>() {
              @Override
              public Work program(ProgramTransform program) {
                return new ProgramWork(program, job, tree, trees, own, live);
              }

              @Override
              public Work sql(SqlTransform sql) {
                return new SqlWork(sql, tree, own);
              }
            });
    return new DatumRunner(work, scratch, own);
  }

  /**
   * Runs {@code datum}. What can go wrong with a datum is an outcome.
   *
   * @param packer takes the files and the log; the outcome is durable after its flush. Its monitor
   *     is held while it is used, and not while the datum runs, so that another thread may flush it
   *     meanwhile under the same monitor
   * @throws EnvironmentFault if {@code packer} cannot store: the packer can only be closed
   * @throws InterruptedException if this thread was interrupted; the program has been killed
   */
  public DatumOutcome run(Datum datum, Packer packer) throws InterruptedException {
    try (Begun begun = begin(datum)) {
      return finish(begun, packer);
    }
  }

  /**
   * Runs {@code datums} as {@link #run} does, one at a time and in this order. Beside a datum that
   * runs the next one, if it is small, is made ready and the last one's files are deleted.
   *
   * @param ended takes how each ended
   */
  public void runAll(List<Datum> datums, Packer packer, BiConsumer<Datum, DatumOutcome> ended)
      throws InterruptedException {
    try (Beside beside = new Beside(this::begin, helpers)) {
      for (int i = 0; i < datums.size(); i++) {
        Begun begun = beside.take(datums.get(i));
        try {
          if (i + 1 < datums.size()) {
            beside.prepare(datums.get(i + 1));
          }
          ended.accept(datums.get(i), finish(begun, packer));
        } finally {
          beside.clear(begun);
        }
      }
    }
  }

  private Begun begin(Datum datum) {
    return new Begun(work, datum, scratch);
  }

  private static DatumOutcome finish(Begun begun, Packer packer) throws InterruptedException {
    Tried tried = begun.work();
    synchronized (packer) {
      return store(tried, begun.facts(), packer);
    }
  }

  private static DatumOutcome store(Tried tried, Work.Facts facts, Packer packer) {
    if (tried instanceof Tried.Faulted faulted) {
      Fault fault = faulted.fault();
      Culprit culprit = fault instanceof EnvironmentFault ? Culprit.MACHINE : Culprit.DATUM;
      String where = culprit == Culprit.MACHINE ? "Worker " + Worker.NAME + ": " : "";
      String reason = where + (fault.getMessage() + " " + fault.remedy()).strip();
      return failed(
          reason, culprit, OptionalInt.empty(), List.of(), Optional.empty(), facts.json());
    }
    Work.Worked worked = ((Tried.Worked) tried).worked();
    long start = System.nanoTime();
    Optional<PendingFile> log =
        worked.log().size() == 0 ? Optional.empty() : Optional.of(addLog(worked.log(), packer));
    if (worked instanceof Work.Worked.Failed failed) {
      return failed(
          failed.reason(), Culprit.DATUM, failed.exitCode(), failed.lastLines(), log, facts.json());
    }
    List<DatumOutput> outputs = new ArrayList<>();
    for (Output output : ((Work.Worked.Finished) worked).outputs()) {
      try {
        outputs.add(store(output, packer));
      } catch (IOException e) {
        // Not the packer's fault, which would have thrown one: it takes on.
        String reason =
            "Worker "
                + Worker.NAME
                + ": The output "
                + output.path()
                + " cannot be read: "
                + e
                + ".";
        return failed(reason, Culprit.MACHINE, OptionalInt.empty(), List.of(), log, facts.json());
      }
    }
    facts.took("store", start);
    facts.moved("out", outputs.stream().mapToLong(DatumOutput::size).sum());
    return new DatumOutcome.Success(outputs, log, facts.json());
  }

  private static DatumOutcome.Failed failed(
      String reason,
      Culprit culprit,
      OptionalInt exitCode,
      List<String> lastLines,
      Optional<PendingFile> log,
      ObjectNode facts) {
    facts.put("reason", reason).put("culprit", culprit.name());
    exitCode.ifPresent(code -> facts.put("exit_code", code));
    lastLines.forEach(facts.putArray("last_lines")::add);
    return new DatumOutcome.Failed(reason, culprit, exitCode, lastLines, log, facts);
  }

  private static DatumOutput store(Output output, Packer packer) throws IOException {
    if (output instanceof Output.OfInput ofInput) {
      return new DatumOutput.Referenced(ofInput.entry());
    }
    Output.Local local = (Output.Local) output;
    Content content = Content.of(local.file());
    PendingFile file = local.table().isPresent() ? packer.addWhole(content) : packer.add(content);
    return new DatumOutput.Added(local.path(), local.executable(), file, local.table());
  }

  private static PendingFile addLog(Content log, Packer packer) {
    try {
      return packer.add(log);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be read", e);
    }
  }

  /** Deletes what was kept for the next datum. */
  @Override
  public void close() {
    helpers.shutdown();
    work.close();
    try {
      own.close();
    } catch (IOException e) {
      throw DatumFolder.undeletable(scratch, e);
    }
  }
}
