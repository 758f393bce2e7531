// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.graph.RandomHistory;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergesTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final RecordingStorage storage = new RecordingStorage();
  private final Store store = Store.openOrCreate(storage);
  private final Repo repo = store.repos().create("r", "", "ann", NOON);

  private static CommitId put(Store store, Repo repo, String branch, String path, String content) {
    return edit(store, repo, branch, List.of(new TreeEdit.Put(RandomHistory.entry(path, content))));
  }

  private static CommitId edit(Store store, Repo repo, String branch, List<TreeEdit> edits) {
    return new Committer(store, "ann", NOON)
        .commit(
            repo,
            branch,
            "edit",
            Committer.Empty.SKIPPED,
            before -> store.trees().edit(before, edits))
        .head()
        .orElseThrow();
  }

  private CommitId put(String branch, String path, String content) {
    return put(store, repo, branch, path, content);
  }

  private CommitId delete(String branch, String path) {
    return edit(store, repo, branch, List.of(new TreeEdit.Delete(new FilePath(path))));
  }

  private void branch(String name, CommitId at) {
    var unused =
        new Committer(store, "ann", NOON)
            .tryMove(repo, store.repos().refs(repo).head(name), at, "create");
  }

  private Merges merges() {
    return merges(store, repo);
  }

  private static Merges merges(Store store, Repo repo) {
    return new Merges(
        store,
        repo,
        new Committer(store, "ann", NOON),
        new CommitGraph(store, repo, Optional.empty()));
  }

  private MergeOutcome merge(String branch, CommitId source, Prefer prefer) {
    return merges().merge(branch, source, "merge", prefer, Merges.FastForward.IF_POSSIBLE);
  }

  private List<String> files(MergeOutcome outcome) {
    return store
        .history()
        .files(store.commits().read(outcome.head().orElseThrow()))
        .files()
        .map(file -> file.path().text())
        .toList();
  }

  @Test
  void aBranchThatIsBehindGoesForward() {
    CommitId first = put("master", "/a", "1");
    branch("dev", first);
    CommitId second = put("dev", "/b", "2");

    assertThat(merge("master", second, Prefer.NEITHER))
        .isEqualTo(new MergeOutcome.FastForwarded(second));
    assertThat(merge("master", first, Prefer.NEITHER))
        .isEqualTo(new MergeOutcome.UpToDate(Optional.of(second)));
    assertThat(store.repos().refs(repo).head("master").commit()).contains(second);
  }

  @Test
  void aCommitIsMadeAllTheSameWhereForwardIsNotWanted() {
    CommitId first = put("master", "/a", "1");
    branch("dev", first);
    CommitId second = put("dev", "/b", "2");

    MergeOutcome outcome =
        merges().merge("master", second, "m", Prefer.NEITHER, Merges.FastForward.NEVER);

    MergeOutcome.Committed made = (MergeOutcome.Committed) outcome;
    assertThat(made.commit().parents()).containsExactly(first, second);
    assertThat(made.commit().depth()).isEqualTo(2);
    assertThat(made.commit().provenance()).isEmpty();
    assertThat(made.commit().tree()).isEqualTo(store.commits().read(second).tree());
  }

  @Test
  void disjointPathsMergeAndTheTargetsHeadIsTheFirstParent() {
    CommitId base = put("master", "/a", "1");
    branch("dev", base);
    CommitId theirs = put("dev", "/b", "2");
    CommitId ours = put("master", "/c", "3");

    MergeOutcome outcome = merge("master", theirs, Prefer.NEITHER);

    assertThat(((MergeOutcome.Committed) outcome).commit().parents()).containsExactly(ours, theirs);
    assertThat(files(outcome)).containsExactly("/a", "/b", "/c");
  }

  @Test
  void conflictsAreAllNamedAndChangeNothing() {
    put("master", "/a", "1");
    put("master", "/gone", "1");
    CommitId base = put("master", "/kept", "1");
    branch("dev", base);
    put("dev", "/a", "2");
    put("dev", "/new", "2");
    put("dev", "/gone", "2");
    CommitId theirs = delete("dev", "/kept");
    put("master", "/a", "3");
    put("master", "/new", "3");
    put("master", "/kept", "3");
    CommitId ours = delete("master", "/gone");
    List<String> before = storage.keys();

    MergeOutcome outcome = merge("master", theirs, Prefer.NEITHER);

    assertThat(((MergeOutcome.Conflicting) outcome).conflicts())
        .containsExactly(
            new Conflict(new FilePath("/a"), Conflict.How.BOTH_CHANGED),
            new Conflict(new FilePath("/gone"), Conflict.How.REMOVED_AND_CHANGED),
            new Conflict(new FilePath("/kept"), Conflict.How.CHANGED_AND_REMOVED),
            new Conflict(new FilePath("/new"), Conflict.How.BOTH_ADDED));
    assertThat(outcome.head()).contains(ours);
    assertThat(storage.keys()).isEqualTo(before);
    assertThat(files(merge("master", theirs, Prefer.OURS))).containsExactly("/a", "/kept", "/new");
    branch("again", ours);
    assertThat(files(merge("again", theirs, Prefer.THEIRS))).containsExactly("/a", "/gone", "/new");
  }

  @Test
  void aFileOfOneThatIsAFolderOfTheOtherIsAConflict() {
    CommitId base = put("master", "/x", "1");
    branch("dev", base);
    branch("other", base);
    CommitId theirs = put("dev", "/a/b", "2");
    put("master", "/a", "3");

    assertThat(((MergeOutcome.Conflicting) merge("master", theirs, Prefer.NEITHER)).conflicts())
        .containsExactly(new Conflict(new FilePath("/a/b"), Conflict.How.FILE_AND_FOLDER));
    assertThat(files(merge("master", theirs, Prefer.THEIRS))).containsExactly("/a/b", "/x");
    CommitId file = put("other", "/a", "3");
    branch("third", theirs);
    assertThat(files(merge("third", file, Prefer.OURS))).containsExactly("/a/b", "/x");
  }

  // Both heads merged the other's first change, so that there are two bases; and then each changed
  // again what one of them had not seen. With either base alone there were a conflict.
  @Test
  void branchesThatMergedCrosswiseMergeAgain() {
    CommitId root = put("master", "/p", "0");
    branch("dev", root);
    CommitId one = put("master", "/p", "1");
    CommitId two = put("dev", "/q", "1");
    assertThat(merge("master", two, Prefer.NEITHER)).isInstanceOf(MergeOutcome.Committed.class);
    assertThat(merge("dev", one, Prefer.NEITHER)).isInstanceOf(MergeOutcome.Committed.class);
    put("master", "/p", "2");
    CommitId theirs = put("dev", "/q", "2");

    MergeOutcome outcome = merge("master", theirs, Prefer.NEITHER);

    assertThat(outcome).isInstanceOf(MergeOutcome.Committed.class);
    assertThat(files(outcome)).containsExactly("/p", "/q");
    assertThat(
            store
                .history()
                .files(store.commits().read(outcome.head().orElseThrow()))
                .find(new FilePath("/p"))
                .orElseThrow()
                .isSameAs(RandomHistory.entry("/p", "2")))
        .isTrue();
  }

  @Test
  void branchesThatBeganApartMergeAsFromNothing() {
    put("master", "/a", "1");
    put("master", "/same", "1");
    put("dev", "/same", "1");
    CommitId theirs = put("dev", "/b", "2");

    assertThat(files(merge("master", theirs, Prefer.NEITHER))).containsExactly("/a", "/b", "/same");
  }

  @Test
  void aMergeReadsAndWritesWhatChangedNotWhatIsThere() {
    List<TreeEdit> many = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      many.add(
          new TreeEdit.Put(
              RandomHistory.entry(String.format("/d%03d/f%03d", i / 300, i % 300), "x")));
    }
    branch("dev", edit(store, repo, "master", many));
    CommitId theirs = put("dev", "/d007/f008", "2");
    put("master", "/d150/f008", "3");
    try (Store fresh = Store.open(storage)) {
      storage.forget();

      MergeOutcome outcome =
          merges(fresh, repo)
              .merge("master", theirs, "m", Prefer.NEITHER, Merges.FastForward.NEVER);

      assertThat(outcome).isInstanceOf(MergeOutcome.Committed.class);
      assertThat(storage.opened().stream().filter(key -> key.startsWith("trees/")))
          .hasSizeLessThan(20);
      assertThat(storage.created()).hasSizeLessThan(6);
    }
  }

  @Test
  void aRevertUndoesOneCommitAndKeepsWhatCameAfter() {
    CommitId base = put("master", "/a", "1");
    CommitId wrong =
        edit(
            store,
            repo,
            "master",
            List.of(
                new TreeEdit.Put(RandomHistory.entry("/a", "2")),
                new TreeEdit.Put(RandomHistory.entry("/wrong", "2"))));
    CommitId later = put("master", "/later", "3");

    MergeOutcome outcome = merges().revert("master", wrong, "undo", Prefer.NEITHER);

    assertThat(((MergeOutcome.Committed) outcome).commit().parents()).containsExactly(later);
    assertThat(files(outcome)).containsExactly("/a", "/later");
    assertThat(merges().revert("master", wrong, "undo", Prefer.NEITHER))
        .isEqualTo(new MergeOutcome.UpToDate(outcome.head()));
    // The first commit put /a, which is as it was then again.
    assertThat(files(merges().revert("master", base, "undo", Prefer.NEITHER)))
        .containsExactly("/later");
  }

  @Test
  void aRevertOfWhatWasChangedSinceIsAConflict() {
    put("master", "/a", "1");
    CommitId wrong = put("master", "/a", "2");
    CommitId head = put("master", "/a", "3");

    assertThat(merges().revert("master", wrong, "undo", Prefer.NEITHER))
        .isEqualTo(
            new MergeOutcome.Conflicting(
                Optional.of(head),
                List.of(new Conflict(new FilePath("/a"), Conflict.How.BOTH_CHANGED))));
    assertThat(merges().revert("master", wrong, "undo", Prefer.OURS))
        .isInstanceOf(MergeOutcome.UpToDate.class);
  }

  @Test
  void aBranchThatIsNotThereIsNotMadeByAMerge() {
    CommitId id = put("master", "/a", "1");

    assertThatThrownBy(() -> merge("mastr", id, Prefer.NEITHER))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("There is no branch \"mastr\" in the repo r.");
  }

  @Test
  void ofManyMergesAtOnceNoneIsLost(@TempDir Path folder) throws Exception {
    try (Store shared = Store.openOrCreate(StorageLocation.parse("file:" + folder).open())) {
      Repo one = shared.repos().create("r", "", "ann", NOON);
      CommitId root = put(shared, one, "master", "/root", "1");
      List<Callable<MergeOutcome>> mergers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String branch = "dev" + i;
        var unused =
            new Committer(shared, "ann", NOON)
                .tryMove(one, shared.repos().refs(one).head(branch), root, "create");
        CommitId theirs = put(shared, one, branch, "/f" + i, "1");
        mergers.add(
            () ->
                merges(shared, one)
                    .merge("master", theirs, "m", Prefer.NEITHER, Merges.FastForward.NEVER));
      }
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        for (Future<MergeOutcome> merged : threads.invokeAll(mergers)) {
          assertThat(merged.get()).isInstanceOf(MergeOutcome.Committed.class);
        }
      } finally {
        threads.shutdownNow();
      }
      CommitId head = shared.repos().refs(one).head("master").commit().orElseThrow();
      assertThat(shared.commits().read(head).depth()).isGreaterThanOrEqualTo(8);
      assertThat(shared.history().files(shared.commits().read(head)).fileCount()).isEqualTo(9);
    }
  }
}
