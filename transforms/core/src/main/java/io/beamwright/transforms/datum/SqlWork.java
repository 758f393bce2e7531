// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.tables.TableInspector;
import io.beamwright.transforms.datum.OutputFolder.Output;
import io.beamwright.transforms.program.Scratch;
import io.beamwright.transforms.program.Workspace;
import io.beamwright.transforms.sql.InputFiles;
import io.beamwright.transforms.sql.SqlEngine;
import io.beamwright.transforms.sql.SqlLimits;
import io.beamwright.transforms.sql.SqlQuery;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a query on datums. Each thread has an engine of its own, kept from datum to datum with the
 * one folder that it can read; what lies there is one datum's and gone before the next.
 */
final class SqlWork implements Work {

  private static final Content NO_LOG = Content.of(new byte[0]);

  private final SqlTransform transform;
  private final InputTree tree;
  private final Scratch scratch;
  private final Deque<Kept> idle = new ConcurrentLinkedDeque<>();
  private @Nullable SqlQuery query;

  SqlWork(SqlTransform transform, InputTree tree, Scratch scratch) {
    this.transform = transform;
    this.tree = tree;
    this.scratch = scratch;
  }

  /** No files yet: they go into the folder of an engine, which has one datum at a time. */
  @Override
  public Ready prepare(Datum datum, Facts facts) throws IOException {
    DatumFolder folder = new DatumFolder(scratch);
    return new Ready() {
      @Override
      public Worked work() throws IOException {
        return on(datum, folder.path(), facts);
      }

      @Override
      public void close() {
        folder.close();
      }
    };
  }

  private Worked on(Datum datum, Path folder, Facts facts) throws IOException {
    facts.json().put("executor", SqlTransform.TYPE).put("tries", 1);
    Kept kept = idle.poll();
    if (kept == null) {
      kept = new Kept(scratch, transform.memoryBytes());
    }
    boolean done = false;
    try {
      Worked worked = on(datum, kept, folder, facts);
      kept.clear();
      done = true;
      idle.push(kept);
      return worked;
    } finally {
      if (!done) {
        kept.close();
      }
    }
  }

  private Worked on(Datum datum, Kept kept, Path folder, Facts facts) throws IOException {
    long start = System.nanoTime();
    Path pfs = kept.newPfs();
    // How programs would be shown them is nothing to a query.
    List<DatumInput> inputs = datum.inputs().stream().map(DatumInput::asStored).toList();
    tree.writeInputs(inputs, pfs, folder.resolve("table"));
    Path out = Files.createDirectory(folder.resolve("out"));
    facts.took("materialise", start);
    long run = System.nanoTime();
    List<Path> parts = kept.engine.run(query(), files(inputs, pfs), out);
    facts.took("run", run);
    return new Worked.Finished(outputs(parts, folderOf(datum.inputs())), NO_LOG);
  }

  /** An engine and its folder. */
  private static final class Kept implements AutoCloseable {

    private final DatumFolder folder;
    private final Path pfs;
    private final SqlEngine engine;
    private long datums;

    Kept(Scratch scratch, long memoryBytes) throws IOException {
      this.folder = new DatumFolder(scratch);
      this.pfs = Files.createDirectory(folder.path().resolve("pfs"));
      Path spill = Files.createDirectory(folder.path().resolve("tmp"));
      this.engine = new SqlEngine(new SqlLimits(memoryBytes, spill), pfs);
    }

    /** The folder for a datum's files: its name never comes again, whoever may remember it. */
    Path newPfs() throws IOException {
      return Files.createDirectory(pfs.resolve(Long.toString(datums++)));
    }

    /** Deletes the datum's files. */
    void clear() throws IOException {
      Workspace.deleteTree(pfs.resolve(Long.toString(datums - 1)));
    }

    @Override
    public void close() {
      engine.close();
      folder.close();
    }
  }

  // Checked once, and by the first datum rather than before it: a query may be refused.
  private synchronized SqlQuery query() {
    if (query == null) {
      query = SqlQuery.parse(transform.query());
    }
    return query;
  }

  private static Map<String, InputFiles> files(List<DatumInput> inputs, Path pfs) {
    Map<String, InputFiles> files = new LinkedHashMap<>();
    for (DatumInput input : inputs) {
      Path folder = pfs.resolve(input.name());
      files.put(
          input.name(),
          new InputFiles(
              input.files().stream()
                  .map(file -> folder.resolve(file.path().text().substring(1)))
                  .toList(),
              input.format()));
    }
    return files;
  }

  /**
   * The folder that a datum's table goes to: what its inputs' globs matched, one after the other,
   * so that two datums of a stage never write to the same place; empty if all are whole repos.
   */
  static String folderOf(List<DatumInput> inputs) {
    return inputs.stream()
        .map(DatumInput::match)
        .filter(match -> !match.equals(DatumInput.WHOLE_REPO))
        .collect(Collectors.joining());
  }

  private static List<Output> outputs(List<Path> parts, String folder) throws IOException {
    List<Output> outputs = new ArrayList<>();
    for (Path part : parts) {
      FilePath path = new FilePath(folder + "/" + part.getFileName());
      outputs.add(new Output.Local(path, false, part, Optional.of(TableInspector.inspect(part))));
    }
    return outputs;
  }

  @Override
  public void close() {
    for (Kept kept = idle.poll(); kept != null; kept = idle.poll()) {
      kept.close();
    }
  }
}
