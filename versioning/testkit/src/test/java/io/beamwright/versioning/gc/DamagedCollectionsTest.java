// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Damage;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.fsck.Repair;
import io.beamwright.versioning.fsck.RepairReport;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What garbage collection wrote down is damaged: reading goes on, writers say what is wrong and
 * what to do, a check finds it, and a collection or a repair leads out of it and deletes nothing.
 */
class DamagedCollectionsTest {

  private static final Duration GRACE = Duration.ofHours(1);

  @TempDir private Path scratch;

  private final VirtualTime time = new VirtualTime();
  private final MemoryStorage storage = new MemoryStorage(time);
  private final Repo repo =
      Store.openOrCreate(storage).repos().create("r", "", "ann", Instant.EPOCH);
  private List<CommitId> commits = List.of();

  /**
   * One damage.
   *
   * @param key what of the store is damaged
   * @param change what is there afterwards; nothing if it is deleted
   */
  private record Hurt(
      String what,
      Function<MemoryStorage, StorageKey> key,
      Function<byte[], Optional<byte[]>> change) {

    void to(MemoryStorage storage) {
      StorageKey at = key.apply(storage);
      byte[] before = storage.read(at, 0, 1 << 20);
      storage.delete(at);
      change
          .apply(before)
          .ifPresent(
              bytes -> {
                var unused = storage.createIfAbsent(at, Content.of(bytes));
              });
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static Stream<Hurt> hurts() {
    List<Hurt> hurts = new ArrayList<>();
    for (long number : new long[] {1, 2}) {
      String what = number == 1 ? "the entry of the list" : "the newest entry";
      Function<MemoryStorage, StorageKey> key = at -> entry(at, number);
      hurts.add(new Hurt(what + " is changed", key, DamagedCollectionsTest::flipped));
      hurts.add(new Hurt(what + " is cut", key, bytes -> Optional.of(Arrays.copyOf(bytes, 40))));
      hurts.add(new Hurt(what + " is empty", key, bytes -> Optional.of(new byte[0])));
    }
    hurts.add(
        new Hurt("the entry of the list is absent", at -> entry(at, 1), bytes -> Optional.empty()));
    Function<MemoryStorage, StorageKey> part = DamagedCollectionsTest::part;
    hurts.add(new Hurt("a part is absent", part, bytes -> Optional.empty()));
    hurts.add(new Hurt("a part is changed", part, DamagedCollectionsTest::flipped));
    hurts.add(new Hurt("a part is empty", part, bytes -> Optional.of(new byte[0])));
    hurts.add(
        new Hurt("a part of nothing", part, bytes -> Optional.of(CondemnedPart.seal(List.of()))));
    hurts.add(
        new Hurt(
            "a part of another list",
            part,
            bytes -> {
              var other = io.beamwright.versioning.Sha256.of(new byte[0]);
              return Optional.of(
                  CondemnedPart.seal(List.of(new CondemnedPart.Entry(other, 0, false))));
            }));
    return hurts.stream();
  }

  private static Optional<byte[]> flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[bytes.length / 2] ^= 1;
    return Optional.of(changed);
  }

  private static StorageKey entry(MemoryStorage storage, long number) {
    return new NumberedLog(storage, StoreLayout.COLLECTIONS).key(number);
  }

  private static StorageKey part(MemoryStorage storage) {
    List<Listed> parts = storage.list(StoreLayout.CONDEMNED, Optional.empty(), 100);
    return parts.get(parts.size() - 1).key();
  }

  @BeforeEach
  void fill() {
    CommitId first = commit("one");
    commits = List.of(first, commit("two"));
    stored(open(), "needed by nobody");
    time.pass(Duration.ofMinutes(6));
    assertThat(collect().listed()).isPresent();
    assertThat(new CollectionLog(storage).newest().orElseThrow().number()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("hurts")
  void isFoundAndNamed(Hurt hurt) {
    StorageKey key = hurt.key().apply(storage);
    hurt.to(storage);

    assertThat(Fsck.check(storage).damages()).extracting(Damage::key).containsExactly(key);
    assertThat(Fsck.check(storage).damages().get(0).neededBy()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("hurts")
  void doesNotStopReading(Hurt hurt) {
    hurt.to(storage);
    Store store = open();

    // One that a ref names, and one that none names, for which a writer has to look.
    for (CommitId commit : commits) {
      assertThat(read(store, commit)).isEqualTo(commit.equals(commits.get(0)) ? "one" : "two");
    }
  }

  @ParameterizedTest
  @MethodSource("hurts")
  void stopsWritersByItsNameAndACollectionLeadsOut(Hurt hurt) {
    StorageKey key = hurt.key().apply(storage);
    hurt.to(storage);
    Store store = open();
    assertThat(read(store, commits.get(0))).isEqualTo("one");

    assertThatThrownBy(() -> commit(store, "needed by nobody"))
        .isInstanceOfSatisfying(
            UnusableLog.class,
            fault ->
                assertThat(fault.remedy()).contains("Reading goes on").contains("beamwright gc"))
        .hasMessageContaining(storage.location() + "/" + key);

    time.pass(Duration.ofMinutes(11));
    Collection done = collect();
    assertThat(done.withdrawn().orElseThrow()).contains(key.text());
    assertThat(done.swept()).isEmpty();
    assertThat(objects()).isEqualTo(3);
    commit(store, "needed by nobody");
    commit(open(), "three");
    time.pass(GRACE.plusMinutes(6));
    var unused = collect();
    time.pass(GRACE.plusMinutes(6));
    unused = collect();
    assertThat(read(open(), head())).isEqualTo("three");
    assertThat(read(open(), commits.get(0))).isEqualTo("one");
    assertThat(read(open(), commits.get(1))).isEqualTo("two");
  }

  @ParameterizedTest
  @MethodSource("hurts")
  void aRepairLeadsOutToo(Hurt hurt) {
    hurt.to(storage);
    time.pass(Duration.ofMinutes(11));

    RepairReport report = Repair.run(storage, Optional.empty());

    assertThat(report.failed()).isEmpty();
    assertThat(Fsck.check(storage).damages()).isEmpty();
    assertThat(objects()).isEqualTo(3);
    commit(open(), "needed by nobody");
    assertThat(read(open(), head())).isEqualTo("needed by nobody");
    assertThat(collect().withdrawn()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("hurts")
  void aSoundCopyOfTheStoreBringsItBack(Hurt hurt) {
    MemoryStorage sound = new MemoryStorage(time);
    for (Listed listed : storage.list("", Optional.empty(), 1_000)) {
      var unused =
          sound.createIfAbsent(listed.key(), Content.of(storage.read(listed.key(), 0, 1 << 20)));
    }
    hurt.to(storage);

    assertThat(Repair.run(storage, Optional.of(sound)).failed()).isEmpty();

    assertThat(Fsck.check(storage).damages()).isEmpty();
    assertThat(new CollectionLog(storage).damage()).isEmpty();
    assertThat(new CollectionLog(storage).newest().orElseThrow().isActive()).isTrue();
  }

  @Test
  void whatMayBeDeletingIsWaitedFor() {
    CollectionLog log = new CollectionLog(storage);
    assertThat(log.tryAppend(3, CollectionLog.entry(CollectionLog.Kind.SWEEP, 1, time.instant())))
        .isTrue();
    storage.delete(part(storage));

    assertThatThrownBy(this::collect)
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("may still be deleting");
    assertThat(log.newest().orElseThrow().number()).isEqualTo(3);

    time.pass(Duration.ofMinutes(10));
    assertThat(collect().withdrawn()).isPresent();
  }

  @Test
  void anEntryThatCannotBeReadMayBeThatOfASweep() {
    StorageKey newest = entry(storage, 2);
    storage.delete(newest);
    var unused = storage.createIfAbsent(newest, Content.of(new byte[1]));

    assertThatThrownBy(this::collect).isInstanceOf(ConflictFault.class);
    assertThat(Repair.run(storage, Optional.empty()).failed()).hasSize(1);

    time.pass(Duration.ofMinutes(10));
    assertThat(collect().withdrawn()).isPresent();
  }

  /** Whoever looked before the list came, and found none, must not think that none came. */
  @Test
  void aWriterFromBeforeTheListTakesCareAfterItIsGivenUp() {
    storage.deleteAll(
        storage.list("gc/", Optional.empty(), 100).stream().map(Listed::key).toList());
    Store early = open();
    commit(early, "early");
    StoredFile held = stored(early, "held since then");
    time.pass(Duration.ofMinutes(6));
    var unused = collect();
    put(entry(storage, 2), new byte[1]);
    time.pass(Duration.ofMinutes(11));
    // Without a new list, as a repair does.
    assertThat(new GivenUpList(storage).giveUpIfDamaged(time.instant())).isPresent();
    // As if the damaged entry had been that of a sweep.
    delete(held);

    assertGone(early, held);
  }

  /** What was read while nobody could tell what would be deleted may have been deleted since. */
  @Test
  void aWriterThatReadWhenTheLogWasDamagedTakesCareAfterItIsRestored() {
    CollectionLog log = new CollectionLog(storage);
    ObjectNode done = CollectionLog.entry(CollectionLog.Kind.DONE, 1, time.instant());
    assertThat(log.tryAppend(3, done.put("swept", true))).isTrue();
    byte[] sound = storage.read(entry(storage, 3), 0, 1 << 20);
    put(entry(storage, 3), new byte[1]);
    Store blind = open();
    StoredFile held = file(blind, commits.get(0)).file();
    put(entry(storage, 3), sound);
    delete(held);

    assertGone(blind, held);
  }

  private void put(StorageKey key, byte[] bytes) {
    storage.delete(key);
    var unused = storage.createIfAbsent(key, Content.of(bytes));
  }

  private void delete(StoredFile file) {
    for (Extent extent : file.extents()) {
      storage.delete(StoreLayout.object(extent.object().id(), extent.object().generation()));
    }
  }

  private void assertGone(Store store, StoredFile held) {
    assertThatThrownBy(() -> commit(store, held))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("garbage collection may have deleted it meanwhile");
  }

  @Test
  void aDryRunSaysWhatWouldBeGivenUpAndWritesNothing() {
    storage.delete(part(storage));
    int before = storage.list("", Optional.empty(), 1_000).size();

    assertThat(collector().dryRun().withdrawn()).isPresent();
    assertThat(storage.list("", Optional.empty(), 1_000)).hasSize(before);
  }

  // --- what the tests do ---

  private Store open() {
    return Store.open(new WriteSession(storage, time.process(Duration.ofMinutes(-50))));
  }

  private Collector collector() {
    Policy policy = new Policy(GRACE, GRACE, GRACE, 50, "ann");
    return new Collector(open(), policy, scratch, time.process(GRACE), AtOnce.ONE);
  }

  private Collection collect() {
    return collector().collect();
  }

  private long objects() {
    return storage.list("objects/", Optional.empty(), 1_000).size();
  }

  private StoredFile stored(Store store, String content) {
    try (Packer packer = store.packer()) {
      var file = packer.addWhole(Content.of(content.getBytes(UTF_8)));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CommitId commit(String content) {
    return commit(open(), content);
  }

  private CommitId commit(Store store, String content) {
    return commit(store, stored(store, content));
  }

  private CommitId commit(Store store, StoredFile content) {
    FileEntry file = FileEntry.of(new FilePath("/a"), false, content);
    return new Committer(store, "ann", Instant.EPOCH)
        .commit(
            repo,
            "master",
            "",
            Committer.Empty.SKIPPED,
            before -> store.trees().edit(before, List.of(new TreeEdit.Put(file))))
        .head()
        .orElseThrow();
  }

  private CommitId head() {
    return open().repos().refs(repo).head("master").commit().orElseThrow();
  }

  private static String read(Store store, CommitId commit) {
    return new String(store.files().readAll(file(store, commit).file()), UTF_8);
  }

  private static FileEntry file(Store store, CommitId commit) {
    return store
        .trees()
        .open(store.commits().read(commit).tree())
        .find(new FilePath("/a"))
        .orElseThrow();
  }
}
