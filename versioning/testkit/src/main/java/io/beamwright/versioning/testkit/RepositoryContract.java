// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.testkit.RepositoryAct.Append;
import io.beamwright.versioning.testkit.RepositoryAct.Change;
import io.beamwright.versioning.testkit.RepositoryAct.Copy;
import io.beamwright.versioning.testkit.RepositoryAct.CreateRepo;
import io.beamwright.versioning.testkit.RepositoryAct.Delete;
import io.beamwright.versioning.testkit.RepositoryAct.DeleteRef;
import io.beamwright.versioning.testkit.RepositoryAct.DeleteRepo;
import io.beamwright.versioning.testkit.RepositoryAct.PublishJob;
import io.beamwright.versioning.testkit.RepositoryAct.Pull;
import io.beamwright.versioning.testkit.RepositoryAct.Put;
import io.beamwright.versioning.testkit.RepositoryAct.ReadHead;
import io.beamwright.versioning.testkit.RepositoryAct.RunDatums;
import io.beamwright.versioning.testkit.RepositoryAct.SetRef;
import io.beamwright.versioning.testkit.RepositoryPlay.Mishap;
import io.beamwright.versioning.testkit.RepositoryPlay.Step;
import io.beamwright.versioning.tree.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What a store promises whatever becomes of those who use it, on one storage: no change that was
 * acknowledged is lost, one that was not is there wholly or not at all, what is read is what was
 * written or a named error, and after a death others go on. A storage's test extends this, supplies
 * empty places, and has nothing else to say:
 *
 * <pre>{@code
 * class LocalRepositoryTest extends RepositoryContract {
 *   protected Supplier<Storage> emptyPlace() { ... }
 * }
 * }</pre>
 */
public abstract class RepositoryContract {

  private static final int MOST_SECONDS = 120;
  private static final int THREADS = 8;

  /** For subclasses. */
  protected RepositoryContract() {}

  /**
   * A place that is empty, another at each call. What it supplies are clients of that place, each
   * as if it were in a process of its own; they are closed here.
   */
  protected abstract Supplier<Storage> emptyPlace();

  /** How many series of random steps are played; a slow storage may take fewer. */
  protected int tries() {
    return 200;
  }

  /** How many commits each of eight threads makes; a slow storage may take fewer. */
  protected int commitsOfEachThread() {
    return 25;
  }

  @Test
  final void whateverGoesWrongWhateverIsPlayedTheStoreHoldsWhatWasAcknowledged() {
    Tries.of(tries(), RepositorySteps.steps(), steps -> play(steps));
  }

  /** Whether each mishap was met. */
  private boolean play(List<Step> steps) {
    try (RepositoryPlay play = new RepositoryPlay(emptyPlace())) {
      play.all(steps);
      return play.metAll();
    }
  }

  @Test
  final void aPutAMoveADeletionAndAMergeSurviveEachTroubleAtEachOfTheirCalls() {
    List<RepositoryAct> acts =
        List.of(
            new Change(
                "one",
                "master",
                List.of(new Append("/a", "more"), new Put("/b/c", "new", true), new Delete("/d")),
                Committer.Empty.SKIPPED),
            new SetRef("one", "v1", RefKind.TAG, "master"),
            new DeleteRef("one", "master"),
            new DeleteRepo("one"),
            new CreateRepo("other"),
            new RunDatums(List.of(1, 2), "x", true),
            new PublishJob(1, 1));
    acts.forEach(act -> playInEachTrouble(act, callsAtATime()));
  }

  // A copy makes some hundred calls; SyncTest stops it at each that writes.
  @Test
  final void aCopySurvivesEachTroubleAtSomeOfItsCalls() {
    playInEachTrouble(new Pull("newer"), 11 * callsAtATime() * callsAtATime());
  }

  private void playInEachTrouble(RepositoryAct act, int callsAtATime) {
    for (Trouble trouble : troublesOfEachCall()) {
      int nth = 1;
      while (play(troubled(act, nth, trouble))) {
        nth += callsAtATime;
      }
      assertThat(nth).as("calls of " + act).isGreaterThan(1);
    }
  }

  /** What each single call gets into; a slow storage may leave some to chance. */
  protected List<Trouble> troublesOfEachCall() {
    return SHOWN;
  }

