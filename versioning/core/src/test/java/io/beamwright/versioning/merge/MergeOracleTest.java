// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.graph.RandomHistory;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.FileEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What git makes of the same merges. */
class MergeOracleTest {

  private static final int COMMITS = 80;

  @TempDir private Path folder;

  /** What git says of a merge: the files, or the paths in conflict. */
  private record GitMerge(boolean clean, SortedMap<String, String> files, List<String> conflicts) {}

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void mergesAreThoseOfGit(long seed) throws Exception {
    try (Store store = Store.openOrCreate(new RecordingStorage())) {
      Repo repo = store.repos().create("r", "", "ann", Instant.EPOCH);
      Random random = new Random(seed);
      RandomHistory history = new RandomHistory(store, repo, random, COMMITS);
      RandomHistory.Git git = history.toGit(folder);
      int clean = 0;
      int conflicting = 0;
      for (int i = 0; i < 40; i++) {
        int one = random.nextInt(COMMITS);
        int other = Math.floorMod(one + 1 + random.nextInt(10), COMMITS);
        MergeOutcome ours = merge(store, repo, "b" + i, history.id(one), history.id(other));
        GitMerge theirs = merge(git, one, other);
        List<Integer> bases =
            history.numbers(
                new CommitGraph(store, repo, Optional.empty())
                    .mergeBases(history.id(one), history.id(other)));
        String about =
            "n-%d and n-%d, bases %s, git: %s".formatted(one, other, bases, theirs.conflicts());
        if (ours instanceof MergeOutcome.Conflicting conflicts) {
          conflicting++;
          // Of a path that was removed in one of several bases and changed in another, git takes
          // what was before; to us it is undecided.
          List<String> paths =
              conflicts.conflicts().stream().map(c -> c.path().text().substring(1)).toList();
          if (bases.size() > 1) {
            assertThat(paths).as(about).containsAll(theirs.conflicts());
          } else {
            assertThat(paths).as(about).isEqualTo(theirs.conflicts());
          }
        } else {
          clean++;
          assertThat(theirs.clean()).as(about).isTrue();
          assertThat(files(store, ours.head().orElseThrow())).as(about).isEqualTo(theirs.files());
        }
      }
      assertThat(clean).isGreaterThan(2);
      assertThat(conflicting).isGreaterThan(2);
    }
  }

  private static MergeOutcome merge(
      Store store, Repo repo, String branch, CommitId one, CommitId other) {
    Refs refs = store.repos().refs(repo);
    RefMove to = new RefMove(Optional.of(one), "ann", Instant.EPOCH, "", Optional.empty());
    var unused = refs.move(refs.head(branch), RefKind.BRANCH, to);
    Committer committer = new Committer(store, "ann", Instant.EPOCH);
    CommitGraph graph = new CommitGraph(store, repo, Optional.empty());
    return new Merges(store, repo, committer, graph)
        .merge(branch, other, "merge", Prefer.NEITHER, Merges.FastForward.IF_POSSIBLE);
  }

  private static GitMerge merge(RandomHistory.Git git, int one, int other)
      throws IOException, InterruptedException {
    List<String> said =
        git.run(
            Optional.empty(),
            "merge-tree",
            "--write-tree",
            "--name-only",
            "--no-messages",
            "--allow-unrelated-histories",
            "n-" + one,
            "n-" + other);
    SortedMap<String, String> files = new TreeMap<>();
    boolean clean = said.size() == 1;
    if (clean) {
      for (String line : git.run(Optional.empty(), "ls-tree", "-r", said.get(0))) {
        String[] words = line.split("[ \t]", 4);
        files.put("/" + words[3], contentOf("/" + words[3], words[2]));
      }
    }
    return new GitMerge(clean, files, said.subList(1, said.size()));
  }

  // A blob's name says what it holds; asking git for each would take most of the test's time.
  private static String contentOf(String path, String blob) {
    for (int value = 0; value < RandomHistory.VALUES; value++) {
      String content = RandomHistory.content(path, value);
      if (blob.equals(RandomHistory.Git.blobId(content))) {
        return content;
      }
    }
    throw new AssertionError(path + " " + blob);
  }

  private static SortedMap<String, String> files(Store store, CommitId id) {
    SortedMap<String, String> files = new TreeMap<>();
    store
        .history()
        .files(store.commits().read(id))
        .files()
        .forEach(entry -> files.put(entry.path().text(), content(entry)));
    return files;
  }

  private static String content(FileEntry entry) {
    for (int value = 0; value < RandomHistory.VALUES; value++) {
      String content = RandomHistory.content(entry.path().text(), value);
      if (entry.isSameAs(RandomHistory.entry(entry.path().text(), content))) {
        return content;
      }
    }
    throw new AssertionError(entry);
  }
}
