// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;

/** What a step is given while the graph is built, and where it reports faults in data. */
public final class StepContext {

  private final String prefix;
  private final String label;
  private final ObjectNode config;
  private final Map<String, FileSet> files;
  private final Map<String, Dataset> tables;
  private final StageFiles.Opener store;
  private final int partitions;
  private final List<PCollection<StageFailure>> failures = new ArrayList<>();

  StepContext(
      String prefix,
      String label,
      ObjectNode config,
      Map<String, FileSet> files,
      Map<String, Dataset> tables,
      StageFiles.Opener store,
      int partitions) {
    this.prefix = prefix;
    this.label = label;
    this.config = config.deepCopy();
    this.files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    this.tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    this.store = store;
    this.partitions = partitions;
  }

  /** What messages call the step. */
  public String label() {
    return label;
  }

  /**
   * The name of one of the step's transforms, unique in the graph if {@code part} is in the step.
   */
  public String transform(String part) {
    return prefix + label + "/" + part;
  }

  /** The step's configuration; a copy. */
  public ObjectNode config() {
    return config.deepCopy();
  }

  /** The tables that the step reads, by the names under which it sees them. */
  public Map<String, Dataset> tables() {
    return tables;
  }

  /**
   * The one table that the step reads.
   *
   * @throws UserFault if it is given none or several
   */
  public Dataset table() {
    return only(tables, "table");
  }

  /**
   * The one input of files that the step reads.
   *
   * @throws UserFault if it is given none or several
   */
  public FileSet files() {
    return only(files, "input of files");
  }

  /** Opens the store, here and on workers. */
  public StageFiles.Opener store() {
    return store;
  }

  /**
   * Into how many parts rows are divided after a shuffle: a power of two that the size of the
   * stage's input decides, the same on every runner.
   */
  public int partitions() {
    return partitions;
  }

  /** A dataset as rows of Beam; values that Beam's rows cannot hold are reported as failures. */
  public PCollection<Row> rows(Dataset dataset) {
    PCollectionTuple both =
        dataset.batches().apply(transform("Rows " + failures.size()), BatchesToRows.of(dataset));
    report(both.get(BatchesToRows.FAILURES));
    return both.get(BatchesToRows.ROWS).setRowSchema(RowTypes.beamSchema(dataset.schema()));
  }

  /**
   * Rows of Beam as a dataset without order; values that a table cannot hold are reported as
   * failures.
   *
   * @throws UserFault if the rows' schema has a type that no column can have, or the rows are
   *     unbounded
   */
  public Dataset dataset(PCollection<Row> rows) {
    if (rows.isBounded() != PCollection.IsBounded.BOUNDED) {
      throw new UserFault(
          "Step " + label + " gives rows without end.", "A stage's table has an end; use another.");
    }
    if (!(rows.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new UserFault(
          "Step " + label + " divides its rows into windows.",
          "A table has no windows; use a step that ends in the global one.");
    }
    RowsToBatches transform = RowsToBatches.of(rows.getSchema());
    PCollectionTuple both = rows.apply(transform("Batches " + failures.size()), transform);
    report(both.get(RowsToBatches.FAILURES));
    return new Dataset(transform.schema(), Ordering.NONE, both.get(RowsToBatches.BATCHES));
  }

  /** Adds failures; the stage fails with the first of them by text, if there is any. */
  public void report(PCollection<StageFailure> found) {
    failures.add(found.setCoder(new StageFailureCoder()));
  }

  List<PCollection<StageFailure>> failures() {
    return List.copyOf(failures);
  }

  private <T> T only(Map<String, T> given, String what) {
    if (given.size() != 1) {
      throw new UserFault(
          "Step "
              + label
              + " reads one "
              + what
              + " and is given "
              + (given.isEmpty() ? "none." : String.join(", ", given.keySet()) + "."),
          "Name the one that it reads by \"input\".");
    }
    return given.values().iterator().next();
  }
}
