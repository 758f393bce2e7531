// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.tree.FileEntry;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the rows of a table, told by key columns: the rows that were added, removed and
 * changed, in the order of the key.
 *
 * <p>Files that both tables have are not read: as many of one digest on one side as on the other
 * cancel out. Rows of the others are sorted by key in bounded memory ({@link ExternalSort}), and
 * each key's rows meet. Values are equal if their {@link RowEncoding}s are: so nulls are equal to
 * each other, in keys too, and NaN to NaN, and 0.0 is not -0.0. That a key is there once is checked
 * among the rows that are read.
 */
public final class RowDiff implements Closeable {

  private static final long MEMORY_BYTES = 64L << 20;

  private final List<SchemaChange> schema;
  private final RowMerge merge;

  private RowDiff(List<SchemaChange> schema, RowMerge merge) {
    this.schema = schema;
    this.merge = merge;
  }

  /**
   * Compares two tables of a store, or one with nothing.
   *
   * @param key names of the columns that tell a row, at least one
   * @param limit how many changes are kept to be told of; all are counted
   * @return the difference, which the caller closes
   * @throws UserFault if a key column is absent or of two types, two rows of a table have one key,
   *     the files of a table differ in their columns, or one cannot be read as a table
   */
  public static RowDiff between(
      Optional<TableFiles> before,
      Optional<TableFiles> after,
      List<String> key,
      long limit,
      StoredFiles store)
      throws IOException {
    Map<Sha256, Integer> there = counts(before);
    Map<Sha256, Integer> here = counts(after);
    Optional<Side> older = side(before, here, store);
    Optional<Side> newer = side(after, there, store);
    RowLayout layout =
        RowLayout.of(older.map(Side::named), newer.map(Side::named), List.copyOf(key));
    RowMerge merge = new RowMerge(layout, limit);
    try (ExternalSort sort = new ExternalSort(MEMORY_BYTES)) {
      if (older.isPresent()) {
        older.get().addTo(sort, layout, false, store);
      }
      if (newer.isPresent()) {
        newer.get().addTo(sort, layout, true, store);
      }
      sort.sortTo(merge::accept);
      merge.finish();
      return new RowDiff(layout.changes(), merge);
    } catch (IOException | RuntimeException e) {
      merge.close();
      throw e;
    }
  }

  private static Map<Sha256, Integer> counts(Optional<TableFiles> table) {
    Map<Sha256, Integer> counts = new HashMap<>();
    table.ifPresent(of -> of.files().forEach(file -> counts.merge(file.sha256(), 1, Integer::sum)));
    return counts;
  }

  private static Optional<Side> side(
      Optional<TableFiles> table, Map<Sha256, Integer> other, StoredFiles store)
      throws IOException {
    if (table.isEmpty()) {
      return Optional.empty();
    }
    List<FileEntry> differing = new ArrayList<>();
    for (FileEntry file : table.get().files()) {
      if (other.merge(file.sha256(), -1, Integer::sum) < 0) {
        differing.add(file);
      }
    }
    return Optional.of(new Side(table.get(), differing, schema(table.get(), differing, store)));
  }

  /** Of the files that are read; where none is, of any. */
  private static TableSchema schema(TableFiles table, List<FileEntry> differing, StoredFiles store)
      throws IOException {
    List<FileEntry> read = differing.isEmpty() ? table.files().subList(0, 1) : differing;
    TableSchema schema = table.schemaOf(read.get(0), store);
    for (FileEntry file : read.subList(1, read.size())) {
      TableSchema other = table.schemaOf(file, store);
      if (!RowLayout.sameColumns(schema, other)) {
        throw new UserFault(
            "%s: %s and %s have other columns: %s, and %s."
                .formatted(
                    table.name(), read.get(0).path(), file.path(), schema.json(), other.json()),
            "Name one file, or a folder whose files are one table.");
      }
    }
    return schema;
  }

  /** One of the tables, and those of its files that the other does not have. */
  private record Side(TableFiles table, List<FileEntry> differing, TableSchema schema) {

    RowLayout.Named named() {
      return new RowLayout.Named(table.name(), schema);
    }

    void addTo(ExternalSort sort, RowLayout layout, boolean isNewer, StoredFiles store)
        throws IOException {
      RowLayout.Records records = layout.records(isNewer);
      for (FileEntry file : differing) {
        table.read(
            file,
            records.columns(),
            store,
            batch -> {
              for (int row = 0; row < batch.rowCount(); row++) {
                sort.add(records.record(batch, row));
              }
            });
      }
    }
  }

  /** How the columns differ; empty if they do not, or one of the tables is absent. */
  public List<SchemaChange> schema() {
    return schema;
  }

  /** How many rows were added. */
  public long added() {
    return merge.added();
  }

  /** How many rows were removed. */
  public long removed() {
    return merge.removed();
  }

  /** How many rows were changed. */
  public long changed() {
    return merge.changed();
  }

  /** Takes changes one at a time. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the next change. */
    void accept(RowChange change) throws IOException;
  }

  /** Gives the changes in the order of their keys, as many as the limit was. To be called once. */
  public void forEach(Sink sink) throws IOException {
    merge.forEach(sink);
  }

  /** Deletes what is on disk. */
  @Override
  public void close() throws IOException {
    merge.close();
  }
}
