// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes a long history, in a store and as a stream for {@code git fast-import}, and times questions
 * about it: what {@code benchmarks/history.py} runs beside git. Arguments: an empty folder, the
 * number of commits, and the number of moves of a branch.
 */
public final class HistoryBench {

  private static final int FILES = 1_000;
  private static final int ROUNDS = 9;
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Store store;
  private final Repo repo;
  private final Writer stream;
  private final List<CommitId> ids = new ArrayList<>();
  private final Map<String, RefHead> heads = new HashMap<>();

  private HistoryBench(Store store, Writer stream) {
    this.store = store;
    this.repo = store.repos().create("r", "", "ann", NOON);
    this.stream = stream;
  }

  /** Runs it, and prints a line of JSON. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path cache = folder.resolve("cache");
    try (Store store =
            Store.openOrCreate(StorageLocation.parse("file:" + folder.resolve("store")).open());
        Writer stream = Files.newBufferedWriter(folder.resolve("stream"))) {
      HistoryBench bench = new HistoryBench(store, stream);
      bench.make(Integer.parseInt(arguments[1]));
      bench.move("busy", Integer.parseInt(arguments[2]));
      double logCold = bench.millis(() -> bench.log(cache));
      double logWarm = bench.best(() -> bench.log(cache));
      double baseCold = bench.millis(() -> bench.mergeBase(folder.resolve("cache-2")));
      double baseWarm = bench.best(() -> bench.mergeBase(cache));
      double head = bench.best(bench::readHead);
      System.out.printf(
          Locale.ROOT,
          "{\"log_cold_ms\":%.1f,\"log_warm_ms\":%.1f,\"merge_base_cold_ms\":%.1f,"
              + "\"merge_base_warm_ms\":%.1f,\"head_ms\":%.3f,\"touched\":%d}%n",
          logCold,
          logWarm,
          baseCold,
          baseWarm,
          head,
          bench.log(cache));
    }
  }

  /** A line of commits of which each changes one file of a thousand, and side branches merged. */
  private void make(int count) throws IOException {
    List<TreeEdit> all = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      all.add(put(file(i), "first"));
    }
    Tree main = commit(List.of(), store.trees().empty(), all);
    int last = 0;
    for (int i = 1; i < count - 100; ) {
      main = commit(List.of(last), main, List.of(put(file(i * 7_919 % FILES), "v" + i)));
      last = i++;
      if (i % 20 == 0) {
        TreeEdit side = put("/side/" + i, "v" + i);
        var unused =
            commit(List.of(Math.max(0, last - 5)), tree(Math.max(0, last - 5)), List.of(side));
        main = commit(List.of(last, i), main, List.of(side));
        last = i + 1;
        i += 2;
      }
    }
    head("master", last);
    int aside = count / 10;
    for (int i = 0; i < 100; i++) {
      TreeEdit edit = put("/dev/" + i, "v");
      var unused = commit(List.of(aside), tree(aside), List.of(edit));
      aside = ids.size() - 1;
    }
    head("dev", aside);
    stream.flush();
  }

  private static String file(int number) {
    return String.format("/d%02d/f%03d", number % 50, number);
  }

  private static TreeEdit put(String path, String content) {
    return new TreeEdit.Put(RandomHistory.entry(path, content));
  }

  private Tree tree(int number) {
    return store.trees().open(store.commits().read(ids.get(number)).tree());
  }

  private Tree commit(List<Integer> parents, Tree before, List<TreeEdit> edits) throws IOException {
    Tree after = store.trees().edit(before, edits);
    List<CommitId> parentIds = parents.stream().map(ids::get).toList();
    long depth =
        parentIds.stream().mapToLong(id -> store.commits().read(id).depth() + 1).max().orElse(0);
    int number = ids.size();
    ids.add(
        store
            .commits()
            .write(
                new Commit(
                    repo.name(),
                    repo.id(),
                    parentIds,
                    depth,
                    after.id(),
                    Optional.empty(),
                    "ann",
                    NOON.plusSeconds(number),
                    "" + number,
                    Optional.empty())));
    stream.write("commit refs/heads/work\nmark :%d\n".formatted(number + 1));
    stream.write("committer ann <ann> %d +0000\ndata 1\nx\n".formatted(1_800_000_000 + number));
    for (int i = 0; i < parents.size(); i++) {
      stream.write("%s :%d\n".formatted(i == 0 ? "from" : "merge", parents.get(i) + 1));
    }
    for (TreeEdit edit : edits) {
      String path = ((TreeEdit.Put) edit).entry().path().text().substring(1);
      String content = path + number;
      stream.write("M 100644 inline %s\ndata %d\n%s\n".formatted(path, content.length(), content));
    }
    return after;
  }

  private void head(String name, int number) throws IOException {
    stream.write("reset refs/heads/%s\nfrom :%d\n\n".formatted(name, number + 1));
    move(name, ids.get(number));
  }

  private void move(String name, int times) {
    for (int i = 0; i < times; i++) {
      move(name, ids.get(i % ids.size()));
    }
  }

  private void move(String name, CommitId to) {
    Refs refs = store.repos().refs(repo);
    RefHead head = heads.computeIfAbsent(name, refs::head);
    BranchMove moved =
        refs.move(
            head, RefKind.BRANCH, new RefMove(Optional.of(to), "ann", NOON, "", Optional.empty()));
    heads.put(name, moved.head());
  }

  private RefHead head(String name) {
    return Objects.requireNonNull(heads.get(name));
  }

  private long log(Path cache) {
    try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(cache))) {
      return graph.touching(head("master").commit().orElseThrow(), file(0)).count();
    }
  }

  private long mergeBase(Path cache) {
    try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(cache))) {
      return graph
          .mergeBases(head("master").commit().orElseThrow(), head("dev").commit().orElseThrow())
          .size();
    }
  }

  private long readHead() {
    return store.repos().refs(repo).head("busy").number();
  }

  private double best(LongSupplier question) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      best = Math.min(best, millis(question));
    }
    return best;
  }

  private double millis(LongSupplier question) {
    long start = System.nanoTime();
    if (question.getAsLong() < 0) {
      throw new IllegalStateException("no answer");
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
