// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static io.beamwright.versioning.testkit.FaultyStorage.When.BEFORE_IT_HAPPENS;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.sync.Sync;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs follow inputs, back too; and a job that comes late overtakes none of newer inputs. */
class RewindTest {

  private static final String COPY = stage("copy", pfs("in"));
  private static final String CHAIN = "[" + COPY + "," + stage("again", pfs("copy")) + "]";
  private static final String DIAMOND =
      "["
          + stage("left", pfs("in"))
          + ","
          + stage("right", pfs("in"))
          + ","
          + stage("both", "{\"cross\": [" + pfs("left") + "," + pfs("right") + "]}")
          + "]";
  private static final String TWO =
      stage("two", "{\"cross\": [" + pfs("x") + "," + pfs("y") + "]}");

  @TempDir Path temp;
  private final MemoryStorage storage = new MemoryStorage();
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(storage, temp);
  }

  private static String stage(String name, String input) {
    return """
        {"pipeline": {"name": "%s"}, "input": %s, "transform": {"cmd": ["copy"]}}
        """
        .formatted(name, input);
  }

  private static String pfs(String repo) {
    return "{\"pfs\": {\"repo\": \"%s\", \"glob\": \"/\"}}".formatted(repo);
  }

  private CommitId put(String repo, String text) {
    return workshop.put(repo, Map.of("/a", text));
  }

  private List<CommitId> threePutsEachRun(String spec) {
    List<CommitId> puts = new ArrayList<>();
    for (String text : List.of("1", "2", "3")) {
      puts.add(put("in", text));
      run(spec);
    }
    return puts;
  }

  private RunReport run(String spec) {
    RunReport report = workshop.run(spec, new CopyingEngine());
    assertThat(report.succeeded()).isTrue();
    return report;
  }

  private Plan.Run plan(String spec) {
    return (Plan.Run) workshop.plan(spec, Map.of());
  }

  private String text(String repo, String path) {
    return workshop.texts(repo).getOrDefault(path, "nothing");
  }

  private List<CommitId> inputs(String stage) {
    return workshop.commit(stage).commit().provenance().orElseThrow().inputs().stream()
        .map(input -> input.commit())
        .toList();
  }

  @Test
  void outputsFollowAnInputBackFurtherBackAndForwardAgain() {
    List<CommitId> puts = threePutsEachRun(CHAIN);

    for (int to : List.of(1, 0, 2, 0, 1)) {
      workshop.rewind("in", puts.get(to));
      RunReport report = workshop.runWithoutEngine(CHAIN);

      assertThat(report.succeeded()).isTrue();
      assertThat(report.stages()).allMatch(stage -> stage instanceof StageOutcome.Committed);
      assertThat(inputs("copy")).containsExactly(puts.get(to));
      assertThat(inputs("again")).containsExactly(workshop.commit("copy").id());
      assertThat(text("again", "/copy/in/a")).isEqualTo(Integer.toString(to + 1));
      assertThat(workshop.runWithoutEngine(CHAIN).stages())
          .as("the next run finds nothing to do")
          .allMatch(stage -> stage instanceof StageOutcome.Reused);
    }
  }

  @Test
  void bothSidesOfADiamondFollowAnInputBack() {
    List<CommitId> puts = threePutsEachRun(DIAMOND);

    for (int to : List.of(0, 2, 1)) {
      workshop.rewind("in", puts.get(to));
      run(DIAMOND);

      String text = Integer.toString(to + 1);
      assertThat(workshop.texts("both"))
          .containsExactly(Map.entry("/left/in/a", text), Map.entry("/right/in/a", text));
      assertThat(inputs("both"))
          .containsExactly(workshop.commit("left").id(), workshop.commit("right").id());
    }
  }

  @Test
  void oneInputBackAndTheOtherForwardMovesTheBranch() {
    CommitId x = put("x", "x1");
    put("y", "y1");
    put("x", "x2");
    run(TWO);
    Plan.Run late = plan(stage("late", pfs("x")));
    workshop.rewind("x", x);
    put("y", "y2");

    run(TWO);

    assertThat(workshop.texts("two"))
        .containsExactly(Map.entry("/x/a", "x1"), Map.entry("/y/a", "y2"));
    assertThat(CopyingEngine.publish(workshop.store(), late))
        .as("another stage's branch is nobody else's")
        .isInstanceOf(Publication.Published.class);
  }

  @Test
  void ofTwoJobsWithEachANewerInputTheLastOneMovesTheBranch() {
    CommitId x1 = put("x", "x1");
    put("y", "y1");
    Plan.Run first = plan(TWO);
    put("x", "x2");
    put("y", "y2");
    Plan.Run second = plan(TWO);
    // Now the first has the newer x, and the second the newer y.
    workshop.rewind("x", x1);

    CopyingEngine.publish(workshop.store(), second);
    Publication mixed = CopyingEngine.publish(workshop.store(), first);

    assertThat(mixed).isInstanceOf(Publication.Published.class);
    assertThat(workshop.texts("two"))
        .containsExactly(Map.entry("/x/a", "x1"), Map.entry("/y/a", "y1"));
    run(TWO);
    assertThat(workshop.texts("two"))
        .containsExactly(Map.entry("/x/a", "x1"), Map.entry("/y/a", "y2"));
    assertThat(List.of(first, second))
        .as("both are older than what is there, and moved the branch before")
        .allSatisfy(
            plan ->
                assertThat(CopyingEngine.publish(workshop.store(), plan))
                    .isInstanceOf(Publication.Published.class));
    assertThat(workshop.moves("two")).hasSize(3);
  }

  @Test
  void aJobOfNewerInputsThatIsLateBesideARewindStaysBehind() {
    CommitId first = put("in", "1");
    run(CHAIN);
    put("in", "2");
    Plan.Run late = plan(COPY);
    workshop.rewind("in", first);
    // Nothing to do: the head was made of what the branch names again.
    assertThat(workshop.runWithoutEngine(CHAIN).stages())
        .allMatch(stage -> stage instanceof StageOutcome.Reused);
    CommitId head = workshop.commit("copy").id();

    Publication publication = CopyingEngine.publish(workshop.store(), late);

    assertThat(publication).isInstanceOf(Publication.Superseded.class);
    assertThat(((Publication.Superseded) publication).head()).isEqualTo(head);
    assertThat(workshop.commit("copy").id()).isEqualTo(head);
    assertThat(text("copy@" + late.job().job().hex(), "/in/a")).isEqualTo("2");
  }

  @Test
  void theStagesAfterALateJobStayBehindToo() {
    CommitId first = put("in", "1");
    run(DIAMOND);
    CommitId second = put("in", "2");
    workshop.rewind("in", first);
    put("in", "3");
    run(DIAMOND);

    RunReport late = workshop.run(DIAMOND, new CopyingEngine(), Map.of("in@master", second));

    assertThat(late.succeeded()).isTrue();
    assertThat(late.stages())
        .allSatisfy(stage -> assertThat(((StageOutcome.Committed) stage).newerHead()).isPresent());
    assertThat(workshop.texts("both"))
        .containsExactly(Map.entry("/left/in/a", "3"), Map.entry("/right/in/a", "3"));
  }

  @Test
  void aJobThatWasTooLateMovesTheBranchWhenItsInputsAreTheNewestAgain() {
    CommitId first = put("in", "1");
    put("in", "2");
    run(COPY);
    Plan.Run late = (Plan.Run) workshop.plan(COPY, Map.of("in@master", first));
    assertThat(CopyingEngine.publish(workshop.store(), late))
        .isInstanceOf(Publication.Superseded.class);
    workshop.rewind("in", first);

    RunReport report = workshop.runWithoutEngine(COPY);

    StageOutcome.Committed outcome = (StageOutcome.Committed) report.stages().get(0);
    assertThat(outcome.job()).as("it is the same job").contains(late.job().job());
    assertThat(outcome.newerHead()).isEmpty();
    assertThat(text("copy", "/in/a")).isEqualTo("1");
    JobRecord record = new JobRecords(workshop.store()).require(late.job().job().hex());
    assertThat(record.end().orElseThrow().commit()).contains(workshop.commit("copy").id());
    assertThat(record.end().orElseThrow().newerHead()).isEmpty();
  }

  @Test
  void aJobWhoseOutputWasRewoundMovesTheBranchAgainAndOnce() {
    put("in", "1");
    run(COPY);
    CommitId one = workshop.commit("copy").id();
    put("in", "2");
    run(COPY);
    CommitId two = workshop.commit("copy").id();
    workshop.rewind("copy", one);
    Plan.Run again = plan(COPY);
    Attempt attempt = CopyingEngine.begin(workshop.store(), again);

    for (int tries = 0; tries < 3; tries++) {
      assertThat(CopyingEngine.finish(workshop.store(), again, attempt))
          .isEqualTo(new Publication.Published(two));
    }

    assertThat(workshop.commit("copy").id()).isEqualTo(two);
    assertThat(workshop.moves("copy")).hasSize(4);
  }

  @Test
  void aJobWhoseFirstCommitIsGoneMakesItAgain() {
    put("in", "1");
    run(COPY);
    CommitId one = workshop.commit("copy").id();
    put("in", "2");
    Plan.Run plan = plan(COPY);
    workshop.put("copy", Map.of("/by-hand", "x"));
    CopyingEngine.publish(workshop.store(), plan);
    // The branch has a copy of it with another parent, so garbage collection takes it.
    CommitId first = workshop.store().jobs().published(plan.job().job()).orElseThrow();
    storage.delete(StoreLayout.commit(first.digest()));
    workshop = new Workshop(storage, temp);
    workshop.rewind("copy", one);

    for (int run = 0; run < 2; run++) {
      StageOutcome outcome = run(COPY).stages().get(0);

      assertThat(outcome.job()).as("it is the same job").contains(plan.job().job());
      assertThat(outcome.commit()).contains(workshop.commit("copy").id());
      assertThat(text("copy", "/in/a")).isEqualTo("2");
    }
  }

  @Test
  void anAttemptThatIsRepeatedAfterARewindMovesNothingAgain() {
    CommitId first = put("in", "1");
    Plan.Run plan = plan(COPY);
    Attempt attempt = CopyingEngine.begin(workshop.store(), plan);
    Publication published = CopyingEngine.finish(workshop.store(), plan, attempt);
    put("in", "2");
    run(COPY);
    workshop.rewind("in", first);

    assertThat(CopyingEngine.finish(workshop.store(), plan, attempt)).isEqualTo(published);
    assertThat(text("copy", "/in/a")).as("until somebody runs").isEqualTo("2");
    run(COPY);
    assertThat(text("copy", "/in/a")).isEqualTo("1");
  }

  @Test
  void anAttemptThatTookTheCommitOfAnotherJobAndIsRepeatedMovesNothing() {
    put("in", "1");
    run(COPY);
    CommitId second = put("in", "2");
    Plan.Run plan = plan(COPY);
    put("in", "3");
    run(COPY);
    workshop.rewind("in", second);
    run(COPY);
    CommitId taken = workshop.commit("copy").id();
    Attempt attempt = CopyingEngine.begin(workshop.store(), plan);
    Publication published = CopyingEngine.finish(workshop.store(), plan, attempt);
    assertThat(published).isEqualTo(new Publication.Published(taken));
    int moves = workshop.moves("copy").size();
    CommitId byHand = workshop.put("copy", Map.of("/by-hand", "x"));

    assertThat(CopyingEngine.finish(workshop.store(), plan, attempt)).isEqualTo(published);

    assertThat(workshop.commit("copy").id()).isEqualTo(byHand);
    assertThat(workshop.moves("copy")).hasSize(moves + 1);
  }

  @Test
  void aJobDoesNotTakeACommitThatWasMadeOfAnotherBranch() {
    put("in", "1");
    CommitId second = put("in", "2");
    Plan.Run plan = plan(COPY);
    workshop.branch("in", "dev");
    put("in", "3");
    run(COPY);
    run(COPY.replace("\"glob\"", "\"branch\": \"dev\", \"glob\""));
    CommitId ofDev = workshop.commit("copy").id();

    CopyingEngine.publish(workshop.store(), plan);

    assertThat(workshop.commit("copy").id()).isNotEqualTo(ofDev);
    assertThat(inputs("copy")).containsExactly(second);
    assertThat(workshop.commit("copy").commit().provenance().orElseThrow().inputs().get(0).branch())
        .isEqualTo("master");
  }

  @Test
  void anInputThatTheLogNeverNamedIsOlderThanAllThatItNamed() {
    put("in", "1");
    Plan.Run late = (Plan.Run) workshop.plan(COPY, Map.of("in@master", unnamed("in")));
    run(COPY);

    assertThat(CopyingEngine.publish(workshop.store(), late))
        .isInstanceOf(Publication.Superseded.class);
  }

  @Test
  void ofInputsThatTheLogNeverNamedTheLastJobMovesTheBranch() {
    put("in", "1");
    CommitId one = unnamed("in");
    CommitId two = unnamed("in");
    List<CommitId> heads = new ArrayList<>();
    for (CommitId input : List.of(one, two, one)) {
      Plan.Run plan = (Plan.Run) workshop.plan(COPY, Map.of("in@master", input));
      heads.add(((Publication.Published) CopyingEngine.publish(workshop.store(), plan)).commit());
      assertThat(workshop.commit("copy").id()).isEqualTo(heads.get(heads.size() - 1));
    }
    run(COPY);
    assertThat(workshop.commit("copy").id()).as("the newest commit").isNotIn(heads);
  }

  /** A commit of {@code repo} that no ref names. */
  private CommitId unnamed(String repo) {
    Store store = workshop.store();
    Commit head = workshop.commit(repo).commit();
    return store
        .commits()
        .write(
            new Commit(
                head.repo(),
                head.repoId(),
                List.of(),
                0,
                head.tree(),
                Optional.empty(),
                "tester",
                Instant.now(),
                "aside",
                Optional.empty()));
  }

  @Test
  void anotherBranchOfTheInputIsUnrelated() {
    CommitId first = put("in", "1");
    put("in", "2");
    run(COPY);
    Refs refs = workshop.store().repos().refs(workshop.store().repos().require("in"));
    RefMove side =
        new RefMove(Optional.of(first), "tester", Instant.now(), "side", Optional.empty());
    assertThat(refs.move(refs.head("side"), RefKind.BRANCH, side)).isNotNull();
    workshop.rewind("in", workshop.commit("in").id());

    run(COPY.replace("\"glob\"", "\"branch\": \"side\", \"glob\""));

    assertThat(text("copy", "/in/a")).isEqualTo("1");
  }

  @Test
  void aDeletedBranchThatIsMadeAgainAtAnOlderCommitIsFollowed() {
    CommitId first = put("in", "1");
    put("in", "2");
    run(COPY);
    Refs refs = workshop.store().repos().refs(workshop.store().repos().require("in"));
    RefMove deletion =
        new RefMove(Optional.empty(), "tester", Instant.now(), "deleted", Optional.empty());
    assertThat(refs.delete(refs.head("master"), deletion)).isNotNull();
    workshop.rewind("in", first);

    run(COPY);

    assertThat(text("copy", "/in/a")).isEqualTo("1");
  }

  @Test
  void anInputWhoseRepoWasMadeAnewIsNewerThanAllOfTheOldOne() {
    put("in", "1");
    Plan.Run late = plan(COPY);
    put("in", "2");
    Plan.Run later = plan(COPY);
    workshop
        .store()
        .repos()
        .delete(workshop.store().repos().require("in"), "tester", Instant.now());
    assertThat(CopyingEngine.publish(workshop.store(), later))
        .isInstanceOf(Publication.Published.class);
    assertThat(CopyingEngine.publish(workshop.store(), late))
        .as("the log of the deleted repo still tells")
        .isInstanceOf(Publication.Superseded.class);
    put("in", "3");
    run(COPY);

    assertThat(text("copy", "/in/a")).isEqualTo("3");
    put("in", "4");
    Plan.Run oldRepo = (Plan.Run) workshop.plan(COPY, Map.of("in@master", inputOf(late)));
    assertThat(CopyingEngine.publish(workshop.store(), oldRepo))
        .isInstanceOf(Publication.Superseded.class);
  }

  private static CommitId inputOf(Plan.Run plan) {
    return plan.job().provenance().inputs().get(0).commit();
  }

  @Test
  void aStoreThatOnlyGotTheCommitsFollowsItsOwnLog() {
    List<CommitId> puts = threePutsEachRun(CHAIN);
    MemoryStorage there = new MemoryStorage();
    Sync.Options gently = new Sync.Options("tester", Instant.now(), false, false);
    for (String repo : List.of("copy", "in")) {
      var unused =
          Sync.copy(workshop.store(), Store.openOrCreate(there), repo, Optional.empty(), gently);
    }
    workshop = new Workshop(there, temp);

    for (int to : List.of(0, 2, 1)) {
      workshop.rewind("in", puts.get(to));
      run(CHAIN);
      assertThat(text("again", "/copy/in/a")).isEqualTo(Integer.toString(to + 1));
    }
  }

  @Test
  void aLongLogIsReadAsFarAsTheNewerOfTheTwo() {
    CommitId first = put("in", "1");
    CommitId second = put("in", "2");
    for (int i = 0; i < 2_000; i++) {
      workshop.rewind("in", i % 2 == 0 ? first : second);
    }
    Plan.Run plan = plan(COPY);
    workshop.rewind("in", first);
    run(COPY);
    FaultyStorage counted = new FaultyStorage(storage);

    Publication late = CopyingEngine.publish(Store.open(counted), plan);

    assertThat(late).isInstanceOf(Publication.Superseded.class);
    assertThat(counted.count(FaultyStorage.Call.READ)).isLessThan(60);
  }

  @Test
  void atWhateverCallOfALateJobAnInputIsRewoundAndRunTheOutputIsThatOfTheRewoundInput() {
    Consumer<Workshop> planAndPublish = there -> there.run(COPY, new CopyingEngine());
    assertThat(rewindAtEveryCall(planAndPublish)).isGreaterThan(20);
  }

  @Test
  void atWhateverCallOfALateJobAnotherOneIsPlannedAfterARewindItsInputIsFollowed() {
    // What is planned then publishes when the late one has ended.
    List<Plan> planned = new ArrayList<>();
    Consumer<Workshop> plan = there -> planned.add(there.plan(COPY, Map.of()));
    Consumer<Workshop> publish =
        there -> {
          if (planned.get(planned.size() - 1) instanceof Plan.Run run) {
            var unused = CopyingEngine.publish(there.store(), run);
          }
        };
    assertThat(rewindAtEveryCall(plan, publish)).isGreaterThan(20);
    assertThat(planned)
        .as("some find the commit of before, and some the late one")
        .hasAtLeastOneElementOfType(Plan.Reuse.class)
        .hasAtLeastOneElementOfType(Plan.Run.class);
  }

  @Test
  void atWhateverTwoCloseCallsOfALateJobAnInputIsRewoundAndBackItIsFollowed() {
    int pairs = 0;
    int followed;
    int back = 0;
    do {
      back++;
      followed = 0;
      while (followed < 9 && isFollowed(back, back + 1 + followed)) {
        followed++;
      }
      pairs += followed;
    } while (followed > 0);
    assertThat(pairs).isGreaterThan(200);
  }

  /** Whether a late job's publishing has so many calls. */
  private boolean isFollowed(int back, int forth) {
    LateJob late = new LateJob(CHAIN);
    late.atCall(back, () -> workshop.rewind("in", late.first));
    late.atCall(
        forth,
        () -> {
          workshop.rewind("in", late.second);
          run(CHAIN);
        });
    if (!late.publish()) {
      return false;
    }
    assertThat(inputs("copy"))
        .as("rewound at call %s, %s", back, forth)
        .containsExactly(late.second);
    assertThat(inputs("again")).containsExactly(workshop.commit("copy").id());
    return true;
  }

  private int rewindAtEveryCall(Consumer<Workshop> meanwhile) {
    return rewindAtEveryCall(meanwhile, there -> {});
  }

  /** Gives how many calls a late job's publishing has. */
  private int rewindAtEveryCall(Consumer<Workshop> meanwhile, Consumer<Workshop> after) {
    for (int call = 1; ; call++) {
      LateJob late = new LateJob(COPY);
      late.atCall(
          call,
          () -> {
            workshop.rewind("in", late.first);
            meanwhile.accept(workshop);
          });
      if (!late.publish()) {
        assertThat(text("copy", "/in/a")).isEqualTo("2");
        return call;
      }
      after.accept(workshop);
      assertThat(text("copy", "/in/a")).as("rewound at call %s", call).isEqualTo("1");
      assertThat(inputs("copy")).containsExactly(late.first);
    }
  }

  /** In a new workshop: a job of the second commit of an input, the first of which was run. */
  private final class LateJob {

    private final MemoryStorage there = new MemoryStorage();
    private final CommitId first;
    private final CommitId second;
    private final Plan.Run plan;
    private final Attempt attempt;
    private final FaultyStorage slow = new FaultyStorage(there);
    private final Store publisher;
    private final int before;

    LateJob(String spec) {
      workshop = new Workshop(there, temp);
      first = put("in", "1");
      run(spec);
      second = put("in", "2");
      plan = plan(COPY);
      attempt = CopyingEngine.begin(workshop.store(), plan);
      publisher = Store.open(slow);
      before = slow.count();
    }

    /** During the {@code nth} call of its publishing, {@code others} run. */
    void atCall(int nth, Runnable others) {
      slow.meanwhile(before + nth, BEFORE_IT_HAPPENS, others);
    }

    /** Whether its publishing had all the calls that were named. */
    boolean publish() {
      CopyingEngine.finish(publisher, plan, attempt);
      return !slow.hasOrders();
    }
  }
}
