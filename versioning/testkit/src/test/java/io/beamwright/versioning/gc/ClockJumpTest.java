// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the machine that has the storage, and every process, is put forward or back. */
class ClockJumpTest {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration WINDOW = Duration.ofDays(7);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR_BACK = Duration.ofHours(-1);

  @TempDir private Path scratch;

  private final VirtualTime time = new VirtualTime();
  private final MemoryStorage storage = new MemoryStorage(time);
  private Repo repo;

  @BeforeEach
  void makeRepo() {
    try (Store store = Store.openOrCreate(storage)) {
      repo = store.repos().create("r", "", "ann", time.instant());
    }
  }

  @Test
  void anHourBackBetweenCommitsTheyAreReadInTheirOrder() {
    commit("master", "/a", "first");
    time.jump(HOUR_BACK);
    CommitId second = commit("master", "/a", "second");
    time.jump(HOUR_BACK);
    CommitId third = commit("master", "/b", "third");

    assertThat(read(third)).isEqualTo(Map.of("/a", "second", "/b", "third"));
    try (Store store = open()) {
      assertThat(store.history().newestFirst(List.of(third)).map(History.Named::id))
          .hasSize(3)
          .startsWith(third, second);
      assertThat(store.repos().refs(repo).moves("master", 9)).hasSize(3);
    }
    assertThat(Fsck.check(storage).isSound()).isTrue();
  }

  @Test
  void aDayForwardInAPutItIsWholeOrToldThatWhatItReusedIsGoneAndDoneAgain() {
    commit("other", "/a", "comes back");
    dropBranchesThatWereDeletedLongAgo();
    try (Store writer = open()) {
      StoredFile before = stored(writer, "put before the list");
      assertThat(collect().listed()).as("what the deleted branch had").isPresent();
      StoredFile back = stored(writer, "comes back");
      StoredFile after = stored(writer, "put after the list");

      time.jump(DAY);
      assertThat(collect().swept()).as("the grace is over, or seems to be").isPresent();

      assertThat(commitUnlessRefused(writer, Map.of("/after", after)))
          .hasValueSatisfying(
              made -> assertThat(read(made)).isEqualTo(Map.of("/after", "put after the list")));
      for (StoredFile gone : List.of(before, back)) {
        assertThat(commitUnlessRefused(writer, Map.of("/gone", gone)))
            .as("its bytes were there when the writer looked, and went")
            .isEmpty();
      }
    }
    assertThat(read(commit("again", "/a", "comes back"))).isEqualTo(Map.of("/a", "comes back"));
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  @Test
  void aDayForwardAfterAWriterReadItIsToldOfWhatIsGoneOrHasItWhole() {
    CommitId gone = commit("other", "/a", "of a deleted branch");
    dropBranchesThatWereDeletedLongAgo();
    try (Store writer = open()) {
      StoredFile held = file(writer, gone, "/a");
      assertThat(collect().listed()).isPresent();
      time.jump(DAY);
      assertThat(collect().swept()).isPresent();

      Optional<CommitId> made = commitUnlessRefused(writer, Map.of("/a", held));

      made.ifPresent(id -> assertThat(read(id)).containsEntry("/a", "of a deleted branch"));
    }
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  @Test
  void anHourBackTheListStandsLongerAndWhatIsNeededAgainStays() {
    commit("other", "/a", "comes back");
    dropBranchesThatWereDeletedLongAgo();
    assertThat(collect().listed()).isPresent();
    time.jump(HOUR_BACK);
    CommitId made = commit("again", "/a", "comes back");

    time.pass(GRACE.plusMinutes(1));
    assertThat(collect().waiting()).as("its grace is counted by that clock").isPresent();
    time.pass(GRACE);
    assertThat(collect().swept()).isPresent();

    assertThat(read(made)).isEqualTo(Map.of("/a", "comes back"));
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  @Test
  void aDayForwardARunWhoseLeaseIsRenewedGoesOnAndWhatItMadeStays() {
    Leases leases = new Leases(storage);
    leases.renew("run1", time.instant());
    CommitId input = commit("other", "/a", "an input");
    try (Store store = open()) {
      Refs refs = store.repos().refs(repo);
      var unused = refs.delete(refs.head("other"), move(Optional.empty()));
    }
    time.jump(DAY);
    leases.renew("run1", time.instant());
    for (int i = 0; i < 3; i++) {
      var unused = collect();
      time.jump(DAY);
    }

    assertThat(read(input)).isEqualTo(Map.of("/a", "an input"));
  }

  // --- what the tests do ---

  private void dropBranchesThatWereDeletedLongAgo() {
    try (Store store = open()) {
      Refs refs = store.repos().refs(repo);
      var unused = refs.delete(refs.head("other"), move(Optional.empty()));
    }
    time.pass(WINDOW.plusMinutes(1));
  }

  private RefMove move(Optional<CommitId> to) {
    return new RefMove(to, "ann", time.instant(), "", Optional.empty());
  }

  private Store open() {
    return Store.open(new WriteSession(storage, time.process(Duration.ZERO)));
  }

  private Collection collect() {
    Policy policy = new Policy(GRACE, WINDOW, WINDOW, Policy.REWRITE_BELOW, "ann");
    try (Store store = open()) {
      return new Collector(store, policy, scratch, time.process(Duration.ZERO)).collect();
    }
  }

  private CommitId commit(String branch, String path, String content) {
    try (Store store = open()) {
      FileEntry file = FileEntry.of(new FilePath(path), false, stored(store, content));
      return new Committer(store, "ann", time.instant())
          .commit(
              repo,
              branch,
              "",
              Committer.Empty.SKIPPED,
              before -> store.trees().edit(before, List.of(new TreeEdit.Put(file))))
          .head()
          .orElseThrow();
    }
  }

  /** A commit of files that this writer holds, or nothing if it is told that some are gone. */
  private Optional<CommitId> commitUnlessRefused(Store store, Map<String, StoredFile> files) {
    List<TreeEdit> edits =
        new TreeMap<>(files)
            .entrySet().stream()
                .<TreeEdit>map(
                    file ->
                        new TreeEdit.Put(
                            FileEntry.of(new FilePath(file.getKey()), false, file.getValue())))
                .toList();
    try {
      return new Committer(store, "ann", time.instant())
          .commit(
              repo,
              "made",
              "",
              Committer.Empty.SKIPPED,
              before -> store.trees().edit(before, edits))
          .head();
    } catch (ConflictFault e) {
      assertThat(e).hasMessageContaining("garbage collection may have deleted it meanwhile");
      return Optional.empty();
    }
  }

  private static StoredFile stored(Store store, String content) {
    try (Packer packer = store.packer()) {
      PendingFile file = packer.addWhole(Content.of(content.getBytes(UTF_8)));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoredFile file(Store store, CommitId commit, String path) {
    return store
        .trees()
        .open(store.commits().read(commit).tree())
        .find(new FilePath(path))
        .orElseThrow()
        .file();
  }

  private Map<String, String> read(CommitId commit) {
    Map<String, String> files = new TreeMap<>();
    try (Store store = open()) {
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