  /** Of the calls of an act each so manyth gets into trouble; a slow storage may skip some. */
  protected int callsAtATime() {
    return 1;
  }

  private static final List<Trouble> SHOWN =
      List.of(
          Trouble.FAIL_BEFORE,
          Trouble.FAIL_AFTER,
          Trouble.DIE_BEFORE,
          Trouble.DIE_AFTER,
          Trouble.DIE_UNDER_WAY,
          Trouble.CUT_SHORT);

  private static List<Step> troubled(RepositoryAct act, int nth, Trouble trouble) {
    List<Step> steps = new ArrayList<>();
    steps.add(well(new CreateRepo("one")));
    steps.add(well(change(new Put("/a", "text", false), new Copy("/a", "/d"))));
    steps.add(well(new RunDatums(List.of(0, 1), "y", false)));
    steps.add(new Step(0, act, Optional.of(new Mishap.Troubled(nth, trouble))));
    // A new client makes the same, and then goes on.
    steps.add(new Step(1, act, Optional.empty()));
    steps.add(well(change(new Put("/e", "after", false))));
    steps.add(well(new ReadHead("one", "master")));
    return steps;
  }

  private static Step well(RepositoryAct act) {
    return new Step(2, act, Optional.empty());
  }

  private static Change change(RepositoryAct.Edit... edits) {
    return new Change("one", "master", List.of(edits), Committer.Empty.ALLOWED);
  }

  @Test
  final void ofThreadsThatCommitThroughOneStoreNoCommitIsLost() throws Exception {
    try (Store store = Store.openOrCreate(emptyPlace().get())) {
      commitAtOnce(List.of(store));
    }
  }

  @Test
  final void ofThreadsThatCommitThroughStoresOfTheirOwnNoCommitIsLost() throws Exception {
    Supplier<Storage> place = emptyPlace();
    List<Store> stores = new ArrayList<>();
    try {
      for (int i = 0; i < THREADS; i++) {
        stores.add(Store.openOrCreate(place.get()));
      }
      commitAtOnce(stores);
    } finally {
      stores.forEach(Store::close);
    }
  }

  private void commitAtOnce(List<Store> stores) throws Exception {
    Store first = stores.get(0);
    Repo repo = first.repos().create("one", "", "tester", RepositoryPicture.TIME);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Set<CommitId> made = new HashSet<>();
    try {
      List<Future<List<CommitId>>> ends = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Store store = stores.get(i % stores.size());
        int number = i;
        Callable<List<CommitId>> commits = () -> commit(store, repo, number);
        ends.add(threads.submit(commits));
      }
      for (Future<List<CommitId>> end : ends) {
        made.addAll(end.get(MOST_SECONDS, TimeUnit.SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
    assertNoneIsLost(first, repo, made);
  }

  private List<CommitId> commit(Store store, Repo repo, int thread) {
    Committer committer = new Committer(store, "thread " + thread, RepositoryPicture.TIME);
    List<CommitId> made = new ArrayList<>();
    for (int i = 0; i < commitsOfEachThread(); i++) {
      String path = "/" + thread + "/" + i;
      Committer.Outcome outcome =
          committer.commit(
              repo,
              "master",
              path,
              Committer.Empty.SKIPPED,
              tree -> new Put(path, path, false).make(store, tree));
      made.add(((Committer.Outcome.Committed) outcome).id());
    }
    return made;
  }

  private void assertNoneIsLost(Store store, Repo repo, Set<CommitId> made) {
    int number = THREADS * commitsOfEachThread();
    assertThat(made).hasSize(number);
    List<RefEntry> moves = store.repos().refs(repo).moves("master", Integer.MAX_VALUE);
    assertThat(moves.stream().map(move -> move.to().orElseThrow()))
        .as("moves of the branch")
        .hasSize(number)
        .containsExactlyInAnyOrderElementsOf(made);
    CommitId head = moves.get(0).to().orElseThrow();
    Tree files = store.history().files(store.commits().read(head));
    assertThat(files.fileCount()).isEqualTo(number);
    assertThat(store.commits().read(head).depth()).isEqualTo(number - 1);
  }
}
