// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.sync.Sync;
import io.beamwright.versioning.sync.SyncReport;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.Killed;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.testkit.Trouble;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose rule let bytes of files go and kept their trees. */
class DroppedDataTest {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration WINDOW = Duration.ofHours(3);
  private static final Map<String, String> FILES = Map.of("/a", "first", "/b", "second");
  private static final Sync.Options GENTLY =
      new Sync.Options("bob", Instant.parse("2026-11-24T12:00:00Z"), false, false);

  @TempDir private Path scratch;

  private final VirtualTime time = new VirtualTime();
  private final MemoryStorage storage = new MemoryStorage(time);
  private final MemoryStorage there = new MemoryStorage(time);
  private CommitId dropped;

  @BeforeEach
  void dropTheFilesOfTheFirstCommit() {
    try (Store store = Store.openOrCreate(storage)) {
      Repo repo = store.repos().create("r", "", "ann", time.instant());
      Retention rule =
          new Retention(OptionalInt.of(1), OptionalInt.empty(), true, "bob", time.instant());
      store.retentions().set(repo, rule);
    }
    dropped = commit("master", FILES, DroppedDataTest::inOnePack);
    commit("master", Map.of("/a", "third", "/b", "fourth"), DroppedDataTest::inOnePack);
    time.pass(WINDOW.plusMinutes(1));
    collect(storage);
    time.pass(GRACE.plusMinutes(1));
    collect(storage);
    assertThatThrownBy(() -> read(storage, dropped)).hasMessageContaining("is absent");
    assertThat(Fsck.check(storage).isSound()).isTrue();
  }

  @Test
  void filesThatArePutAgainElsewhereAreFoundThoughTheirLeafNamesWhereTheyWere() {
    CommitId again = commit("again", FILES, DroppedDataTest::eachByItself);

    assertKept(again);
  }

  @Test
  void filesWhoseBytesLieInSeveralPlacesNowAreFoundToo() {
    CommitId again = commit("again", FILES, DroppedDataTest::inPieces);

    assertKept(again);
  }

  @Test
  void filesThatArePutAgainWhileAListStandsAreFoundToo() {
    try (Store store = open()) {
      var unused = eachByItself(store, List.of("needed by nobody"));
    }
    assertThat(collect(storage).listed()).isPresent();

    CommitId again = commit("again", FILES, DroppedDataTest::eachByItself);

    assertKept(again);
  }

  @Test
  void filesThatALateWriterPutsAgainAreFoundToo() {
    try (Store late = open()) {
      var unused = eachByItself(late, List.of("needed by nobody"));
      time.pass(Duration.ofMinutes(1));
      assertThat(collect(storage).listed()).isPresent();
      time.pass(Lookout.LOOKED_EVERY);

      CommitId again = commit(late, "again", FILES, DroppedDataTest::eachByItself);

      assertKept(again);
    }
  }

  @Test
  void whatWasFoundAgainMayBeDroppedAgainAndComeBackAgain() {
    commit("again", FILES, DroppedDataTest::eachByItself);
    commit("again", Map.of("/a", "fifth"), DroppedDataTest::inOnePack);
    time.pass(WINDOW.plusMinutes(1));
    collect(storage);
    time.pass(GRACE.plusMinutes(1));
    collect(storage);
    assertThatThrownBy(() -> read(storage, dropped)).hasMessageContaining("is absent");

    assertKept(commit("third", FILES, DroppedDataTest::inPieces));
  }

