// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.fsck.FsckReport;
import io.beamwright.versioning.gc.Amount;
import io.beamwright.versioning.gc.Collection;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.Policy;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What garbage collection promises on any storage: what nothing needs goes, what anything needs
 * stays, and neither other writers, nor wrong clocks, nor its own death change that. A storage's
 * test extends this, supplies an empty place, and has nothing else to say.
 *
 * <p>What is kept, and for how long, is the same on all storages, and is tested in memory.
 */
public abstract class CollectorContract {

  private static final Duration GRACE = Duration.ofMinutes(30);
  private static final Duration A_MINUTE = Duration.ofMinutes(1);
  // Another collection takes over ten minutes after the last word of one that died.
  private static final Duration UNTIL_TAKEN_OVER = GRACE.plusMinutes(11);
  private static final int MOST_SECONDS = 280;

  @TempDir private Path scratch;

  private PassingTime storage = new PassingTime(new MemoryStorage());
  private Repo repo = new Repo("none", Sha256.of(new byte[0]), "", "", Instant.EPOCH);

  /** For subclasses. */
  protected CollectorContract() {}

  /** An empty storage in a place of its own; it is closed here. */
  protected abstract Storage openEmpty();

  /** Where other processes find the last one that was opened; nothing if they cannot. */
  protected Optional<StorageLocation> fromOtherProcesses() {
    return Optional.empty();
  }

  /** Of the calls of a collection each so manyth is tried; a slow storage may skip some. */
  protected int callsAtATime() {
    return 1;
  }

  /** More keys than the storage lists at once, and than it deletes at once. */
  protected int keysOfSeveralPages() {
    return 1_200;
  }

  /** How many processes put beside one that collects. */
  protected int writers() {
    return 4;
  }

  /**
   * For how many seconds they do so at least: more than the list's grace, which is twenty seconds
   * then.
   */
  protected int secondsBeside() {
    return 50;
  }

  @BeforeEach
  final void create() {
    storage = new PassingTime(openEmpty());
    Store store = Store.openOrCreate(storage);
    repo = store.repos().create("r", "", "ann", Instant.EPOCH);
  }

  @AfterEach
  final void close() {
    storage.close();
  }

  // --- what goes, and what does not ---

