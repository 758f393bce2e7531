// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.Repo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphCacheTest {

  private static final int COMMITS = 50;

  @TempDir private Path folder;
  private final RecordingStorage storage = new RecordingStorage();
  private final Store store = Store.openOrCreate(storage);
  private final Repo repo = store.repos().create("r", "", "ann", Instant.EPOCH);
  private RandomHistory history;

  @BeforeEach
  void makeHistory() {
    history = new RandomHistory(store, repo, new Random(11), COMMITS);
  }

  private List<Integer> log(String path) {
    try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(folder))) {
      return history.numbers(
          graph.touching(history.id(COMMITS - 1), path).map(Touch::commit).toList());
    }
  }

  @Test
  void whatWasAskedBeforeIsNotReadFromTheStoreAgain() {
    List<Integer> cold = log("/b");
    storage.forget();

    assertThat(log("/b")).isEqualTo(cold).isNotEmpty();
    assertThat(storage.opened()).noneMatch(key -> key.startsWith("commits/"));
  }

  @Test
  void aNewCommitIsTheOnlyOneThatIsRead() {
    List<Integer> before = log("/b");
    Commit head = store.commits().read(history.id(COMMITS - 1));
    CommitId next =
        store.commits().write(head.onto(List.of(history.id(COMMITS - 1)), head.depth() + 1));
    storage.forget();

    try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(folder))) {
      assertThat(history.numbers(graph.touching(next, "/b").map(Touch::commit).toList()))
          .isEqualTo(before);
    }
    assertThat(storage.opened().stream().filter(key -> key.startsWith("commits/"))).hasSize(1);
  }

  @Test
  void aDamagedFileOfTheCacheIsMadeAnew() throws IOException {
    List<Integer> right = log("/b");
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      Path file = files().get(0);
      byte[] bytes = Files.readAllBytes(file);
      if (i % 4 == 0) {
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bytes);

      assertThat(log("/b")).isEqualTo(right);
      assertThat(files()).hasSize(1);
      assertThat(GraphCodec.decode(Files.readAllBytes(files().get(0)))).isNotEmpty();
    }
  }

  @Test
  void aCacheThatIsGoneOrCannotBeWrittenCostsNothingButTime() throws IOException {
    List<Integer> right = log("/b");
    for (Path file : files()) {
      Files.delete(file);
    }
    assertThat(log("/b")).isEqualTo(right);
    Path inTheWay = Files.writeString(folder.resolve("a file"), "");
    try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(inTheWay))) {
      assertThat(history.numbers(graph.mergeBases(history.id(9), history.id(9))))
          .containsExactly(9);
    }
  }

  @Test
  void manySmallFilesBecomeOne() throws IOException {
    for (int i = 0; i < COMMITS; i++) {
      try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(folder))) {
        var unused = graph.mergeBases(history.id(i), history.id(i));
      }
      assertThat(files()).hasSizeLessThanOrEqualTo(8);
    }
    storage.forget();
    List<Integer> all = log("/b");
    assertThat(all).isNotEmpty();
    assertThat(storage.opened()).noneMatch(key -> key.startsWith("commits/"));
  }

  @Test
  void whatIsKeptIsWhatWasGiven() {
    GraphNode plain =
        new GraphNode(
            history.id(1),
            List.of(history.id(0), history.id(2)),
            77,
            Sha256.of(new byte[] {1}),
            Instant.parse("1969-12-31T23:59:59.000001Z"),
            Optional.empty());
    GraphNode filtered = plain.with(ChangedPaths.of(Stream.of("/a/b", "/c")));

    List<GraphNode> read = GraphCodec.decode(GraphCodec.encode(List.of(plain, filtered)));

    assertThat(read.get(0)).isEqualTo(plain);
    assertThat(read.get(1).changed().orElseThrow().bytes())
        .isEqualTo(filtered.changed().orElseThrow().bytes());
    assertThat(read).hasSize(2);
  }

  @Test
  void aCommitThatLiesAboutItsDepthIsNamed() {
    Commit head = store.commits().read(history.id(COMMITS - 1));
    CommitId liar = store.commits().write(head.onto(List.of(history.id(COMMITS - 1)), 1));

    try (CommitGraph graph = new CommitGraph(store, repo, Optional.of(folder))) {
      assertThatThrownBy(() -> graph.mergeBases(liar, history.id(0)))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(liar.hex())
          .hasMessageContaining("memory:test");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return new ArrayList<>(walk.filter(file -> file.toString().endsWith(".graph")).toList());
    }
  }
}
