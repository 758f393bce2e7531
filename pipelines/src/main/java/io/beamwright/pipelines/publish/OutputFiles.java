// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.plan.DatumName;
import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.result.KnownResults;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers what the datums of a job wrote into the tree of its files and the tree of its datums. */
final class OutputFiles {

  private static final int MOST_EXAMPLES = 10;

  private final Store store;
  private final JobPlan plan;
  private final Attempt attempt;
  private final SortedMap<FilePath, FileEntry> files = new TreeMap<>();
  private final Map<FilePath, Datum> writers = new HashMap<>();
  private final SortedMap<FilePath, PendingFile> datums = new TreeMap<>();
  private Optional<Gathered.Clash> clash = Optional.empty();
  private long missing;

  OutputFiles(Store store, JobPlan plan, Attempt attempt) {
    this.store = store;
    this.plan = plan;
    this.attempt = attempt;
  }

  /** What was gathered. */
  sealed interface Gathered {

    /** Every datum has a result. */
    record Whole(Sha256 files, Sha256 datums) implements Gathered {}

    /** {@code count} datums have none; {@code examples} are some that failed. */
    record Missing(long count, List<DatumResult> examples) implements Gathered {}

    /** Two datums wrote what cannot stand in one tree. */
    record Clash(String what, String remedy) implements Gathered {}
  }

  Gathered gather() {
    KnownResults known = store.results().merged();
    try (Packer packer = store.packer()) {
      Segments.read(
          store.files(),
          plan.segments(),
          datum ->
              known
                  .findPlanned(datum.key())
                  .ifPresentOrElse(result -> add(datum, result, packer), () -> missing++));
      if (missing > 0) {
        return new Gathered.Missing(missing, examples());
      }
      findFilesThatAreFolders();
      if (clash.isPresent()) {
        return clash.get();
      }
      packer.flush();
      return whole();
    }
  }

  private Gathered whole() {
    List<FileEntry> entries = new ArrayList<>();
    datums.forEach((path, file) -> entries.add(FileEntry.of(path, false, file.stored())));
    Sha256 datumTree = store.trees().build(entries.iterator()).id();
    return new Gathered.Whole(store.trees().build(files.values().iterator()).id(), datumTree);
  }

  private void add(Datum datum, DatumResult result, Packer packer) {
    for (FileEntry output : result.outputs()) {
      Datum before = writers.putIfAbsent(output.path(), datum);
      if (before != null && !before.key().equals(datum.key())) {
        clash = clash.or(() -> clash(output.path().text(), before, datum));
      }
      files.put(output.path(), output);
    }
    describe(datum, result, packer);
  }

  /** Finds the files that stand where other files need a folder. */
  private void findFilesThatAreFolders() {
    for (FilePath path : files.keySet()) {
      for (String folder : path.folders()) {
        Datum writer = writers.get(new FilePath(folder));
        if (writer != null) {
          Datum below = writers.getOrDefault(path, writer);
          clash = clash.or(() -> clash(folder + ", and below it " + path, writer, below));
        }
      }
    }
  }

  private Optional<Gathered.Clash> clash(String what, Datum one, Datum other) {
    return Optional.of(
        new Gathered.Clash(
            "Two datums of the stage "
                + plan.stage()
                + " wrote "
                + what
                + ": "
                + DatumName.of(one)
                + " and "
                + DatumName.of(other)
                + ".",
            plan.provenance().steps().keySet().stream().anyMatch(step -> step.startsWith("sql."))
                ? "A query writes below the path of its datum's input: keep the files of the"
                    + " sides of a union under paths that differ, or make a stage of each side."
                : "Write a path that depends on the input, such as the input file's name."));
  }

  /** The datum by its key, and its key by each path that it wrote. */
  private void describe(Datum datum, DatumResult result, Packer packer) {
    ObjectNode json = CanonicalJson.object();
    json.set("datum", datum.toJson());
    json.set("result", result.toJson());
    datums.put(DatumTree.datum(datum.key()), add(packer, CanonicalJson.bytes(json)));
    byte[] key = datum.key().hex().getBytes(StandardCharsets.UTF_8);
    for (FileEntry output : result.outputs()) {
      datums.put(DatumTree.output(output.path()), add(packer, key));
    }
  }

  private static PendingFile add(Packer packer, byte[] bytes) {
    try {
      return packer.add(Content.of(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<DatumResult> examples() {
    List<DatumResult> failed = new ArrayList<>();
    store
        .journals()
        .read(
            attempt.number(),
            result -> {
              if (result.state() == DatumResult.State.FAILED && failed.size() < MOST_EXAMPLES) {
                failed.add(result);
              }
            });
    return failed;
  }
}
