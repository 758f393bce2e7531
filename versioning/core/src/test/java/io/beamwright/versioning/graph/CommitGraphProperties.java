// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.ref.Repo;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CommitGraphProperties {

  @Property(tries = 200)
  void theBestCommonAncestorsAreThoseThatNoOtherComesAfter(
      @ForAll Random random, @ForAll @IntRange(min = 2, max = 40) int count) {
    try (Store store = Store.openOrCreate(new RecordingStorage())) {
      Repo repo = store.repos().create("r", "", "ann", Instant.EPOCH);
      RandomHistory history = new RandomHistory(store, repo, random, count);
      int one = random.nextInt(count);
      int other = random.nextInt(count);
      try (CommitGraph graph = new CommitGraph(store, repo, Optional.empty())) {
        assertThat(history.numbers(graph.mergeBases(history.id(one), history.id(other))))
            .isEqualTo(bestCommon(history, one, other));
        assertThat(graph.isAncestor(history.id(one), history.id(other)))
            .isEqualTo(history.closure(other).contains(one));
      }
    }
  }

  private static List<Integer> bestCommon(RandomHistory history, int one, int other) {
    Set<Integer> common = new HashSet<>(history.closure(one));
    common.retainAll(history.closure(other));
    return common.stream()
        .filter(a -> common.stream().noneMatch(b -> !a.equals(b) && history.closure(b).contains(a)))
        .sorted()
        .toList();
  }

  @Property(tries = 200)
  void aFilterNeverDeniesAPathThatChanged(
      @ForAll Random random, @ForAll @IntRange(max = 400) int count) {
    List<String> files =
        IntStream.range(0, count).mapToObj(i -> "/d" + random.nextInt(9) + "/" + i).toList();
    ChangedPaths filter = new ChangedPaths(ChangedPaths.of(files.stream()).bytes());

    assertThat(files).allMatch(filter::mayHold);
    assertThat(files).allMatch(file -> filter.mayHold(file.substring(0, 3)));
    // The filter of a few paths has few bits, and is as lucky as they fall.
    long wrong = IntStream.range(0, 2_000).filter(i -> filter.mayHold("/other/" + i)).count();
    assertThat(wrong).isLessThan(count < 100 ? 2_001 : 2_000 / 20);
  }
}
