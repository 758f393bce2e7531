// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own put the same files, each in an order of its own. */
class SameTreeTest {

  private static final int SMALL = 3_000;

  @TempDir Path folder;

  @Test
  void theSameFilesAreTheSameTreeInWhateverProcessAndOrderTheyArePut() throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    List<List<String>> outputs = new ArrayList<>();
    try {
      for (String seed : List.of("1", "2")) {
        List<String> hashCodes =
            List.of("-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=" + seed);
        List<String> words = List.of(folder.resolve("store-" + seed).toString(), seed);
        children.add(ChildJvm.start(ChildJvm.command(Putting.class, hashCodes, words)));
      }
      for (ChildJvm child : children) {
        ChildJvm.Ended ended = child.end();
        assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
        outputs.add(ended.lines());
      }
    } finally {
      children.forEach(ChildJvm::close);
    }

    List<String> first = outputs.get(0);
    assertThat(first).hasSize(2);
    assertThat(first.get(0)).startsWith("tree ");
    assertThat(first.get(1)).as("chunks that differ").contains(", ");
    assertThat(outputs).as("the tree, and the chunks of the large file").containsOnly(first);
  }

  /** {@code main STORE SEED}: puts the files in an order by the seed, in some commits. */
  static final class Putting {

    private Putting() {}

    public static void main(String[] words) throws IOException {
      Map<String, Content> files = new TreeMap<>();
      for (int i = 0; i < SMALL; i++) {
        files.put("/small/" + i % 7 + "/" + i, StorageProcess.text("file " + i));
      }
      files.put("/whole", new PatternContent(3 << 20, 5));
      files.put("/chunks", new RepeatedBlocks(66 << 20));
      List<String> order = new ArrayList<>(files.keySet());
      Collections.shuffle(order, new Random(Long.parseLong(words[1])));
      try (Store store = Store.openOrCreate(new LocalStorage(Path.of(words[0])))) {
        Repo repo = store.repos().create("r", "", "ann", Instant.EPOCH);
        int from = 0;
        while (from < order.size()) {
          int to = Math.min(order.size(), from + 500 + 700 * Integer.parseInt(words[1]));
          put(store, repo, files, order.subList(from, to));
          from = to;
        }
        CommitId head = store.repos().refs(repo).head("master").commit().orElseThrow();
        Tree tree = store.history().files(store.commits().read(head));
        FileEntry chunks = tree.find(new FilePath("/chunks")).orElseThrow();
        System.out.println("tree " + tree.id());
        System.out.println(
            chunks.file().extents().stream().map(Extent::object).map(Object::toString).toList());
      }
    }

    private static void put(Store store, Repo repo, Map<String, Content> files, List<String> paths)
        throws IOException {
      Map<String, PendingFile> pending = new TreeMap<>();
      try (Packer packer = store.packer()) {
        for (String path : paths) {
          pending.put(path, packer.add(Objects.requireNonNull(files.get(path), path)));
        }
        packer.flush();
      }
      List<TreeEdit> edits = new ArrayList<>();
      pending.forEach(
          (path, file) ->
              edits.add(new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file.stored()))));
      // What is put in a moment and gone in the next leaves no trace either.
      FileEntry gone =
          FileEntry.of(new FilePath("/gone"), true, ((TreeEdit.Put) edits.get(0)).entry().file());
      Committer committer = new Committer(store, "ann", Instant.EPOCH);
      var put =
          committer.commit(
              repo,
              "master",
              "",
              Committer.Empty.SKIPPED,
              before ->
                  store
                      .trees()
                      .edit(store.trees().edit(before, edits), List.of(new TreeEdit.Put(gone))));
      var deleted =
          committer.commit(
              repo,
              "master",
              "",
              Committer.Empty.SKIPPED,
              before -> store.trees().edit(before, List.of(new TreeEdit.Delete(gone.path()))));
      if (put.head().equals(deleted.head())) {
        throw new IllegalStateException("nothing was deleted");
      }
    }
  }
}
