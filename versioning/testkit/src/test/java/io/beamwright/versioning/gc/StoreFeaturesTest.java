// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.NewerStore;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreFeature;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Damage;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.fsck.FsckReport;
import io.beamwright.versioning.fsck.Repair;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.sync.Sync;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that has features: who knows them goes on, and who does not is refused by name. */
class StoreFeaturesTest {

  private static final String OLDER =
      "{\"features\":[],\"format\":\"beamwright-store\",\"version\":1}";
  private static final StorageKey LATER = StoreLayout.feature("changes-log");
  private static final Duration GRACE = Duration.ofHours(1);

  @TempDir private Path scratch;

  private final VirtualTime time = new VirtualTime();
  private final MemoryStorage storage = new MemoryStorage(time);

  // --- who opens it ---

  /** Everything that opens a store, to read or to write. */
  private static Stream<Opening> openings() {
    return Stream.of(
        Store::open,
        Store::openOrCreate,
        there -> Store.open(new WriteSession(there)),
        Fsck::check,
        there -> Fsck.check(there, Fsck.Depth.QUICK, Optional.of("r")),
        there -> Repair.run(there, Optional.empty()),
        there -> Sync.copy(Store.open(there), made(), "r", Optional.empty(), options()),
        there -> Sync.copy(made(), Store.openOrCreate(there), "r", Optional.empty(), options()));
  }

  /** One way to open a store. */
  private interface Opening {
    void open(Storage storage);
  }

  private static Store made() {
    Store store = Store.openOrCreate(new MemoryStorage());
    store.repos().create("r", "", "ann", Instant.EPOCH);
    return store;
  }

  private static Sync.Options options() {
    return new Sync.Options("ann", Instant.EPOCH, false, false);
  }

