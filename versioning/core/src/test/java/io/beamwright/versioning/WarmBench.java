// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Commits changes of ten files each to a large repo, and asks for the difference, in a process that
 * has done so before: what {@code benchmarks/puts.py} runs. Arguments: the URI of a store, and a
 * repo whose branch {@code master} holds many files.
 */
public final class WarmBench {

  private static final int ROUNDS = 40;
  private static final int MEASURED = 20;
  private static final int CHANGED = 10;

  private WarmBench() {}

  /** Prints a line of JSON: the medians, in milliseconds. */
  public static void main(String[] arguments) throws IOException {
    StorageLocation location = StorageLocation.parse(arguments[0]);
    List<Long> commits = new ArrayList<>();
    List<Long> diffs = new ArrayList<>();
    Random random = new Random(1);
    try (Store store = Store.open(location.open())) {
      Repo repo = store.repos().require(arguments[1]);
      List<FilePath> paths = head(store, repo).files().map(FileEntry::path).toList();
      for (int round = 0; round < ROUNDS; round++) {
        Tree before = head(store, repo);
        long start = System.nanoTime();
        change(store, repo, paths, random);
        long committed = System.nanoTime();
        Tree after = head(store, repo);
        // Another's memory: the nodes are read again.
        try (Store other = Store.open(location.open())) {
          Tree from = other.trees().open(before.id());
          Tree to = other.trees().open(after.id());
          long asked = System.nanoTime();
          long differing = from.diff(to).count();
          if (differing != CHANGED) {
            throw new IllegalStateException(differing + " differ");
          }
          diffs.add(System.nanoTime() - asked);
        }
        commits.add(committed - start);
      }
    }
    System.out.printf(
        Locale.ROOT, "{\"commit_ms\": %.1f, \"diff_ms\": %.1f}%n", median(commits), median(diffs));
  }

  private static double median(List<Long> nanos) {
    return nanos.stream().skip(ROUNDS - MEASURED).sorted().skip(MEASURED / 2).findFirst().get()
        / 1e6;
  }

  private static Tree head(Store store, Repo repo) {
    return store
        .trees()
        .open(
            store
                .commits()
                .read(store.repos().refs(repo).head("master").commit().orElseThrow())
                .tree());
  }

  private static void change(Store store, Repo repo, List<FilePath> paths, Random random)
      throws IOException {
    List<FilePath> changed =
        random.ints(0, paths.size()).distinct().limit(CHANGED).mapToObj(paths::get).toList();
    List<PendingFile> files = new ArrayList<>();
    try (Packer packer = store.packer()) {
      for (int i = 0; i < CHANGED; i++) {
        byte[] bytes = new byte[100];
        random.nextBytes(bytes);
        files.add(packer.add(Content.of(bytes)));
      }
      packer.flush();
    }
    List<TreeEdit> edits = new ArrayList<>();
    for (int i = 0; i < CHANGED; i++) {
      edits.add(new TreeEdit.Put(FileEntry.of(changed.get(i), false, files.get(i).stored())));
    }
    var unused =
        new Committer(store, "bench", Instant.EPOCH)
            .commit(
                repo,
                "master",
                "ten of many",
                Committer.Empty.SKIPPED,
                tree -> store.trees().edit(tree, edits));
  }
}