  @Test
  final void whatNothingReachesGoesAndNothingElse() {
    commit("master", Map.of("/a", "needed", "/b", "packed"));
    CommitId before = head("master");
    commit("master", Map.of("/a", "changed"));
    commit("gone", Map.of("/a", "of a deleted branch"));
    CommitId gone = head("gone");
    delete("gone");
    orphan("of nobody");
    storage.pass(GRACE.plus(A_MINUTE));

    Collection listed = collect();
    assertThat(things(listed.listed().orElseThrow().totals(), "commits")).isEqualTo(1);
    assertThat(things(listed.listed().orElseThrow().totals(), "objects")).isEqualTo(2);
    assertThat(dangling().objects()).as("listed, and there").isEqualTo(2);
    storage.pass(GRACE.plus(A_MINUTE));
    Collection swept = collect();

    assertThat(things(swept.swept().orElseThrow().deleted(), "objects")).isEqualTo(2);
    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "changed", "/b", "packed"));
    assertThat(read(before)).isEqualTo(Map.of("/a", "needed", "/b", "packed"));
    assertThatThrownBy(() -> read(gone)).hasMessageContaining(gone.hex());
    assertNothingIsDamagedOrDangles();
  }

  @Test
  final void ofMoreThingsThanAPageHoldsNoneIsOverlooked() throws Exception {
    List<String> contents = contentsInOnePlace(keysOfSeveralPages());
    List<String> needed = contents.subList(0, contents.size() / 100);
    inThreads(contents, this::orphan);
    commitWhole(open(storage, Duration.ZERO), "master", needed);
    storage.pass(GRACE.plus(A_MINUTE));

    Collection listed = collect();
    storage.pass(GRACE.plus(A_MINUTE));
    Collection swept = collect();

    long unneeded = (long) contents.size() - needed.size();
    assertThat(things(listed.listed().orElseThrow().totals(), "objects")).isEqualTo(unneeded);
    assertThat(things(swept.swept().orElseThrow().deleted(), "objects")).isEqualTo(unneeded);
    assertThat(storage.list("objects/", Optional.empty(), Integer.MAX_VALUE))
        .extracting(one -> StoreLayout.digestOf(one.key()))
        .containsExactlyInAnyOrderElementsOf(
            needed.stream().map(content -> Sha256.of(content.getBytes(UTF_8))).toList());
    assertThat(read(head("master")).values()).containsExactlyInAnyOrderElementsOf(needed);
    assertNothingIsDamagedOrDangles();
  }

  /** Contents whose digests begin alike, so that one listing has to go through all of them. */
  private static List<String> contentsInOnePlace(int count) {
    List<String> contents = new ArrayList<>();
    for (int i = 0; contents.size() < count; i++) {
      String content = "content " + i;
      if (Sha256.of(content.getBytes(UTF_8)).hex().startsWith("0")) {
        contents.add(content);
      }
    }
    return contents;
  }

  // --- clocks ---

  @Test
  final void clocksThatAreAnHourOffShortenNoGraceAndLoseNothing() {
    Duration hour = Duration.ofHours(1);
    orphan("comes back");
    orphan("of nobody");
    storage.pass(Duration.ofMinutes(6));

    assertThat(collector(storage, hour.negated()).collect().listed()).isPresent();
    assertThat(collector(storage, hour).collect().waiting()).isPresent();
    commitWhole(open(storage, hour), "late", List.of("comes back"));
    storage.pass(GRACE.minusMinutes(2));
    assertThat(collector(storage, hour).collect().waiting()).isPresent();
    commitWhole(open(storage, hour.negated()), "early", List.of("comes back"));
    storage.pass(Duration.ofMinutes(3));
    assertThat(collector(storage, hour.negated()).collect().swept()).isPresent();

    assertThat(read(head("late"))).isEqualTo(Map.of("/0", "comes back"));
    assertThat(read(head("early"))).isEqualTo(Map.of("/0", "comes back"));
    assertNothingIsDamagedOrDangles();
  }

  /** A storage dates a thing by when it got its bytes, which can be long before it is there. */
  @Test
  final void aNodeThatWasLongOnItsWayIsWholeForWhoeverFindsIt() {
    Store dying = open(storage, Duration.ZERO);
    StoredFile packed = stored(dying, List.of("one", "two"), false).get(0);
    storage.pass(Duration.ofMinutes(1));
    storage.slowCreate(
        "trees/",
        () -> {
          storage.pass(Duration.ofMinutes(3));
          assertThat(collect().listed()).as("the pack that the node names").isPresent();
        });
    FileEntry file = FileEntry.of(new FilePath("/a"), false, packed);
    var unused = dying.trees().build(List.of(file).iterator());
    storage.pass(GRACE.plus(A_MINUTE));
    assertThat(collect().swept()).isPresent();

    // Another pack, and the same node.
    commit("master", Map.of("/a", "one"));

    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "one"));
    assertThat(Fsck.check(storage).damages()).isEmpty();
  }

  // --- beside writers ---

  @Test
  final void whatAWriterUsesInTheMomentInWhichItIsCondemnedOrDeletedStaysWhole() {
    orphan("listed 0");
    List<String> before = List.of();
    boolean isMet = true;
    for (int n = 0; isMet; n++) {
      List<String> used = List.of("listed " + n, "unlisted " + n);
      orphan("listed " + (n + 1));
      orphan("unlisted " + n);
      storage.pass(UNTIL_TAKEN_OVER);
      FaultyStorage seen = new FaultyStorage(storage);
      useDuring(seen, n, used);

      var unused = collector(seen, Duration.ofHours(1)).collect();

      isMet = !seen.hasOrders();
      assertHolds(n - 1, before);
      before = isMet ? used : List.of();
      assertHolds(n, before);
    }
    storage.pass(UNTIL_TAKEN_OVER);
    collectUntilNothingIsLeft();
    assertNothingIsDamagedOrDangles();
  }

  /** In the middle of a call, one writer stores and one has stored already what is collected. */
  private void useDuring(FaultyStorage seen, int n, List<String> used) {
    // So that there are never more than those of the last time and of this one.
    delete("stores-" + n % 2);
    delete("stored-" + n % 2);
    // It looks for a list before this collection writes one, and not again.
    Store early = open(storage, Duration.ofMinutes(-50));
    StoredFile held = stored(early, List.of(used.get(1)), true).get(0);
    seen.meanwhile(
        1 + n * callsAtATime(),
        n % 2 == 0
            ? FaultyStorage.When.BEFORE_IT_HAPPENS
            : FaultyStorage.When.BEFORE_IT_IS_ANSWERED,
        () -> {
          commitWhole(open(storage, Duration.ZERO), "stores-" + n % 2, used);
          commitStored(early, "stored-" + n % 2, Map.of("/held", held));
        });
  }

  private void assertHolds(int n, List<String> used) {
    if (!used.isEmpty()) {
      assertThat(read(head("stores-" + n % 2)).values()).containsExactlyElementsOf(used);
      assertThat(read(head("stored-" + n % 2)).values()).containsExactly(used.get(1));
    }
  }

  private void commitWhole(Store store, String branch, List<String> contents) {
    List<StoredFile> stored = stored(store, contents, true);
    Map<String, StoredFile> files = new LinkedHashMap<>();
    for (StoredFile file : stored) {
      files.put("/" + files.size(), file);
    }
    commitStored(store, branch, files);
  }

  // --- death ---

  @Test
  final void aCollectionThatDiesAtAnyCallIsRunAgainToItsEnd() {
    commit("master", Map.of("/a", "needed"));
    List<Trouble> troubles =
        List.of(Trouble.DIE_BEFORE, Trouble.DIE_AFTER, Trouble.FAIL_BEFORE, Trouble.FAIL_AFTER);
    boolean died = true;
    int deaths = 0;
    while (died) {
      orphan("listed " + deaths);
      commit("gone", Map.of("/a", "of a deleted branch " + deaths));
      delete("gone");
      storage.pass(UNTIL_TAKEN_OVER);
      assertThat(collect().listed()).isPresent();
      orphan("unlisted " + deaths);
      storage.pass(UNTIL_TAKEN_OVER);

      died = dies(1 + deaths * callsAtATime(), troubles.get(deaths % troubles.size()));

      assertThat(Fsck.check(storage).damages()).as("after death " + deaths).isEmpty();
      deaths += died ? 1 : 0;
      storage.pass(UNTIL_TAKEN_OVER);
      collectUntilNothingIsLeft();
      assertNothingIsDamagedOrDangles();
    }
    assertThat(deaths).isGreaterThan(2);
    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "needed"));
  }

  private boolean dies(int call, Trouble trouble) {
    FaultyStorage dying = new FaultyStorage(storage);
    dying.trouble(call, trouble);
    try {
      var unused = collector(dying, Duration.ZERO).collect();
      return dying.count() >= call;
    } catch (Killed | EnvironmentFault e) {
      return true;
    }
  }

  // --- many at once ---

  @Test
  final void whatProcessesPutBesideOneThatCollectsStaysWhole() throws Exception {
    Optional<StorageLocation> location = fromOtherProcesses();
    assumeTrue(location.isPresent(), "no other process can open this storage");
    // The first list has all that will be put.
    CollectorProcess.contents().forEach(this::orphan);
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < writers(); i++) {
      all.add(worker(location.get(), Integer.toString(i)));
    }
    all.add(worker(location.get(), CollectorProcess.COLLECTS));
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      for (Future<Integer> one : threads.invokeAll(all, MOST_SECONDS, TimeUnit.SECONDS)) {
        assertThat(one.get()).as("what each put, or deleted").isPositive();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(Fsck.check(storage).damages()).isEmpty();
    Store store = open(storage, Duration.ZERO);
    for (RefHead head : heads()) {
      store.history().newestFirst(head.commit().stream().toList()).forEach(this::requireRight);
    }
  }

  private Callable<Integer> worker(StorageLocation location, String name) {
    List<String> words =
        List.of(
            StorageProcess.word(location),
            name,
            Integer.toString(secondsBeside()),
            Integer.toString(1 + writers()),
            scratch.toString());
    return () -> {
      try (ChildJvm child =
          ChildJvm.start(ChildJvm.command(CollectorProcess.class, List.of(), words))) {
        ChildJvm.Ended ended = child.end();
        assertThat(ended.exitCode()).as(() -> String.join("\n", ended.lines())).isZero();
        String done = ended.lines().get(ended.lines().size() - 1);
        return Integer.parseInt(done.substring("done ".length()));
      }
    };
  }

  private void requireRight(History.Named commit) {
    read(commit.id())
        .forEach((path, content) -> assertThat(path).startsWith("/" + content.replace(' ', '-')));
  }

  // --- what the tests do ---

  private static long things(Map<String, Amount> amounts, String kind) {
    return amounts.getOrDefault(kind, Amount.NONE).things();
  }

  private Collector collector(Storage seen, Duration off) {
    Policy policy = new Policy(GRACE, GRACE, GRACE, Policy.REWRITE_BELOW, "ann");
    return new Collector(open(seen, off), policy, scratch, storage.process(off));
  }

  private Collection collect() {
    return collector(storage, Duration.ZERO).collect();
  }

  // What a dead one had not done, what became garbage by that, and what it had not seen.
  private void collectUntilNothingIsLeft() {
    for (int i = 0; i < 3; i++) {
      var unused = collect();
      storage.pass(UNTIL_TAKEN_OVER);
    }
  }

  private void assertNothingIsDamagedOrDangles() {
    FsckReport report = Fsck.check(storage);
    assertThat(report.damages()).isEmpty();
    assertThat(report.dangling()).isEqualTo(new FsckReport.Dangling(0, 0, 0, 0));
  }

  private FsckReport.Dangling dangling() {
    return Fsck.check(storage).dangling();
  }

  private Store open(Storage seen, Duration off) {
    return Store.open(new WriteSession(seen, storage.process(off)));
  }

  private void commit(String branch, Map<String, String> files) {
    Store store = open(storage, Duration.ofMinutes(-50));
    commit(store, branch, files);
  }

  private void commit(Store store, String branch, Map<String, String> files) {
    List<StoredFile> stored = stored(store, List.copyOf(files.values()), false);
    Map<String, StoredFile> put = new LinkedHashMap<>();
    int i = 0;
    for (String path : files.keySet()) {
      put.put(path, stored.get(i++));
    }
    commitStored(store, branch, put);
  }

  private void commitStored(Store store, String branch, Map<String, StoredFile> files) {
    List<TreeEdit> edits = new ArrayList<>();
    files.forEach(
        (path, file) -> edits.add(new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file))));
    var unused =
        new Committer(store, "ann", Instant.EPOCH)
            .commit(
                repo,
                branch,
                "",
                Committer.Empty.SKIPPED,
                before -> store.trees().edit(before, edits));
  }

  /** Each as an object of its own, or all in one pack. */
  private static List<StoredFile> stored(Store store, List<String> contents, boolean areWhole) {
    try (Packer packer = store.packer()) {
      List<PendingFile> files = new ArrayList<>();
      for (String content : contents) {
        Content bytes = Content.of(content.getBytes(UTF_8));
        files.add(areWhole ? packer.addWhole(bytes) : packer.add(bytes));
      }
      packer.flush();
      return files.stream().map(PendingFile::stored).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An object of its own that nothing names. */
  private void orphan(String content) {
    byte[] bytes = content.getBytes(UTF_8);
    WriteSession session = new WriteSession(storage, storage.process(Duration.ZERO));
    var unused = session.createObject(Sha256.of(bytes), Content.of(bytes));
  }

  private static void inThreads(List<String> contents, Consumer<String> doing) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (String content : contents) {
        tasks.add(
            () -> {
              doing.accept(content);
              return true;
            });
      }
      for (Future<Boolean> one : threads.invokeAll(tasks, MOST_SECONDS, TimeUnit.SECONDS)) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void delete(String branch) {
    Store store = open(storage, Duration.ZERO);
    Refs refs = store.repos().refs(repo);
    RefMove none = new RefMove(Optional.empty(), "ann", Instant.EPOCH, "", Optional.empty());
    if (refs.head(branch).exists()) {
      var unused = refs.delete(refs.head(branch), none);
    }
  }

  private List<RefHead> heads() {
    Store store = open(storage, Duration.ZERO);
    return store.repos().refs(repo).list();
  }

  private CommitId head(String branch) {
    Store store = open(storage, Duration.ZERO);
    return store.repos().refs(repo).head(branch).commit().orElseThrow();
  }

  private Map<String, String> read(CommitId commit) {
    Map<String, String> files = new LinkedHashMap<>();
    Store store = open(storage, Duration.ZERO);
    store
        .trees()
        .open(store.commits().read(commit).tree())
        .files()
        .forEach(
            file ->
                files.put(
                    file.path().text(), new String(store.files().readAll(file.file()), UTF_8)));
    return files;
  }
}
