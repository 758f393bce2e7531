// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.CachingStorage;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import io.beamwright.versioning.tree.TreeShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer takes from the copies that its machine has of a store. */
class WriterCopiesTest {

  private static final TreeShape SMALL = new TreeShape(4, 4, 100, 10_000);
  private static final int FILES = 300;

  @TempDir private Path folder;

  private final RecordingStorage storage = new RecordingStorage();

  /** Of a machine with copies. */
  private Store laptop() {
    CachingStorage copies = new CachingStorage(storage, folder, 1L << 30);
    return Store.open(new WriteSession(storage, copies), SMALL);
  }

  private static Store plain(RecordingStorage storage) {
    return Store.open(new WriteSession(storage), SMALL);
  }

  private static void fill(Store store, List<String> packedBefore) throws IOException {
    store.repos().create("data", "", "test", Instant.EPOCH);
    List<String> paths = new ArrayList<>(packedBefore);
    for (int i = 0; i < FILES; i++) {
      paths.add("/%03d".formatted(i));
    }
    put(store, paths.stream().distinct().toList());
  }

  private static void put(Store store, List<String> paths) throws IOException {
    List<Supplier<StoredFile>> files = new ArrayList<>();
    try (Packer packer = store.packer()) {
      for (String path : paths) {
        files.add(packer.add(Content.of(path.getBytes(StandardCharsets.UTF_8)))::stored);
      }
      packer.flush();
    }
    List<TreeEdit> edits = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      edits.add(
          new TreeEdit.Put(FileEntry.of(FilePath.of(paths.get(i)), false, files.get(i).get())));
    }
    var unused =
        new Committer(store, "test", Instant.EPOCH)
            .commit(
                store.repos().require("data"),
                "master",
                "",
                Committer.Empty.SKIPPED,
                before -> store.trees().edit(before, edits));
  }

  private static Tree head(Store store) {
    return store.history().files(store.history().resolve(Revision.parse("data@master")).commit());
  }

  @Test
  void placesOfBytesAreThoseThatTheStoreHasNow() throws Exception {
    Store.openOrCreate(storage);
    fill(laptop(), List.of());
    // The same files, packed in another order: as after garbage collection and another writer.
    RecordingStorage other = new RecordingStorage();
    Store.openOrCreate(other);
    fill(plain(other), List.of("/200", "/100"));
    assertThat(head(plain(other)).id()).isEqualTo(head(plain(storage)).id());
    for (String key : storage.keys()) {
      if (key.startsWith("objects/")) {
        storage.delete(new StorageKey(key));
      }
    }
    for (String key : other.keys()) {
      if (key.startsWith("objects/") || key.startsWith("trees/")) {
        storage.replace(key, other.bytes(key));
      }
    }

    put(laptop(), List.of("/100-new", "/250-new"));

    Store store = plain(storage);
    List<FileEntry> files = head(store).files().toList();
    assertThat(files).hasSize(FILES + 2);
    for (FileEntry file : files) {
      assertThat(store.files().readAll(file.file()))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(file.path().text());
    }
  }

  @Test
  void innerNodesAndTheCommitAreReadFromCopies() throws Exception {
    Store.openOrCreate(storage);
    fill(laptop(), List.of());
    storage.forget();

    put(laptop(), List.of("/100-new"));

    assertThat(storage.opened().stream().filter(key -> key.startsWith("commits/"))).isEmpty();
    // Of a tree that is some levels high: the root, and one leaf or two.
    assertThat(storage.opened().stream().filter(key -> key.startsWith("trees/")))
        .hasSizeBetween(2, 3);
  }

  @Test
  void aTreeWhoseRootIsGoneIsNotTakenForWhole() throws Exception {
    Store.openOrCreate(storage);
    fill(laptop(), List.of());
    Tree before = head(plain(storage));
    for (String key : storage.keys()) {
      if (key.startsWith("trees/")) {
        storage.delete(new StorageKey(key));
      }
    }

    Store store = laptop();
    assertThatThrownBy(() -> store.trees().open(before.id())).isInstanceOf(DamagedObject.class);
  }
}
