// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.FolderChild;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table as it lies in a commit: one Parquet file, or those of a folder.
 *
 * @param name what it is called in messages: {@code prices@master:/clean}
 * @param files its files, at least one
 */
public record TableFiles(String name, List<FileEntry> files) {

  private static final String SUFFIX = ".parquet";

  public TableFiles {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException(name + " has no file");
    }
  }

  /**
   * The table at {@code path}: the file, or the files right in the folder whose names end in {@code
   * .parquet}, such as the parts that a stage writes.
   *
   * @param ref the commit as typed, for messages
   * @return nothing if there is neither file nor folder
   * @throws UserFault if the folder has no such file
   */
  public static Optional<TableFiles> at(Tree tree, String path, String ref) {
    String name = ref + ":" + path;
    if (!path.equals("/")) {
      Optional<FileEntry> one = tree.find(FilePath.of(path));
      if (one.isPresent()) {
        return Optional.of(new TableFiles(name, List.of(one.get())));
      }
    }
    if (!tree.isFolder(path)) {
      return Optional.empty();
    }
    List<FileEntry> parts = parts(tree, path);
    if (parts.isEmpty()) {
      throw new UserFault(
          name + " is no table: no file right in it ends in " + SUFFIX + ".",
          "Name a Parquet file, or a folder of them.");
    }
    return Optional.of(new TableFiles(name, parts));
  }

  private static List<FileEntry> parts(Tree tree, String path) {
    try (Stream<FolderChild> children = tree.listFolder(path)) {
      return children
          .filter(FolderChild.File.class::isInstance)
          .map(child -> ((FolderChild.File) child).entry())
          .filter(file -> file.path().text().endsWith(SUFFIX))
          .toList();
    }
  }

  /** A file's name in messages. */
  private String nameOf(FileEntry file) {
    return name.substring(0, name.indexOf(':') + 1) + file.path();
  }

  /**
   * The columns of {@code file}, from its facts or else its footer.
   *
   * @throws UserFault if it is no table, or has columns that tables do not have
   */
  TableSchema schemaOf(FileEntry file, StoredFiles store) throws IOException {
    String shown = nameOf(file);
    Optional<TableFacts> known = file.file().table();
    if (known.isPresent()) {
      return TableSchema.of(shown, known.get());
    }
    int beginning = (int) Math.min(ParquetInspector.BEGINNING, file.size());
    if (!new ParquetInspector().claims(store.read(file.file(), 0, beginning))) {
      throw new UserFault(
          shown + " is no Parquet file, and rows are compared of those alone.",
          "Read it with a stage first, such as one of ReadFromCsv.");
    }
    RandomAccessSource bytes = RandomAccessSource.of(store, file.file());
    return TableSchema.of(shown, TableInspector.inspect(shown, bytes));
  }

  /** Takes the rows of a file, batch by batch. */
  @FunctionalInterface
  interface Rows {
    void accept(Batch batch) throws IOException;
  }

  /**
   * Reads these columns of {@code file} in this order. The whole file is fetched to a temporary one
   * first, which checks its digest: not every writer gives its pages checksums.
   */
  void read(FileEntry file, List<String> columns, StoredFiles store, Rows rows) throws IOException {
    Path copy = Files.createTempFile("beamwright-", ".table");
    try {
      store.copyTo(file.file(), copy);
      RandomAccessSource bytes = RandomAccessSource.of(copy);
      try (TableReader reader = TableReader.open(nameOf(file), bytes, columns)) {
        for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
          rows.accept(next.get());
        }
      }
    } finally {
      Files.deleteIfExists(copy);
    }
  }
}