  @ParameterizedTest
  @MethodSource("openings")
  void aStoreWithAFeatureThatIsNotKnownIsRefusedByItsName(Opening opening) {
    var unused = open().repos().create("r", "", "ann", Instant.EPOCH);
    later(storage);
    Map<StorageKey, String> before = contents();

    assertRefused(() -> opening.open(storage));

    assertThat(contents()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("openings")
  void soIsAnOlderStore(Opening opening) {
    older();
    var unused = open().repos().create("r", "", "ann", Instant.EPOCH);
    later(storage);
    Map<StorageKey, String> before = contents();

    assertRefused(() -> opening.open(storage));

    assertThat(contents()).isEqualTo(before);
  }

  private void assertRefused(ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOfSatisfying(
            NewerStore.class,
            fault -> assertThat(fault.remedy()).isEqualTo("Use a newer Beamwright."))
        .hasMessage(
            "memory: has the feature changes-log (every change in one log; since 0.4.0), which"
                + " this Beamwright does not know.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "x.y", "_", "test/more", "%41", "test-"})
  void whateverLiesAmongTheFeaturesIsRefusedByItsNameWithoutBeingUnderstood(String name) {
    var unused = open();
    create(new StorageKey("features/" + name), "what no version writes".getBytes(UTF_8));

    assertThatThrownBy(this::open)
        .isInstanceOf(NewerStore.class)
        .hasMessage("memory: has the feature " + name + ", which this Beamwright does not know.");
  }

  @Test
  void severalAreAllNamed() {
    var unused = open();
    later(storage);
    create(StoreLayout.feature("another"), new byte[0]);

    assertThatThrownBy(this::open)
        .hasMessageContaining("the features another, changes-log (every change in one log; since");
  }

  @Test
  void aStoreThatHasAKnownFeatureIsReadWrittenCheckedAndCopied() {
    var unused = open();
    new StoreFeatures(storage).add(StoreFeature.TEST, time.instant());
    Store store = open();
    commit(store, "a file");

    assertThat(new StoreFeatures(storage).names()).containsExactly("test");
    assertThat(Fsck.check(storage).damages()).isEmpty();
    assertThat(Fsck.check(storage).notices()).isEmpty();
    MemoryStorage to = new MemoryStorage();
    assertThat(
            Sync.copy(open(), Store.openOrCreate(to), "r", Optional.empty(), options()).commits())
        .isEqualTo(1);
    assertThat(new StoreFeatures(to).names()).isEmpty();
  }

  @Test
  void anOlderStoreIsWrittenOnAndStaysOne() {
    older();

    commit(open(), "a file");

    assertThat(contents().get(StoreLayout.FORMAT)).isEqualTo(OLDER);
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  // --- who adds one ---

  @Test
  void ofManyThatAddAFeatureAtOnceEachFindsIt() throws Exception {
    var unused = open();
    CountDownLatch begun = new CountDownLatch(8);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> racers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        racers.add(
            pool.submit(
                () -> {
                  begun.countDown();
                  begun.await();
                  new StoreFeatures(storage).add(StoreFeature.TEST, Instant.EPOCH);
                  return null;
                }));
      }
      for (Future<?> racer : racers) {
        racer.get();
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(keys()).filteredOn(key -> key.text().startsWith("features/")).hasSize(1);
    assertThat(entries()).containsExactly("MARK [test]");
    Instant since = new StoreFeatures(storage).since(StoreFeature.TEST).orElseThrow();
    new StoreFeatures(storage).add(StoreFeature.TEST, Instant.EPOCH);
    assertThat(new StoreFeatures(storage).since(StoreFeature.TEST)).contains(since);
    assertThat(entries()).hasSize(1);
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  @Test
  void aStoreWithoutItSaysSo() {
    var unused = open();

    assertThat(new StoreFeatures(storage).since(StoreFeature.TEST)).isEmpty();
  }

  /** Versions from before there were features refuse to write where the newest entry names one. */
  @Test
  void inAnOlderStoreEveryLaterEntryOfTheLogOfCollectionsStopsOlderWriters() {
    older();
    Store store = open();
    commit(store, "a file");
    store("needed by nobody");
    var unused = collect();
    assertThat(entries()).containsExactly("GRACE []", "LIST []", "MARK []");

    new StoreFeatures(storage).add(StoreFeature.TEST, time.instant());

    assertThat(entries().get(0)).isEqualTo("GRACE [test]");
    time.pass(GRACE.plusMinutes(1));
    assertThat(collect().swept().orElseThrow().deleted())
        .containsEntry("objects", new Amount(1, "needed by nobody".length()));
    store("needed by nobody either");
    time.pass(GRACE);
    unused = collect();
    assertThat(entries().subList(0, 5))
        .containsExactly(
            "GRACE [test]", "LIST [test]", "MARK [test]", "DONE [test]", "SWEEP [test]");
    assertThat(new StoreFeatures(storage).names()).containsExactly("test");
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  @Test
  void theGraceOfAListIsCountedFromItsOwnEntry() {
    var unused = open();
    store("needed by nobody");
    Instant due = collect().listed().orElseThrow().sweepFrom();
    time.pass(GRACE.minusMinutes(1));

    new StoreFeatures(storage).add(StoreFeature.TEST, time.instant());

    assertThat(collect().waiting().orElseThrow().sweepFrom()).isEqualTo(due);
    time.pass(Duration.ofMinutes(2));
    assertThat(collect().swept()).isPresent();
  }

  @Test
  void whileACollectionDeletesAFeatureIsAddedWhenItHasEnded() {
    var unused = open();
    store("needed by nobody");
    var listed = collect();
    CollectionLog log = new CollectionLog(storage);
    CollectionLog.Entry newest = log.newest().orElseThrow();
    append(newest.number() + 1, CollectionLog.Kind.SWEEP, newest.list());
    StoreFeatures features = new StoreFeatures(storage);

    assertThatThrownBy(() -> features.add(StoreFeature.TEST, time.instant()))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("deletes what is on its list");
    assertThat(listed.listed()).isPresent();

    append(newest.number() + 2, CollectionLog.Kind.DONE, newest.list());
    features.add(StoreFeature.TEST, time.instant());
    assertThat(entries().get(0)).endsWith("[test]");
  }

  private void append(long number, CollectionLog.Kind kind, long list) {
    assertThat(
            new CollectionLog(storage)
                .tryAppend(number, CollectionLog.entry(kind, list, time.instant())))
        .isTrue();
  }

  // --- who writes while one is added ---

  /** Every way in which a store is changed. */
  private static Stream<Change> changes() {
    return Stream.of(
        store -> {
          var unused =
              store.session().createObject(Sha256.of(new byte[9]), Content.of(new byte[9]));
        },
        store -> {
          var unused = store.trees().build(List.of(emptyFile()).iterator());
        },
        store -> {
          var unused = store.repos().create("another", "", "ann", Instant.EPOCH);
        },
        store -> commit(store, "more"),
        store -> store.runs().begin(CanonicalJson.object().put("run", "r")),
        store -> new Leases(store.storage()).renew("run", Instant.EPOCH),
        store -> new Leases(store.storage()).end("run", Instant.EPOCH),
        store -> store.storage().delete(StoreLayout.FORMAT),
        store -> store.storage().deleteAll(List.of(StoreLayout.FORMAT)));
  }

  private static FileEntry emptyFile() {
    StoredFile file = new StoredFile(0, Sha256.of(new byte[0]), List.of(), Optional.empty());
    return FileEntry.of(new FilePath("/empty"), false, file);
  }

  /** One change of a store. */
  private interface Change {
    void make(Store store);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aWriterIsRefusedFiveMinutesAfterItsLastLookAndFromThenOn(Change change) {
    Store store = open();
    commit(store, "a file");
    later(storage);
    time.pass(Duration.ofMinutes(4));
    commit(store, "that is added later is not seen yet");
    Map<StorageKey, String> before = contents();
    time.pass(Duration.ofMinutes(2));

    assertRefused(() -> change.make(store));

    storage.delete(LATER);
    time.pass(Duration.ofMinutes(6));
    assertRefused(() -> change.make(store));
    before.remove(LATER);
    assertThat(contents()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aWriterThatRenewsItsLeaseIsRefusedFromTheRenewalOn(Change change) {
    Store store = open();
    commit(store, "a file");
    Lease lease = Lease.hold(store.session(), "a-run", Clock.fixed(Instant.EPOCH, time.getZone()));
    try {
      lease.renew();
      later(storage);
      time.pass(Duration.ofMinutes(1));
      Map<StorageKey, String> before = contents();

      lease.renew();

      assertRefused(() -> change.make(store));
      assertThat(contents()).isEqualTo(before);
    } finally {
      lease.suspend();
    }
  }

  @Test
  void aCollectionThatLooksStopsBeforeItDeletes() {
    var unused = open();
    store("needed by nobody");
    var listed = collect();
    time.pass(GRACE.plusMinutes(1));
    Store store = open();
    Collector collector = collector(store);
    later(storage);
    time.pass(Duration.ofMinutes(5));
    int before = keys().size();

    assertRefused(() -> collector.collect());

    assertThat(keys()).hasSize(before);
    assertThat(listed.listed()).isPresent();
  }

  @Test
  void whoOnlyReadsGoesOn() {
    Store store = open();
    commit(store, "a file");
    later(storage);
    time.pass(Duration.ofHours(1));

    assertThat(store.repos().list()).hasSize(1);
  }

  // --- what is damaged ---

  @Test
  void aDamagedFeatureIsToldAndRepaired() {
    var unused = open();
    new StoreFeatures(storage).add(StoreFeature.TEST, time.instant());
    StorageKey key = StoreLayout.feature("test");
    Map<StorageKey, String> sound = contents();
    for (int cut : new int[] {0, 10, 60}) {
      byte[] bytes = storage.read(key, 0, 1_000);
      storage.delete(key);
      create(key, Arrays.copyOf(bytes, cut));

      FsckReport report = Fsck.check(storage);

      assertThat(report.damages()).extracting(Damage::key).containsExactly(key);
      assertThat(Repair.run(storage, Optional.empty()).failed()).isEmpty();
      assertThat(contents()).isEqualTo(sound);
    }
  }

  @Test
  void aDeletedFeatureIsMissedByTheLogOfCollectionsAndBroughtBack() {
    var unused = open();
    new StoreFeatures(storage).add(StoreFeature.TEST, time.instant());
    Map<StorageKey, String> sound = contents();
    storage.delete(StoreLayout.feature("test"));

    assertThat(Fsck.check(storage).damages())
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.key()).isEqualTo(StoreLayout.feature("test"));
              assertThat(damage.how()).isEqualTo("is absent");
            });
    assertThat(Repair.run(storage, Optional.empty()).failed()).isEmpty();
    assertThat(contents()).isEqualTo(sound);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDamagedFormatIsRepairedToWhatItWas(boolean wasOlder) {
    if (wasOlder) {
      older();
    }
    var unused = open();
    String sound = contents().getOrDefault(StoreLayout.FORMAT, "");
    storage.delete(StoreLayout.FORMAT);
    create(StoreLayout.FORMAT, sound.replace("store", "stork").getBytes(UTF_8));

    assertThat(Repair.run(storage, Optional.empty()).failed()).isEmpty();

    assertThat(contents().get(StoreLayout.FORMAT)).isEqualTo(sound);
  }

  /** A store of another version is no damaged one: a repair would make it unreadable. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"features\":[\"packs-2\"],\"format\":\"beamwright-store\",\"version\":1}",
        "{\"features\":[\"feature-keys\"],\"format\":\"beamwright-store\",\"version\":2}",
        "{\"features\":[],\"format\":\"beamwright-store\",\"version\":4294967297}"
      })
  void aNewerFormatIsRefusedAndNeverRepaired(String format) {
    create(StoreLayout.FORMAT, format.getBytes(UTF_8));

    for (ThrowingCallable opening :
        List.<ThrowingCallable>of(
            this::open, () -> Fsck.check(storage), () -> Repair.run(storage, Optional.empty()))) {
      assertThatThrownBy(opening)
          .isInstanceOf(NewerStore.class)
          .hasMessageContaining("this Beamwright reads format 1");
    }
    assertThat(contents()).isEqualTo(Map.of(StoreLayout.FORMAT, format));
  }

  // --- what the tests do ---

  private Store open() {
    if (keys().isEmpty()) {
      var unused = Store.openOrCreate(storage);
    }
    return Store.open(new WriteSession(storage, time.process(Duration.ofMinutes(-50))));
  }

  private void older() {
    create(StoreLayout.FORMAT, OLDER.getBytes(UTF_8));
  }

  /** What a later version does. */
  private static void later(Storage storage) {
    byte[] says =
        SummedJson.bytes(
            CanonicalJson.object()
                .put("feature", "changes-log")
                .put("what", "every change in one log")
                .put("since", "0.4.0"));
    var unused = storage.createIfAbsent(LATER, Content.of(says));
  }

  private void create(StorageKey key, byte[] bytes) {
    var unused = storage.createIfAbsent(key, Content.of(bytes));
  }

  private Collector collector(Store store) {
    Policy policy = new Policy(GRACE, GRACE, GRACE, 50, "ann");
    return new Collector(store, policy, scratch, time.process(Duration.ZERO), AtOnce.ONE);
  }

  private Collection collect() {
    return collector(open()).collect();
  }

  private void store(String content) {
    stored(open(), content);
  }

  private static StoredFile stored(Store store, String content) {
    try (Packer packer = store.packer()) {
      var file = packer.addWhole(Content.of(content.getBytes(UTF_8)));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void commit(Store store, String content) {
    FileEntry file = FileEntry.of(new FilePath("/a"), false, stored(store, content));
    var repo =
        store
            .repos()
            .find("r")
            .orElseGet(() -> store.repos().create("r", "", "ann", Instant.EPOCH));
    var unused =
        new Committer(store, "ann", Instant.EPOCH)
            .commit(
                repo,
                "master",
                "",
                Committer.Empty.SKIPPED,
                before -> store.trees().edit(before, List.of(new TreeEdit.Put(file))));
  }

  /** The log of collections, newest first: kinds and features. */
  private List<String> entries() {
    return new CollectionLog(storage)
        .newestFirst(1_000).stream().map(entry -> entry.kind() + " " + entry.features()).toList();
  }

  private List<StorageKey> keys() {
    return storage.list("", Optional.empty(), 100_000).stream().map(Listed::key).toList();
  }

  private Map<StorageKey, String> contents() {
    Map<StorageKey, String> contents = new LinkedHashMap<>();
    keys()
        .forEach(
            key ->
                contents.put(
                    key, new String(storage.read(key, 0, NumberedLog.MOST_BYTES), ISO_8859_1)));
    return contents;
  }
}