  /** The files of {@code commit} are there, after two more collections too. */
  private void assertKept(CommitId commit) {
    assertThat(read(storage, commit)).isEqualTo(FILES);
    assertThat(Fsck.check(storage).damages()).isEmpty();
    for (int i = 0; i < 3; i++) {
      time.pass(WINDOW.plusMinutes(1));
      collect(storage);
    }
    assertThat(read(storage, commit)).isEqualTo(FILES);
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  // --- other stores ---

  @Test
  void whatIsPushedSaysThereWhatWasDroppedAndIsSound() {
    push(there);

    assertThat(read(there, head(there))).isEqualTo(Map.of("/a", "third", "/b", "fourth"));
    assertThat(Fsck.check(there).damages()).isEmpty();
    try (Store store = Store.open(there)) {
      assertThatThrownBy(() -> store.droppedCommits().refuseWithoutBytes(dropped))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("keep the last 1 of each branch");
    }
    SyncReport again = push(there);
    assertThat(again.commits()).isZero();
  }

  @Test
  void aStoreWithAListOfWhatWillBeDeletedTakesItToo() {
    try (Store store = Store.openOrCreate(there)) {
      var unused = eachByItself(store, List.of("needed by nobody"));
    }
    time.pass(Duration.ofMinutes(1));
    assertThat(collect(there).listed()).isPresent();

    push(there);

    assertThat(Fsck.check(there).damages()).isEmpty();
  }

  @Test
  void filesThatComeBackAreSentThoughTheirLeafIsThere() {
    push(there);
    CommitId again = commit("again", FILES, DroppedDataTest::eachByItself);

    push(there);

    assertThat(read(there, again)).isEqualTo(FILES);
    assertThat(Fsck.check(there).damages()).isEmpty();
  }

  @Test
  void aPushThatIsKilledAnywhereLeavesNoLeafThatIsTakenForWhole() {
    boolean killed = true;
    for (int call = 1; killed; call++) {
      MemoryStorage target = new MemoryStorage(time);
      try {
        push(new FaultyStorage(target).trouble(call, Trouble.DIE_BEFORE));
        killed = false;
      } catch (Killed e) {
        killed = true;
      }
      if (target.list("format", Optional.empty(), 1).isEmpty()) {
        continue;
      }
      try (Store store = Store.open(target)) {
        Repo repo = store.repos().find("r").orElse(null);
        Repo own = repo != null ? repo : store.repos().create("own", "", "ann", Instant.EPOCH);
        CommitId again = commit(store, own, "again", FILES, DroppedDataTest::eachByItself);
        assertThat(read(target, again)).as("killed at call %d", call).isEqualTo(FILES);
      }
      assertThat(Fsck.check(target).damages()).as("killed at call %d", call).isEmpty();
    }
  }

  private SyncReport push(Storage target) {
    try (Store store = open()) {
      return Sync.copy(store, Store.openOrCreate(target), "r", Optional.empty(), GENTLY);
    }
  }

  // --- what the tests do ---

  private Store open() {
    return Store.open(new WriteSession(storage, time.process(Duration.ZERO)));
  }

  private Collection collect(Storage from) {
    Policy policy = new Policy(GRACE, WINDOW, WINDOW, Policy.REWRITE_BELOW, "ann");
    try (Store store = Store.open(new WriteSession(from, time.process(Duration.ZERO)))) {
      return new Collector(store, policy, scratch, time.process(Duration.ZERO)).collect();
    }
  }

  /** How contents are stored, all of them flushed. */
  private interface Storing {
    List<StoredFile> store(Store store, List<String> contents);
  }

  private static List<StoredFile> inOnePack(Store store, List<String> contents) {
    return stored(store, contents, packer -> text -> packer.add(bytes(text)));
  }

  private static List<StoredFile> eachByItself(Store store, List<String> contents) {
    return stored(store, contents, packer -> text -> packer.addWhole(bytes(text)));
  }

  private static List<StoredFile> inPieces(Store store, List<String> contents) {
    return contents.stream()
        .map(
            text -> {
              List<StoredFile> pieces =
                  eachByItself(store, List.of(text.substring(0, 2), text.substring(2)));
              return store.files().concat(pieces.get(0), pieces.get(1));
            })
        .toList();
  }

  @FunctionalInterface
  private interface Adding {
    PendingFile add(String text) throws IOException;
  }

  private static List<StoredFile> stored(
      Store store, List<String> contents, Function<Packer, Adding> how) {
    try (Packer packer = store.packer()) {
      List<PendingFile> pending = new ArrayList<>();
      for (String text : contents) {
        pending.add(how.apply(packer).add(text));
      }
      packer.flush();
      return pending.stream().map(PendingFile::stored).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Content bytes(String text) {
    return Content.of(text.getBytes(UTF_8));
  }

  private CommitId commit(String branch, Map<String, String> files, Storing how) {
    try (Store store = open()) {
      return commit(store, branch, files, how);
    }
  }

  private static CommitId commit(
      Store store, String branch, Map<String, String> files, Storing how) {
    return commit(store, store.repos().require("r"), branch, files, how);
  }

  private static CommitId commit(
      Store store, Repo repo, String branch, Map<String, String> files, Storing how) {
    Map<String, String> sorted = new TreeMap<>(files);
    List<StoredFile> stored = how.store(store, List.copyOf(sorted.values()));
    List<TreeEdit> edits = new ArrayList<>();
    for (String path : sorted.keySet()) {
      FileEntry file = FileEntry.of(new FilePath(path), false, stored.get(edits.size()));
      edits.add(new TreeEdit.Put(file));
    }
    return new Committer(store, "ann", Instant.EPOCH)
        .commit(
            repo,
            branch,
            "on " + branch,
            Committer.Empty.SKIPPED,
            before -> store.trees().edit(before, edits))
        .head()
        .orElseThrow();
  }

  private static CommitId head(Storage from) {
    try (Store store = Store.open(from)) {
      return store.repos().refs(store.repos().require("r")).head("master").commit().orElseThrow();
    }
  }

  private static Map<String, String> read(Storage from, CommitId commit) {
    Map<String, String> files = new TreeMap<>();
    try (Store store = Store.open(from)) {
      store
          .trees()
          .open(store.commits().read(commit).tree())
          .files()
          .forEach(
              file ->
                  files.put(
                      file.path().text(), new String(store.files().readAll(file.file()), UTF_8)));
    }
    return files;
  }
}
