// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps.Move;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.gc.Policy;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.CopiedResults;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
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
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncTest {

  private static final Sync.Options GENTLY =
      new Sync.Options("bob", Instant.parse("2026-11-24T12:00:00Z"), false, false);

  private final MemoryStorage here = new MemoryStorage();
  private final MemoryStorage there = new MemoryStorage();

  @BeforeEach
  void fill() {
    WholeStore.fill(here);
  }

  private static SyncReport push(Storage from, Storage to, String repo) {
    return Sync.copy(Store.open(from), Store.openOrCreate(to), repo, Optional.empty(), GENTLY);
  }

  @Test
  void aModelArrivesWithItsHistoryItsInputsAndWhatMadeIt() {
    SyncReport report = push(here, there, "model");

    assertThat(report.refs()).hasSize(1);
    assertThat(here.list(StoreLayout.LIVE_LOGS, Optional.empty(), 1)).isNotEmpty();
    assertThat(there.list(StoreLayout.LIVE_LOGS, Optional.empty(), 1)).isEmpty();
    assertThat(Fsck.check(there).damages()).isEmpty();
    Map<String, String> ours = readable(here, "model");
    assertThat(readable(there, "model")).isEqualTo(ours);
    assertThat(ours).hasSizeGreaterThan(10);
    assertThat(Store.open(there).repos().list())
        .containsExactlyElementsOf(
            Store.open(here).repos().list().stream()
                .filter(repo -> !repo.name().equals("old"))
                .toList());
  }

  @Test
  void everyBranchAndTagArrivesOnALocalStoreToo(@TempDir Path folder) {
    try (Storage local = StorageLocation.parse(folder.resolve("store").toUri().toString()).open()) {
      push(here, local, "data");
      assertThat(readable(local, "data")).isEqualTo(readable(here, "data"));
      assertThat(Fsck.check(local).damages()).isEmpty();

      // And back again, into a third store.
      push(local, there, "data");
      assertThat(readable(there, "data")).isEqualTo(readable(here, "data"));
    }
  }

  @Test
  void nothingIsSentTwice() {
    push(here, there, "data");
    FaultyStorage counted = new FaultyStorage(there);

    SyncReport again = push(here, counted, "data");

    assertThat(counted.count(FaultyStorage.Call.CREATE)).isZero();
    assertThat(again.commits() + again.nodes() + again.objects()).isZero();
  }

  @Test
  void ofASmallChangeLittleIsSent() {
    push(here, there, "data");
    change(here, "master", "/f/00042", "new");
    FaultyStorage counted = new FaultyStorage(there);

    SyncReport report = push(here, counted, "data");

    assertThat(report.commits()).isOne();
    assertThat(report.objects()).isOne();
    assertThat(report.bytes()).isEqualTo(3);
    // The object, a leaf and the root at most, the commit, the move of the branch.
    assertThat(counted.count(FaultyStorage.Call.CREATE)).isLessThanOrEqualTo(5);
    assertThat(readable(there, "data")).isEqualTo(readable(here, "data"));
  }

  @Test
  void ofAPackThatIsHardlyNeededOnlyTheNeededFilesAreSent() {
    Store store = Store.open(here);
    Repo repo = store.repos().create("few", "", "ann", Instant.EPOCH);
    Repo data = store.repos().require("data");
    CommitId head = store.repos().refs(data).head("v1").commit().orElseThrow();
    FileEntry first =
        store.trees().open(store.commits().read(head).tree()).files().findFirst().orElseThrow();
    var tree = store.trees().build(List.of(first).iterator());
    commit(store, repo, "master", tree.id());

    SyncReport report = push(here, there, "few");

    assertThat(report.bytes()).isEqualTo(first.size());
    assertThat(readable(there, "few")).isEqualTo(readable(here, "few"));
    assertThat(Fsck.check(there).damages()).isEmpty();
  }

  @Test
  void ofAPackThatMovedWhatIsNeededArrivesWhateverElseItsMapsLeadTo() {
    SortedSet<String> ours = journaled(here);
    Store store = Store.open(here);
    StoredFile log = anyLog(store);
    ObjectRef old = log.extents().get(0).object();
    StoredFile now = stored(store, "others, and " + text(store, log));
    Extent moved = new Extent(now.extents().get(0).object(), now.size() - log.size(), log.size());
    Extent gone = new Extent(ObjectRef.of(Sha256.of(new byte[9])), 0, 9);
    // Once to what is gone; and again, beside a part that nobody needs any more.
    store.session().createMap(old.id(), List.of(new Move(0, gone)));
    store.session().createMap(old.id(), List.of(new Move(0, moved), new Move(log.size(), gone)));
    here.delete(StoreLayout.object(old.id(), old.generation()));
    assertThat(journaled(here)).isEqualTo(ours);
    // The target has a map of its own under that name.
    Store target = Store.openOrCreate(there);
    target.session().createMap(old.id(), List.of(new Move(7, gone)));

    push(here, there, "model");
    push(here, there, "model");

    assertThat(told(there)).isEqualTo(ours);
    assertThat(Fsck.check(there).damages()).isEmpty();
    // Its own, and the one that leads to the bytes, once.
    assertThat(there.list("moved/", Optional.empty(), 9)).hasSize(2);
  }

  private static StoredFile anyLog(Store store) {
    List<StoredFile> logs = new ArrayList<>();
    for (Attempt attempt : store.attempts().newestFirst(Long.MAX_VALUE, 100)) {
      if (attempt.run().equals("r1")) {
        store.journals().read(attempt.number(), result -> result.log().ifPresent(logs::add));
      }
    }
    return logs.get(0);
  }

  private static String text(Store store, StoredFile file) {
    return new String(store.files().readAll(file), UTF_8);
  }

  @Test
  void killedAtAnyCallItGoesOn() {
    Map<String, String> ours = readable(here, "model");
    Random random = new Random(3);
    boolean killed = true;
    int kills = 0;
    for (int call = 1; killed; call += 1 + random.nextInt(6)) {
      FaultyStorage dying = new FaultyStorage(there);
      dying.trouble(call, random.nextBoolean() ? Trouble.DIE_BEFORE : Trouble.DIE_AFTER);
      killed = dies(() -> push(here, dying, "model"));
      kills += killed ? 1 : 0;
      if (kills % 10 == 0) {
        assertThat(Fsck.check(there).damages()).isEmpty();
      }
    }
    assertThat(kills).isGreaterThan(20);
    assertThat(readable(there, "model")).isEqualTo(ours);
    assertThat(Fsck.check(there).damages()).isEmpty();
    assertThat(told(there)).isEqualTo(journaled(here));
  }

  @Test
  void killedAfterAnythingThatItWritesTheJobOfEachCommitThatIsThereIsToldWhole() {
    SortedSet<String> ours = journaled(here);
    boolean killed = true;
    int kills = 0;
    for (int create = 1; killed; create++) {
      MemoryStorage target = new MemoryStorage();
      var unused = Store.openOrCreate(target);
      FaultyStorage dying =
          new FaultyStorage(target).trouble(FaultyStorage.Call.CREATE, create, Trouble.DIE_AFTER);

      killed = dies(() -> push(here, dying, "model"));

      kills += killed ? 1 : 0;
      assertThat(told(target)).isSubsetOf(ours);
      assertThat(untold(target)).as("after %s creates", create).isEmpty();
      push(here, target, "model");
      assertThat(told(target)).isEqualTo(ours);
      assertThat(Fsck.check(target).damages()).isEmpty();
    }
    assertThat(kills).isGreaterThan(20);
  }

  /** The runs whose commit is there, and their job is not told of with all of its results. */
  private static List<String> untold(Storage storage) {
    Store store = Store.open(storage);
    SortedSet<String> told = told(storage);
    List<String> untold = new ArrayList<>();
    for (Listed key : storage.list("commits/", Optional.empty(), 1_000)) {
      CommitId id = new CommitId(StoreLayout.digestOf(key.key()));
      store
          .commits()
          .read(id)
          .provenance()
          .map(made -> made.run())
          .filter(run -> !isToldWhole(run, told))
          .ifPresent(untold::add);
    }
    return untold;
  }

  private static boolean isToldWhole(String run, SortedSet<String> told) {
    long results = told.stream().filter(line -> line.contains(" log " + run)).count();
    return results == (run.equals("r1") ? 6 : 8)
        && told.stream().anyMatch(line -> line.startsWith("run {") && line.contains(run))
        && told.stream().anyMatch(line -> line.startsWith("states " + job(run)))
        && told.stream().anyMatch(line -> line.startsWith("attempt ") && line.contains(run));
  }

  private static boolean dies(Runnable push) {
    try {
      push.run();
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  // --- what is told of jobs and runs ---

  private static final List<String> RUNS = List.of("r1", "r2");

  private static Sha256 job(String run) {
    return Sha256.of(("job " + run).getBytes(UTF_8));
  }

  /** Attempts, states, results with their logs, and runs, as the store of the jobs has them. */
  private static SortedSet<String> journaled(Storage storage) {
    Store store = Store.open(storage);
    SortedSet<String> lines = new TreeSet<>();
    for (Attempt attempt : store.attempts().newestFirst(Long.MAX_VALUE, 100)) {
      if (RUNS.contains(attempt.run())) {
        lines.add("attempt " + attempt);
        lines.add("states " + attempt.job() + store.jobs().states(attempt.job()));
        store.journals().read(attempt.number(), result -> lines.add(line(store, result)));
      }
    }
    for (JsonNode run : store.runs().newestFirst(100)) {
      String id = run.path("run").asText();
      if (RUNS.contains(id)) {
        lines.add("run " + run + " " + store.runs().end(id));
      }
    }
    return lines;
  }

  /** The same, as another store was told. */
  private static SortedSet<String> told(Storage storage) {
    Store store = Store.open(storage);
    SortedSet<String> lines = new TreeSet<>();
    store.copies().jobs().forEach(job -> told(store, job, lines));
    store
        .copies()
        .runs()
        .forEach(run -> lines.add("run " + run.submission() + " " + Optional.of(run.end())));
    return lines;
  }

  private static void told(Store store, Sha256 job, SortedSet<String> lines) {
    JsonNode plan = store.jobs().plan(job).orElseThrow();
    JobCopy copy =
        store.copies().find(job, Instant.parse(plan.path("time").asText())).orElseThrow();
    copy.attempts().forEach(attempt -> lines.add("attempt " + attempt));
    lines.add("states " + job + copy.states());
    CopiedResults.forEach(copy, store.files(), result -> lines.add(line(store, result)));
  }

  private static String line(Store store, DatumResult result) {
    String log =
        result.log().map(file -> new String(store.files().readAll(file), UTF_8)).orElse(NO_LOG);
    return "result " + result.key() + " " + result.state() + " " + result.facts() + " " + log;
  }

  private static final String NO_LOG = "without its log";

  @Test
  void whatIsToldOfJobsAndTheirRunsGoesFromStoreToStoreAndIsToldOnce() {
    MemoryStorage third = new MemoryStorage();
    SortedSet<String> ours = journaled(here);
    assertThat(ours).hasSize(2 * (1 + 1 + 1) + 6 + 8);

    push(here, there, "model");
    push(there, third, "model");

    assertThat(told(there)).isEqualTo(ours);
    assertThat(told(third)).isEqualTo(ours);
    assertThat(there.list(StoreLayout.ATTEMPTS, Optional.empty(), 1)).isEmpty();
    assertThat(there.list(StoreLayout.RUNS, Optional.empty(), 1)).isEmpty();
    assertThat(Fsck.check(third).damages()).isEmpty();
    FaultyStorage counted = new FaultyStorage(third);
    push(here, counted, "model");
    assertThat(counted.count(FaultyStorage.Call.CREATE)).isZero();
  }

  @Test
  void pushesThatRaceTellTheSame() {
    boolean raced = true;
    int races = 0;
    for (int call = 5; raced; call += 11) {
      MemoryStorage target = new MemoryStorage();
      var unused = Store.openOrCreate(target);
      FaultyStorage slow = new FaultyStorage(target);
      slow.meanwhile(call, FaultyStorage.When.BEFORE_IT_HAPPENS, () -> push(here, target, "model"));

      push(here, slow, "model");

      raced = !slow.hasOrders();
      races += raced ? 1 : 0;
      assertThat(told(target)).isEqualTo(journaled(here));
      assertThat(Fsck.check(target).damages()).isEmpty();
    }
    assertThat(races).isGreaterThan(5);
  }

  @Test
  void aJobWhoseRunIsUnderWayIsToldByTheNextPush() {
    deleteAll(here, StoreLayout.runLog("r2"));
    new Leases(here).renew("r2", GENTLY.at());

    push(here, there, "model");

    assertThat(told(there))
        .isNotEmpty()
        .noneMatch(line -> line.contains("log r2") || line.contains("\"r2\""))
        .noneMatch(line -> line.contains(job("r2").hex()));
    assertThat(Fsck.check(there).damages()).isEmpty();
    Store.open(here)
        .runs()
        .record("r2", CanonicalJson.object().put("state", "SUCCESS").put("at", "later"));
    SyncReport again = push(here, there, "model");
    assertThat(again.commits()).isZero();
    assertThat(told(there)).isEqualTo(journaled(here));
  }

  @Test
  void aStoreThatAnEarlierVersionPushedToIsToldOfTheHead() {
    push(here, there, "model");
    deleteAll(there, "copies/");

    push(here, there, "model");

    assertThat(told(there))
        .isEqualTo(
            journaled(here).stream()
                .filter(line -> !line.contains("log r1") && !line.contains("\"r1\""))
                .filter(line -> !line.contains(job("r1").hex()))
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void whatGarbageCollectionTookIsLeftOut() {
    deleteAll(here, StoreLayout.JOURNALS);

    push(here, there, "model");

    assertThat(told(there)).hasSize(2 * 3).noneMatch(line -> line.startsWith("result"));
    assertThat(Fsck.check(there).damages()).isEmpty();
  }

  @Test
  void whenGarbageCollectionTakesOfTheSourceMeanwhileNothingIsToldWrong(@TempDir Path scratch) {
    boolean met = true;
    int times = 0;
    for (int call = 1; met; call += 17) {
      MemoryStorage source = new MemoryStorage();
      MemoryStorage target = new MemoryStorage();
      WholeStore.fill(source);
      SortedSet<String> right = withAndWithoutLogs(journaled(source));
      FaultyStorage slow = new FaultyStorage(source);
      slow.meanwhile(call, FaultyStorage.When.BEFORE_IT_HAPPENS, () -> collect(source, scratch));

      Optional<EnvironmentFault> refused = refused(() -> push(slow, target, "model"));

      met = !slow.hasOrders();
      times += met ? 1 : 0;
      assertThat(refused).as("after " + call + " calls").isEmpty();
      assertThat(Fsck.check(target).damages()).isEmpty();
      assertThat(told(target)).isSubsetOf(right);
      assertThat(told(target).stream().filter(line -> line.startsWith("states"))).hasSize(2);
    }
    assertThat(times).isGreaterThan(10);
  }

  private static SortedSet<String> withAndWithoutLogs(SortedSet<String> lines) {
    SortedSet<String> both = new TreeSet<>(lines);
    lines.forEach(line -> both.add(line.replaceFirst("(?s)(} )log .*", "$1" + NO_LOG)));
    return both;
  }

  private static Optional<EnvironmentFault> refused(Runnable push) {
    try {
      push.run();
      return Optional.empty();
    } catch (EnvironmentFault e) {
      return Optional.of(e);
    }
  }

  /** Deletes all that may ever go. */
  private static void collect(Storage storage, Path scratch) {
    Policy none = new Policy(Duration.ZERO, Duration.ZERO, Duration.ZERO, 50, "tester");
    boolean swept = false;
    while (!swept) {
      try (Store store = Store.open(storage)) {
        swept = new Collector(store, none, scratch).collect().swept().isPresent();
      }
    }
  }

  @Test
  void whatTheTargetKnowsOfAJobByItselfStays() {
    push(here, there, "model");
    deleteAll(there, "copies/");
    Store store = Store.open(there);
    store.jobs().record(job("r2"), CanonicalJson.object().put("state", "SUBMITTED"));

    push(here, there, "model");

    assertThat(told(there)).isEmpty();
    assertThat(store.jobs().states(job("r2"))).hasSize(1);
  }

  @Test
  void damageToWhatIsToldIsFound() {
    push(here, there, "model");
    for (String space : List.of(StoreLayout.JOB_COPIES, StoreLayout.RUN_COPIES)) {
      StorageKey key = there.list(space, Optional.empty(), 1).get(0).key();
      byte[] sound = there.read(key, 0, 1 << 20);
      Things.Injection.FLIP.into(there, key, new Random(2));

      assertThat(Fsck.check(there).damages())
          .singleElement()
          .matches(damage -> damage.key().equals(key));

      there.delete(key);
      assertThat(there.createIfAbsent(key, Content.of(sound))).isNotNull();
    }
    assertThat(Fsck.check(there).damages()).isEmpty();
  }

  private static void deleteAll(Storage storage, String prefix) {
    storage.list(prefix, Optional.empty(), 1_000).forEach(key -> storage.delete(key.key()));
  }

  @Test
  void aDamagedObjectIsRefusedByNameAndNothingOfItIsPublished() {
    Store store = Store.open(here);
    Repo data = store.repos().require("data");
    CommitId head = store.repos().refs(data).head("odd").commit().orElseThrow();
    FileEntry large =
        store.trees().open(store.commits().read(head).tree()).find(new FilePath("/large")).get();
    StorageKey key = StoreLayout.object(large.sha256(), 0);
    Things.Injection.FLIP.into(here, key, new Random(1));

    assertThatThrownBy(() -> push(here, there, "data"))
        .isInstanceOf(DamagedObject.class)
        .hasMessageContaining(key.text());

    assertThat(Store.open(there).repos().list()).isEmpty();
    assertThat(Fsck.check(there).damages()).isEmpty();
  }

  @Test
  void aBranchThatWentElsewhereIsRefusedAndMovesByForceWithItsTrailKept() {
    push(here, there, "data");
    change(there, "master", "/f/00001", "theirs");
    change(here, "master", "/f/00002", "ours");
    CommitId theirs = head(there, "master");

    assertThatThrownBy(() -> push(here, there, "data"))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining(
            "The branch \"data@master\" in memory: has commits that ours does not");
    assertThat(head(there, "master")).isEqualTo(theirs);

    Sync.Options force = new Sync.Options("bob", Instant.EPOCH, true, false);
    SyncReport report =
        Sync.copy(Store.open(here), Store.open(there), "data", Optional.of("master"), force);

    assertThat(report.refs()).singleElement().matches(SyncReport.RefChange::forced);
    assertThat(head(there, "master")).isEqualTo(head(here, "master"));
    Repo data = Store.open(there).repos().require("data");
    assertThat(Store.open(there).repos().refs(data).moves("master", 1).get(0).from())
        .contains(theirs);
  }

  @Test
  void anotherRepoOfTheNameIsRefused() {
    var unused =
        Store.openOrCreate(there)
            .repos()
            .create("data", "", "eve", Instant.parse("2020-01-01T00:00:00Z"));

    assertThatThrownBy(() -> push(here, there, "data"))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("memory: has another repo \"data\"")
        .hasMessageContaining("eve");
    assertThat(Things.keys(there)).hasSize(2);
  }

  @Test
  void aTagThatIsAnotherIsRefused() {
    push(here, there, "data");
    Store store = Store.open(there);
    Refs refs = store.repos().refs(store.repos().require("data"));
    RefMove move =
        new RefMove(Optional.of(head(there, "master")), "eve", Instant.EPOCH, "", Optional.empty());
    var unused = refs.move(refs.head("v1"), RefKind.TAG, move);

    assertThatThrownBy(() -> push(here, there, "data"))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("\"data@v1\"");
  }

  @Test
  void aTrialWritesNothing() {
    var unused = Store.openOrCreate(there);
    FaultyStorage counted = new FaultyStorage(there);
    Sync.Options trial = new Sync.Options("bob", Instant.EPOCH, false, true);

    SyncReport report =
        Sync.copy(Store.open(here), Store.open(counted), "model", Optional.empty(), trial);

    assertThat(counted.count(FaultyStorage.Call.CREATE)).isZero();
    assertThat(report.commits()).isEqualTo(push(here, there, "model").commits());
  }

  private CommitId head(Storage storage, String branch) {
    Store store = Store.open(storage);
    return store.repos().refs(store.repos().require("data")).head(branch).commit().orElseThrow();
  }

  private static void change(Storage storage, String branch, String path, String content) {
    Store store = Store.open(storage);
    Repo data = store.repos().require("data");
    CommitId head = store.repos().refs(data).head(branch).commit().orElseThrow();
    var tree = store.trees().open(store.commits().read(head).tree());
    FileEntry file = FileEntry.of(new FilePath(path), false, stored(store, content));
    commit(store, data, branch, store.trees().edit(tree, List.of(new TreeEdit.Put(file))).id());
  }

  private static StoredFile stored(Store store, String content) {
    try (Packer packer = store.packer()) {
      var pending = packer.add(Content.of(content.getBytes(UTF_8)));
      packer.flush();
      return pending.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void commit(
      Store store, Repo repo, String branch, io.beamwright.versioning.Sha256 tree) {
    Refs refs = store.repos().refs(repo);
    RefHead head = refs.head(branch);
    var commit =
        new io.beamwright.versioning.commit.Commit(
            repo.name(),
            repo.id(),
            head.commit().stream().toList(),
            head.commit().map(id -> store.commits().read(id).depth() + 1).orElse(0L),
            tree,
            Optional.empty(),
            "ann",
            Instant.EPOCH,
            "",
            Optional.empty());
    CommitId id = store.commits().write(commit);
    RefMove move = new RefMove(Optional.of(id), "ann", Instant.EPOCH, "", Optional.empty());
    var unused = refs.move(head, RefKind.BRANCH, move);
  }

  /** All lines of {@link Everything} of the commits that a repo's refs need, and what refs name. */
  private static Map<String, String> readable(Storage storage, String repo) {
    Store store = Store.open(storage);
    Repo found = store.repos().require(repo);
    Map<String, String> readable = new TreeMap<>();
    for (RefHead head : store.repos().refs(found).list()) {
      readable.put(
          head.name() + " " + head.entry().orElseThrow().kind(), String.valueOf(head.commit()));
    }
    Map<String, String> lines =
        Everything.neededBy(storage, repo).stream()
            .collect(Collectors.toMap(line -> line, l -> ""));
    readable.putAll(lines);
    return readable;
  }
}
