// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.Repo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What git says of the same commits. */
class GitOracleTest {

  private static final int COMMITS = 120;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void mergeBasesAreThoseOfGit(long seed) throws Exception {
    try (Store store = Store.openOrCreate(new RecordingStorage())) {
      Repo repo = store.repos().create("r", "", "ann", Instant.EPOCH);
      Random random = new Random(seed);
      RandomHistory history = new RandomHistory(store, repo, random, COMMITS);
      RandomHistory.Git git = history.toGit(folder);
      Map<String, Integer> numbers = numbers(git);
      int several = 0;
      for (int i = 0; i < 40; i++) {
        int one = random.nextInt(COMMITS);
        int other = random.nextInt(COMMITS);
        List<CommitId> bases;
        try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(folder))) {
          bases = graph.mergeBases(history.id(one), history.id(other));
        }
        assertThat(history.numbers(bases))
            .as("c%d and c%d", one, other)
            .isEqualTo(gitMergeBases(git, numbers, one, other));
        several += bases.size() > 1 ? 1 : 0;
      }
      assertThat(several).as("pairs with more than one").isPositive();
    }
  }

  private static List<Integer> gitMergeBases(
      RandomHistory.Git git, Map<String, Integer> numbers, int one, int other)
      throws IOException, InterruptedException {
    List<String> ids = git.run(Optional.empty(), "merge-base", "--all", "n-" + one, "n-" + other);
    return ids.stream().map(numbers::get).sorted().toList();
  }

  /** The number of each commit by git's id of it. */
  private static Map<String, Integer> numbers(RandomHistory.Git git)
      throws IOException, InterruptedException {
    Map<String, Integer> numbers = new HashMap<>();
    for (String ref : git.run(Optional.empty(), "show-ref")) {
      String[] words = ref.split(" refs/heads/n-", 2);
      numbers.put(words[0], Integer.valueOf(words[1]));
    }
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void theCommitsThatTouchedAPathAreThoseOfGitLog(long seed) throws Exception {
    try (Store store = Store.openOrCreate(new RecordingStorage())) {
      Repo repo = store.repos().create("r", "", "ann", Instant.EPOCH);
      Random random = new Random(seed);
      RandomHistory history = new RandomHistory(store, repo, random, COMMITS);
      RandomHistory.Git git = history.toGit(folder);
      for (String path : RandomHistory.PATHS) {
        int head = COMMITS - 1 - random.nextInt(10);
        List<Integer> expected =
            git
                .run(Optional.empty(), "log", "--format=%s", "n-" + head, "--", path.substring(1))
                .stream()
                .map(Integer::valueOf)
                .sorted()
                .toList();
        // Cold, and then with what the first time has left in the cache.
        for (int i = 0; i < 2; i++) {
          try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(folder))) {
            List<CommitId> touched =
                graph.touching(history.id(head), path).map(Touch::commit).toList();
            assertThat(history.numbers(touched)).as("c%d %s", head, path).isEqualTo(expected);
          }
        }
      }
    }
  }
}
