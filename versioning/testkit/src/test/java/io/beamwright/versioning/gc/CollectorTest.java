// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.LogSegment;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
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
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration WINDOW = Duration.ofHours(3);

  @TempDir private Path scratch;

  private final VirtualTime time = new VirtualTime();
  private final MemoryStorage storage = new MemoryStorage(time);
  private final Repo repo = create();

  private Repo create() {
    try (Store store = Store.openOrCreate(storage)) {
      return store.repos().create("r", "", "ann", time.instant());
    }
  }

  @Test
  void aListStandsForItsGraceAndThenGoes() {
    commit("master", "/a", "needed");
    orphan("not needed");

    Collection listed = collect();
    assertThat(listed.listed().orElseThrow().totals().get("objects"))
        .isEqualTo(new Amount(1, "not needed".length()));
    assertThat(objects()).hasSize(2);

    time.pass(GRACE.minusMinutes(1));
    Collection waiting = collect();
    assertThat(waiting.waiting().orElseThrow().sweepFrom())
        .isEqualTo(listed.listed().get().sweepFrom());
    assertThat(objects()).hasSize(2);

    time.pass(Duration.ofMinutes(2));
    Collection swept = collect();
    assertThat(swept.swept().orElseThrow().deleted().get("objects"))
        .isEqualTo(new Amount(1, "not needed".length()));
    assertThat(objects()).hasSize(1);
    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "needed"));
  }

  @Test
  void aDryRunSaysTheSameAndWritesNothing() {
    commit("master", "/a", "needed");
    orphan("not needed");
    time.pass(Duration.ofSeconds(1));
    List<String> before = keys();

    Collection would = collector(WINDOW).dryRun();

    assertThat(keys()).isEqualTo(before);
    assertThat(would.listed().orElseThrow().totals())
        .isEqualTo(collect().listed().orElseThrow().totals());
    time.pass(GRACE.plusMinutes(1));
    before = keys();
    Collection wouldSweep = collector(WINDOW).dryRun();
    assertThat(keys()).isEqualTo(before);
    assertThat(wouldSweep.swept().orElseThrow().deleted().get("objects"))
        .isEqualTo(collect().swept().orElseThrow().deleted().get("objects"));
  }

  @Test
  void whatIsNeededAgainIsNotDeleted() {
    StoredFile file = orphan("comes back");
    var unused = collect();
    commitStored("master", "/a", file);
    time.pass(GRACE.plusMinutes(1));

    Collection swept = collect();

    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "comes back"));
    assertThat(swept.swept().orElseThrow().cameBack()).isLessThanOrEqualTo(1);
  }

  @Test
  void whatABranchNamedBeforeIsKeptForAWindowAndNotLonger() {
    CommitId gone = commit("other", "/a", "of a deleted branch");
    time.pass(Duration.ofHours(5));
    delete("other");
    collectTwice();
    assertThat(read(gone)).isEqualTo(Map.of("/a", "of a deleted branch"));

    time.pass(WINDOW);
    collectTwice();
    assertThat(objects()).isEmpty();
    assertThatThrownBy(() -> read(gone)).hasMessageContaining(gone.hex());
  }

  @Test
  void refsOfADeletedRepoAreFollowedForAWindow() {
    commit("master", "/a", "of a deleted repo");
    try (Store store = open()) {
      store.repos().delete(repo, "ann", time.instant());
    }
    collectTwice();
    assertThat(objects()).hasSize(1);

    time.pass(WINDOW);
    collectTwice();
    assertThat(objects()).isEmpty();
  }

  @Test
  void aStoreThatMissesANodeIsNotCollected() {
    commit("master", "/a", "needed");
    orphan("not needed");
    String node = storage.list("trees/", Optional.empty(), 1).get(0).key().text();
    storage.delete(new StorageKey(node));

    assertThatThrownBy(this::collect)
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageStartingWith("Nothing is collected: ")
        .hasMessageContaining(node)
        .hasMessageContaining("commit " + head("master").brief() + " of r")
        .extracting(fault -> ((EnvironmentFault) fault).remedy())
        .asString()
        .contains("beamwright fsck");
    assertThat(keys().stream().filter(key -> key.startsWith("condemned/"))).isEmpty();
  }

  @Test
  void aListThatIsDamagedIsWithdrawnAndNothingIsDeleted() {
    orphan("not needed");
    var unused = collect();
    String part = storage.list("condemned/", Optional.empty(), 1).get(0).key().text();
    storage.delete(new StorageKey(part));
    time.pass(GRACE.plusMinutes(1));

    Collection again = collect();

    assertThat(again.withdrawn().orElseThrow()).contains(part + ", which tells writers");
    assertThat(again.swept()).isEmpty();
    assertThat(again.listed()).isPresent();
    assertThat(objects()).hasSize(1);
    time.pass(GRACE.plusMinutes(1));
    unused = collect();
    assertThat(objects()).isEmpty();
  }

  @Test
  void ofTwoThatSweepOneIsRefused() {
    orphan("not needed");
    var unused = collect();
    time.pass(GRACE.plusMinutes(1));
    FaultyStorage seen = new FaultyStorage(storage);
    seen.meanwhile(
        FaultyStorage.Call.DELETE,
        2,
        FaultyStorage.When.BEFORE_IT_HAPPENS,
        () ->
            assertThatThrownBy(this::collect)
                .isInstanceOf(ConflictFault.class)
                .hasMessageContaining("may still be at it"));

    Collection swept = collector(Store.open(new WriteSession(seen)), WINDOW, 50).collect();

    assertThat(swept.swept()).isPresent();
    assertThat(seen.count(FaultyStorage.Call.DELETE)).isGreaterThan(1);
  }

  @Test
  void aPackThatIsMostlyDeadIsRewrittenAndItsFilesAreFoundInTheNewOne() {
    commitTen();
    commitSome("kept", List.of("/0", "/1"));
    String pack = objects().get(0);
    delete("master");
    time.pass(WINDOW.plusMinutes(1));

    Collection listed = collect();
    assertThat(listed.listed().orElseThrow().rewritten().things()).isEqualTo(1);
    time.pass(GRACE.plusMinutes(1));
    var unused = collect();

    assertThat(objects()).hasSize(1).doesNotContain(pack);
    assertThat(read(head("kept")))
        .isEqualTo(Map.of("/0", "content number 0", "/1", "content number 1"));
    long bytes = storage.list("objects/", Optional.empty(), 9).get(0).size();
    assertThat(bytes).isEqualTo(2L * "content number 0".length());
    collectTwice();
    assertThat(read(head("kept"))).hasSize(2);
  }

  @Test
  void oldCommitsLoseTheirFilesByTheRuleOfTheirRepoAndNothingElse() {
    CommitId first = commit("master", "/a", "one");
    CommitId second = commit("master", "/a", "two");
    tag("v2", second);
    CommitId third = commit("master", "/a", "three");
    CommitId fourth = commit("master", "/a", "four");
    rule(new Retention(OptionalInt.of(2), OptionalInt.empty(), false, "bob", time.instant()));
    time.pass(WINDOW.plusMinutes(1));

    Collection listed = collect();
    assertThat(listed.listed().orElseThrow().letGo())
        .extracting(DroppedCommit::commit)
        .containsExactly(first);
    time.pass(GRACE.plusMinutes(1));
    var unused = collect();

    assertThat(read(second)).isEqualTo(Map.of("/a", "two"));
    assertThat(read(third)).isEqualTo(Map.of("/a", "three"));
    assertThat(read(fourth)).isEqualTo(Map.of("/a", "four"));
    try (Store store = open()) {
      assertThat(store.commits().read(first).message()).isEmpty();
      assertThatThrownBy(() -> store.history().files(store.commits().read(first)))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("commit " + first.brief() + " of r were dropped on ")
          .hasMessageContaining("by the rule of bob: keep the last 2 of each branch");
      Refs refs = store.repos().refs(repo);
      assertThatThrownBy(() -> refs.move(refs.head("new"), RefKind.BRANCH, to(first)))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("were dropped on");
    }
    assertThat(objects()).hasSize(3);
    // It goes on so: what was dropped is no damage.
    collectTwice();
    assertThat(read(fourth)).isEqualTo(Map.of("/a", "four"));
  }

  @Test
  void byDaysCommitsAreKeptThatAreYoungerAndWithDropDataTreesStay() {
    CommitId first = commit("master", "/a", "one");
    time.pass(Duration.ofDays(3));
    CommitId second = commit("master", "/a", "two");
    time.pass(Duration.ofDays(1));
    commit("master", "/a", "three");
    rule(new Retention(OptionalInt.empty(), OptionalInt.of(2), true, "bob", time.instant()));
    time.pass(WINDOW.plusMinutes(1));
    collectTwice();

    assertThat(read(second)).isEqualTo(Map.of("/a", "two"));
    try (Store store = open()) {
      FileEntry file =
          store.history().files(store.commits().read(first)).find(new FilePath("/a")).orElseThrow();
      assertThat(file.size()).isEqualTo(3);
      assertThatThrownBy(() -> store.files().readAll(file.file())).hasMessageContaining("absent");
      assertThatThrownBy(() -> store.droppedCommits().refuseWithoutBytes(first))
          .hasMessageContaining("keep 2 days, drop data alone");
    }
  }

  @Test
  void resultsAreKeptWhileTheyAreYoung() {
    DatumResult result = runDatum("an output", "a log");
    collectTwice();
    assertThat(known(result)).isPresent();

    time.pass(WINDOW);
    collectTwice();
    time.pass(WINDOW);
    collectTwice();
    assertThat(known(result)).isEmpty();
    // The JSON of the result alone: its tree is a root.
    assertThat(objects()).hasSize(1);
  }

  @Test
  void aResultThatIsCondemnedIsNotReused() {
    DatumResult result = runDatum("an output", "a log");
    time.pass(WINDOW.multipliedBy(2));
    var unused = collect();
    assertThat(objects().size()).isGreaterThan(1);

    assertThat(known(result)).isEmpty();
  }

  @Test
  void aRunThatLivesKeepsItsJournalsPlansAndInputs() {
    CommitId input = commit("input", "/a", "an input");
    delete("input");
    new Leases(storage).renew("run1", time.instant());
    try (Store store = open()) {
      store
          .runs()
          .begin(
              CanonicalJson.object()
                  .put("run", "run1")
                  .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                      "inputs", CanonicalJson.object().put("input@master", input.hex())));
      Attempt attempt = store.attempts().begin(job(), "run1", "s", time.instant(), 1, 1);
      store.journals().write(attempt.number(), List.of(result("an output", "a log")));
    }
    for (int i = 0; i < 5; i++) {
      time.pass(WINDOW);
      new Leases(storage).renew("run1", time.instant());
      collectTwice(() -> new Leases(storage).renew("run1", time.instant()));
    }
    assertThat(read(input)).isEqualTo(Map.of("/a", "an input"));

    new Leases(storage).end("run1", time.instant());
    time.pass(WINDOW);
    collectTwice();
    assertThatThrownBy(() -> read(input)).hasMessageContaining(input.hex());
  }

  // --- what programs print while they run ---

  @Test
  void theLiveLogOfAnAttemptThatEndedGoesAfterTheGrace() {
    long ended = printing("run1");
    long running = printing("run2");
    end(ended, "SUCCESS");
    orphan("so that there is a list");

    collectTwice();

    assertThat(printed(ended)).isZero();
    assertThat(printed(running)).isEqualTo(2);
  }

  @Test
  void whatWasPrintedWithinTheGraceStays() {
    orphan("so that there is a list");
    var listed = collect();
    time.pass(GRACE.plusMinutes(1));
    long ended = printing("run1");
    end(ended, "FAILURE");

    var swept = collect();

    assertThat(listed.listed()).isPresent();
    assertThat(swept.swept()).isPresent();
    assertThat(printed(ended)).isEqualTo(2);
  }

  @Test
  void anEntryOfAJobThatIsNoEndEndsNothing() {
    long attempt = printing("run1");
    end(attempt, "STOPPING");
    end(printing("run2"), "SUCCESS");
    orphan("so that there is a list");

    collectTwice();

    assertThat(printed(attempt)).isEqualTo(2);
  }

  @Test
  void theEndOfItsRunEndsAnAttempt() {
    long attempt = printing("run1");
    try (Store store = open()) {
      store.runs().record("run1", CanonicalJson.object().put("state", "FAILURE"));
    }
    orphan("so that there is a list");

    collectTwice();

    assertThat(printed(attempt)).isZero();
  }

  @Test
  void anAttemptThatNeverEndsAndPrintsNothingForAWindowIsTakenForDead() {
    long killed = printing("run1");
    time.pass(WINDOW);
    long other = printing("run2");
    orphan("so that there is a list");

    collectTwice();

    assertThat(printed(killed)).isZero();
    assertThat(printed(other)).isEqualTo(2);
  }

  /** An attempt whose datum has printed two segments. */
  private long printing(String run) {
    try (Store store = open()) {
      long attempt = store.attempts().begin(job(), run, "s", time.instant(), 1, 1).number();
      LogSegment.Stream stream = new LogSegment.Stream(Sha256.of(new byte[0]), run, 1);
      for (int i = 0; i < 2; i++) {
        boolean unused = store.liveLog(attempt).append(new LogSegment(stream, i, new byte[1]));
      }
      return attempt;
    }
  }

  private void end(long attempt, String state) {
    try (Store store = open()) {
      store
          .jobs()
          .record(job(), CanonicalJson.object().put("attempt", attempt).put("state", state));
    }
  }

  private int printed(long attempt) {
    return storage.list(StoreLayout.liveLog(attempt) + "/", Optional.empty(), 10).size();
  }

  @Test
  void aRunThatLivesFindsTheOldResultsThatItPlannedToReuse() {
    DatumResult result = runDatum("an output", "a log");
    time.pass(WINDOW.multipliedBy(2));
    Leases leases = new Leases(storage);
    leases.renew("run2", time.instant());
    try (Store store = open()) {
      ObjectNode datum = CanonicalJson.object().put("key", result.key().hex());
      ObjectNode plan = CanonicalJson.object().put("datums", 1);
      plan.putArray("segments").add(stored(store, CanonicalJson.text(datum), true).toJson());
      Sha256 job = Sha256.of("another job".getBytes(UTF_8));
      var unused = store.jobs().fixPlan(job, plan);
      var attempt = store.attempts().begin(job, "run2", "s", time.instant(), 1, 0);
      assertThat(attempt.toRun()).isZero();
    }
    collectTwice(() -> leases.renew("run2", time.instant()));
    assertThat(known(result)).isPresent();

    leases.end("run2", time.instant());
    time.pass(WINDOW.multipliedBy(2));
    collectTwice();
    assertThat(known(result)).isEmpty();
  }

  @Test
  void aWriterThatLooksPaysOneRequestWhereNothingWasEverCollected() {
    FaultyStorage seen = new FaultyStorage(storage);
    WriteSession session = Store.open(new WriteSession(seen)).session();
    // The format, and the features.
    assertThat(seen.count(FaultyStorage.Call.READ)).isEqualTo(1);
    assertThat(seen.count(FaultyStorage.Call.LIST)).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      byte[] bytes = {(byte) i};
      var unused = session.createObject(Sha256.of(bytes), Content.of(bytes));
    }
    assertThat(seen.count(FaultyStorage.Call.LIST)).isEqualTo(2);
    assertThat(seen.count(FaultyStorage.Call.READ)).isEqualTo(1);
  }

  // --- writers beside collections ---

  @Test
  void whatIsCondemnedIsStoredAgainInTheNextGeneration() {
    orphan("both");
    time.pass(Duration.ofMinutes(6));
    var unused = collect();

    commit("master", "/a", "both");

    assertThat(keys().stream().filter(key -> key.startsWith("objects/")))
        .hasSize(2)
        .anyMatch(key -> key.endsWith("-1"));
    sweep();
    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "both"));
    assertThat(objects()).hasSize(1);
  }

  @Test
  void whatAWriterPublishesBeforeItCouldKnowOfTheListIsNotDeleted() {
    orphan("both");
    time.pass(Duration.ofMinutes(6));
    try (Store early = open()) {
      StoredFile file = stored(early, "both", true);
      var unused = collect();
      commit(early, "master", file);
    }
    assertThat(objects()).hasSize(1);
    assertThat(sweep().cameBack()).isEqualTo(1);
    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "both"));
  }

  @Test
  void aWriterThatLearnsOfTheListLateStoresAgainWhatIsOnIt() {
    orphan("both");
    time.pass(Duration.ofMinutes(6));
    try (Store early = open()) {
      StoredFile file = stored(early, "both", true);
      var unused = collect();
      time.pass(GRACE.minusMinutes(1));
      commit(early, "master", file);
    }
    assertThat(keys()).anyMatch(key -> key.startsWith("objects/") && key.endsWith("-1"));
    sweep();
    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "both"));
  }

  @Test
  void aWriterThatSleptThroughACollectionIsToldThatWhatItHadIsGone() {
    orphan("both");
    time.pass(Duration.ofMinutes(6));
    try (Store early = open()) {
      StoredFile file = stored(early, "both", true);
      var unused = collect();
      sweep();

      assertThatThrownBy(() -> commit(early, "master", file))
          .isInstanceOf(ConflictFault.class)
          .hasMessageContaining("garbage collection may have deleted it meanwhile");
    }
  }

  @Test
  void aBranchThatIsMadeAtACondemnedCommitIsWhole() {
    CommitId gone = commit("other", "/a", "of a deleted branch");
    delete("other");
    time.pass(WINDOW.plusMinutes(1));
    var unused = collect();
    try (Store store = open()) {
      Refs refs = store.repos().refs(repo);
      var unusedMove = refs.move(refs.head("again"), RefKind.BRANCH, to(gone));
    }
    // Published while a sweep is past its second mark, as far as that can tell.
    FaultyStorage seen = new FaultyStorage(storage);
    time.pass(GRACE.plusMinutes(1));
    var swept = collector(Store.open(new WriteSession(seen)), WINDOW, 50).collect();

    assertThat(swept.swept().orElseThrow().cameBack()).isPositive();
    assertThat(read(head("again"))).isEqualTo(Map.of("/a", "of a deleted branch"));
  }

  @Test
  void aBranchThatIsMadeAtACondemnedCommitDuringTheSweepIsWhole() {
    CommitId gone = commit("other", "/a", "of a deleted branch");
    delete("other");
    time.pass(WINDOW.plusMinutes(1));
    var unused = collect();
    time.pass(GRACE.plusMinutes(1));
    FaultyStorage seen = new FaultyStorage(storage);
    seen.meanwhile(
        FaultyStorage.Call.DELETE,
        // The first is that of the clock; all has been marked before the second.
        2,
        FaultyStorage.When.BEFORE_IT_HAPPENS,
        () -> {
          try (Store store = open()) {
            Refs refs = store.repos().refs(repo);
            var unusedMove = refs.move(refs.head("again"), RefKind.BRANCH, to(gone));
          }
        });

    var swept = collector(Store.open(new WriteSession(seen)), WINDOW, 50).collect();

    assertThat(swept.swept().orElseThrow().deleted())
        .hasEntrySatisfying("commits", commits -> assertThat(commits.things()).isEqualTo(1));
    assertThat(read(head("again"))).isEqualTo(Map.of("/a", "of a deleted branch"));
  }

  @Test
  void aBranchThatIsMadeDuringTheSweepAtFilesThatMovedBeforeIsWhole() {
    CommitId gone = movedOnce();
    delete("other");
    time.pass(WINDOW.plusMinutes(1));
    // What they were moved to is mostly dead now. The map that leads there stays, for `kept`.
    assertThat(collect().listed().orElseThrow().rewritten().things()).isEqualTo(1);

    sweepWhileABranchIsMadeAt(gone);

    assertThat(read(head("again"))).isEqualTo(CONTENTS_1_AND_2);
    assertThat(read(head("kept"))).isEqualTo(Map.of("/0", "content number 0"));
  }

  @Test
  void aBranchThatIsMadeDuringTheSweepAtFilesThatOneOfTwoMapsLeadsToIsWhole() {
    commitTen();
    commitSome("kept", List.of("/0"));
    deleteMasterAndCollect();
    // The pack comes back, and is moved again, for more than before.
    CommitId gone = movedOnce();
    delete("other");
    time.pass(WINDOW.plusMinutes(1));
    Collection listed = collect();
    assertThat(listed.listed().orElseThrow().totals())
        .hasEntrySatisfying("moved", maps -> assertThat(maps.things()).isEqualTo(1));
    assertThat(keys().stream().filter(key -> key.startsWith("moved/"))).hasSize(2);

    sweepWhileABranchIsMadeAt(gone);

    assertThat(read(head("again"))).isEqualTo(CONTENTS_1_AND_2);
    assertThat(read(head("kept"))).isEqualTo(Map.of("/0", "content number 0"));
    collectTwice();
    assertThat(read(head("again"))).isEqualTo(CONTENTS_1_AND_2);
  }

  /** One thread makes sure of what a commit names, and another looks what became of the list. */
  @Test
  @Timeout(60)
  void whatMakesSureAndWhatLooksDoNotWaitForEachOther() {
    CommitId parent = commit("master", "/a", "needed");
    CommitId gone = commit("other", "/a", "of a deleted branch");
    delete("other");
    time.pass(WINDOW.plusMinutes(1));
    var unused = collect();
    FaultyStorage seen = new FaultyStorage(storage);
    WriteSession session = new WriteSession(seen, time.process(Duration.ZERO));
    Store store = Store.open(session);
    session.beforePublishing();
    List<Thread> others = new ArrayList<>();
    seen.meanwhile(
        FaultyStorage.Call.LIST,
        seen.count(FaultyStorage.Call.LIST) + 1,
        FaultyStorage.When.BEFORE_IT_HAPPENS,
        () -> {
          time.pass(GRACE.plusMinutes(1));
          var unusedSweep = collect();
          Thread look = new Thread(session::beforePublishing);
          look.start();
          others.add(look);
          // Until it has looked, or waits for this one.
          awaitThat(() -> !look.isAlive() || look.getState() == Thread.State.BLOCKED);
        });

    assertThatThrownBy(
            () ->
                store
                    .commits()
                    .write(
                        new Commit(
                            "r",
                            repo.id(),
                            List.of(parent),
                            1,
                            tree(gone),
                            Optional.empty(),
                            "ann",
                            Instant.EPOCH,
                            "",
                            Optional.empty())))
        .isInstanceOf(ConflictFault.class);

    assertThat(seen.hasOrders()).isFalse();
    awaitThat(() -> others.stream().noneMatch(Thread::isAlive));
  }

  private static void awaitThat(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aBranchThatIsMadeDuringTheSweepAtATreeThatIsKeptWithoutItsBytesIsWhole() {
    commit("master", "/a", "one");
    commit("other", "/a", "before it");
    CommitId gone = commit("other", "/a", "one");
    assertThat(tree(gone)).isEqualTo(tree(head("master")));
    delete("other");
    commit("master", "/a", "two");
    rule(new Retention(OptionalInt.of(1), OptionalInt.empty(), true, "bob", time.instant()));
    time.pass(WINDOW.plusMinutes(1));
    assertThat(collect().listed().orElseThrow().letGo()).hasSize(1);

    sweepWhileABranchIsMadeAt(gone);

    assertThat(read(head("again"))).isEqualTo(Map.of("/a", "one"));
  }

  private static final Map<String, String> CONTENTS_1_AND_2 =
      Map.of("/1", "content number 1", "/2", "content number 2");

  private void sweepWhileABranchIsMadeAt(CommitId commit) {
    time.pass(GRACE.plusMinutes(1));
    FaultyStorage seen = new FaultyStorage(storage);
    seen.meanwhile(
        FaultyStorage.Call.DELETE,
        // The first is that of the clock; all has been marked before the second.
        2,
        FaultyStorage.When.BEFORE_IT_HAPPENS,
        () -> {
          try (Store store = open()) {
            Refs refs = store.repos().refs(repo);
            var unusedMove = refs.move(refs.head("again"), RefKind.BRANCH, to(commit));
          }
        });
    var swept = collector(Store.open(new WriteSession(seen)), WINDOW, 50).collect();
    assertThat(swept.swept().orElseThrow().deleted())
        .hasEntrySatisfying("objects", objects -> assertThat(objects.things()).isPositive());
    assertThat(seen.hasOrders()).as("waits for another call").isFalse();
  }

  /** Files of two branches in a pack that was moved once; the commit of `other`. */
  private CommitId movedOnce() {
    commitTen();
    commitSome("kept", List.of("/0"));
    CommitId other = commitSome("other", List.of("/1", "/2"));
    deleteMasterAndCollect();
    return other;
  }

  private void deleteMasterAndCollect() {
    delete("master");
    time.pass(WINDOW.plusMinutes(1));
    collectTwice();
  }

  /** Ten files of one size in one pack. */
  private void commitTen() {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      files.put("/" + i, "content number " + i);
    }
    commitPacked("master", files);
  }

  /** A commit of files that `master` has. */
  private CommitId commitSome(String branch, List<String> paths) {
    try (Store store = open()) {
      List<FileEntry> files =
          store
              .trees()
              .open(tree(head("master")))
              .files()
              .filter(file -> paths.contains(file.path().text()))
              .toList();
      return commit(store, branch, before -> store.trees().build(files.iterator()));
    }
  }

  @Test
  void aNodeThatADeadWriterLeftIsWholeForWhoeverFindsIt() {
    // A pack that nothing needs, and a node newer than the list that names a part of it.
    time.pass(Duration.ofMinutes(6));
    try (Store dead = open()) {
      List<StoredFile> packed = packed(dead, "one", "two");
      time.pass(Duration.ofSeconds(1));
      var unused = collect();
      FileEntry file = FileEntry.of(new FilePath("/a"), false, packed.get(0));
      var unusedTree = dead.trees().build(List.of(file).iterator());
    }
    sweep();

    commit("master", "/a", "one");

    assertThat(read(head("master"))).isEqualTo(Map.of("/a", "one"));
  }

  @Test
  void aCollectionWhoseListAnotherSweptMeanwhileIsRefused() {
    orphan("not needed");
    var unused = collect();
    time.pass(GRACE.plusMinutes(1));
    FaultyStorage seen = new FaultyStorage(storage);
    seen.meanwhile(
        FaultyStorage.Call.CREATE,
        1,
        FaultyStorage.When.BEFORE_IT_HAPPENS,
        () -> {
          var unusedSweep = collect();
          orphan("another");
          var unusedList = collect();
        });

    assertThatThrownBy(() -> collector(Store.open(new WriteSession(seen)), WINDOW, 50).collect())
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("is under way");
  }

  // --- what the tests do ---

  private Collection.Swept sweep() {
    time.pass(GRACE.plusMinutes(1));
    return collect().swept().orElseThrow();
  }

  private void commit(Store store, String branch, StoredFile file) {
    FileEntry entry = FileEntry.of(new FilePath("/a"), false, file);
    var unused =
        commit(
            store, branch, before -> store.trees().edit(before, List.of(new TreeEdit.Put(entry))));
  }

  private CommitId commit(Store store, String branch, UnaryOperator<Tree> tree) {
    return committer(store)
        .commit(repo, branch, "", Committer.Empty.SKIPPED, tree)
        .head()
        .orElseThrow();
  }

  private static List<StoredFile> packed(Store store, String... contents) {
    try (Packer packer = store.packer()) {
      List<PendingFile> files = new ArrayList<>();
      for (String content : contents) {
        files.add(packer.add(Content.of(content.getBytes(UTF_8))));
      }
      packer.flush();
      return files.stream().map(PendingFile::stored).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Store open() {
    return Store.open(new WriteSession(storage, time.process(Duration.ofMinutes(-50))));
  }

  private Collector collector(Duration window) {
    return collector(open(), window, Policy.REWRITE_BELOW);
  }

  private Collector collector(Store store, Duration window, int rewriteBelow) {
    Policy policy = new Policy(GRACE, window, window, rewriteBelow, "ann");
    // A collector whose clock is two graces ahead must not think that one is over.
    return new Collector(store, policy, scratch, time.process(GRACE.multipliedBy(2)), AtOnce.ONE);
  }

  private Collection collect() {
    return collector(WINDOW).collect();
  }

  private void collectTwice() {
    collectTwice(() -> {});
  }

  private void collectTwice(Runnable between) {
    var first = collect();
    if (first.listed().isEmpty()) {
      return;
    }
    time.pass(GRACE.plusMinutes(1));
    between.run();
    var second = collect();
    assertThat(second.swept()).isPresent();
    time.pass(GRACE.plusMinutes(1));
    between.run();
    var unused = collect();
  }

  private Committer committer(Store store) {
    return new Committer(store, "ann", Instant.EPOCH);
  }

  private CommitId commit(String branch, String path, String content) {
    try (Store store = open()) {
      return commitStored(branch, path, stored(store, content, true));
    }
  }

  private CommitId commitStored(String branch, String path, StoredFile file) {
    try (Store store = open()) {
      FileEntry entry = FileEntry.of(new FilePath(path), false, file);
      return commit(
          store, branch, before -> store.trees().edit(before, List.of(new TreeEdit.Put(entry))));
    }
  }

  private void commitPacked(String branch, Map<String, String> files) {
    try (Store store = open();
        Packer packer = store.packer()) {
      Map<String, PendingFile> pending = new LinkedHashMap<>();
      for (Map.Entry<String, String> file : files.entrySet()) {
        pending.put(file.getKey(), packer.add(Content.of(file.getValue().getBytes(UTF_8))));
      }
      packer.flush();
      List<TreeEdit> edits = new ArrayList<>();
      pending.forEach(
          (path, file) ->
              edits.add(new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file.stored()))));
      var unused = commit(store, branch, before -> store.trees().edit(before, edits));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StoredFile orphan(String content) {
    try (Store store = open()) {
      return stored(store, content, true);
    }
  }

  private static StoredFile stored(Store store, String content, boolean whole) {
    try (Packer packer = store.packer()) {
      Content bytes = Content.of(content.getBytes(UTF_8));
      PendingFile file = whole ? packer.addWhole(bytes) : packer.add(bytes);
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RefMove to(CommitId commit) {
    return new RefMove(Optional.of(commit), "ann", time.instant(), "", Optional.empty());
  }

  private void tag(String name, CommitId commit) {
    try (Store store = open()) {
      Refs refs = store.repos().refs(repo);
      var unused = refs.move(refs.head(name), RefKind.TAG, to(commit));
    }
  }

  private void delete(String branch) {
    try (Store store = open()) {
      Refs refs = store.repos().refs(repo);
      RefMove none = new RefMove(Optional.empty(), "ann", time.instant(), "", Optional.empty());
      var unused = refs.delete(refs.head(branch), none);
    }
  }

  private void rule(Retention rule) {
    try (Store store = open()) {
      store.retentions().set(repo, rule);
    }
  }

  private CommitId head(String branch) {
    try (Store store = open()) {
      RefHead head = store.repos().refs(repo).head(branch);
      return head.commit().orElseThrow();
    }
  }

  private Sha256 tree(CommitId commit) {
    try (Store store = open()) {
      return store.commits().read(commit).tree();
    }
  }

  private Map<String, String> read(CommitId commit) {
    Map<String, String> files = new LinkedHashMap<>();
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

  private static Sha256 job() {
    return Sha256.of("a job".getBytes(UTF_8));
  }

  private DatumResult result(String output, String log) {
    try (Store store = open()) {
      return new DatumResult(
          Sha256.of("a datum".getBytes(UTF_8)),
          DatumResult.State.SUCCESS,
          List.of(FileEntry.of(new FilePath("/o"), false, stored(store, output, true))),
          Optional.of(stored(store, log, true)),
          CanonicalJson.object());
    }
  }

  private DatumResult runDatum(String output, String log) {
    DatumResult result = result(output, log);
    try (Store store = open()) {
      Attempt attempt = store.attempts().begin(job(), "run1", "s", time.instant(), 1, 1);
      store.journals().write(attempt.number(), List.of(result));
      var unused = store.results().merge(attempt, time.instant());
    }
    return result;
  }

  private Optional<DatumResult> known(DatumResult result) {
    try (Store store = open()) {
      return store.results().known().find(result.key());
    }
  }

  private List<String> objects() {
    return storage.list("objects/", Optional.empty(), 1_000).stream()
        .map(listed -> StoreLayout.digestOf(listed.key()).hex())
        .distinct()
        .toList();
  }

  private List<String> keys() {
    return storage.list("", Optional.empty(), 10_000).stream()
        .map(Listed::key)
        .map(StorageKey::text)
        .toList();
  }
}
