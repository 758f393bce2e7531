// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.LocalFiles;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store in memory that files of this machine are put into as the command puts them. */
final class StoredTables implements AutoCloseable {

  private final Storage storage = new MemoryStorage();
  private final Store store = Store.openOrCreate(storage);

  Store store() {
    return store;
  }

  /** The files of {@code path}, each looked at; they are in the store, and in no tree yet. */
  List<FileEntry> put(Path path, Inspection.Rows rows) {
    return put(path, Inspection.ofClassPath(rows));
  }

  List<FileEntry> put(Path path, Inspection inspection) {
    try (Packer packer = store.packer()) {
      return new LocalFiles(path, Set.of()).store(packer, inspection, (files, bytes) -> {});
    }
  }

  /** A tree of the files of {@code folder}. */
  Tree tree(Path folder) {
    return store.trees().build(put(folder, Inspection.Rows.UNREAD).iterator());
  }

  /** The keys of all objects. */
  List<String> objects() {
    return storage.list("objects/", Optional.empty(), 1_000).stream()
        .map(Listed::key)
        .map(Object::toString)
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
