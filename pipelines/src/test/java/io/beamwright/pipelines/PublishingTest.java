// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job publishes one commit, whatever is retried, raced for or overtaken. */
class PublishingTest {

  private static final String COPY =
      """
      {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
       "transform": {"cmd": ["cp", "-r", "/pfs/in/.", "/pfs/out"]}}
      """;

  private static final String COPY_TWICE =
      "["
          + COPY
          + """
          , {"pipeline": {"name": "again"}, "input": {"pfs": {"repo": "copy", "glob": "/*"}},
             "transform": {"cmd": ["cp", "-r", "/pfs/copy/.", "/pfs/out"]}}]
          """;

  @TempDir Path temp;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = Workshop.in(temp);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @Test
  void publishingTwiceWithDifferentResultsMakesOneCommit() {
    workshop.put("in", Map.of("/a", "1"));
    Plan.Run plan = plan(COPY);
    Attempt first = attempt(plan, "first");
    Attempt second = attempt(plan, "second");

    Publication one = publish(plan.job(), first);
    Publication two = publish(plan.job(), second);

    assertThat(one).isInstanceOf(Publication.Published.class).isEqualTo(two);
    assertThat(workshop.moves("copy")).hasSize(1);
    assertThat(workshop.texts("copy")).containsExactly(Map.entry("/a", "first"));
    assertThat(workshop.store().jobs().states(plan.job().job()).get(0).path("contradictions"))
        .as("the program is not deterministic, and that is remembered")
        .hasSize(1);
  }

  @Test
  void aBranchThatWasDeletedIsMadeAgain() {
    workshop.put("in", Map.of("/a", "1"));
    RunReport unused = workshop.run(COPY, new PlainEngine(1));
    Refs refs = workshop.store().repos().refs(workshop.store().repos().require("copy"));
    RefMove deletion =
        new RefMove(Optional.empty(), "tester", Instant.now(), "deleted", Optional.empty());
    assertThat(refs.delete(refs.head("master"), deletion)).isInstanceOf(BranchMove.Moved.class);

    RunReport again = workshop.runWithoutEngine(COPY);

    assertThat(again.succeeded()).isTrue();
    assertThat(workshop.texts("copy")).containsExactly(Map.entry("/a", "1"));
  }

  @Test
  void publishingAtOnceWithDifferentResultsMakesOneCommit() throws Exception {
    for (int round = 0; round < 20; round++) {
      workshop.put("in", Map.of("/a", "round " + round));
      Plan.Run plan = plan(COPY);
      Attempt first = attempt(plan, "first");
      Attempt second = attempt(plan, "second");
      int before = round;

      List<Publication> published =
          atOnce(() -> publish(plan.job(), first), () -> publish(plan.job(), second));

      assertThat(published.get(0))
          .isInstanceOf(Publication.Published.class)
          .isEqualTo(published.get(1));
      assertThat(workshop.moves("copy")).hasSize(before + 1);
      assertThat(workshop.commit("copy").commit().depth()).isEqualTo(before);
    }
  }

  @Test
  void aStageWithoutADatumCommitsTheEmptyTree() {
    workshop.put("in", Map.of());
    String query =
        """
        {"pipeline": {"name": "rows"}, "input": {"pfs": {"repo": "in", "glob": "/*.csv"}},
         "transform": {"beam": [{"type": "ReadFromCsv"}]}}
        """;

    for (String spec : List.of(COPY, query)) {
      RunReport report = workshop.runWithoutEngine(spec);

      StageOutcome.Committed outcome = (StageOutcome.Committed) report.stages().get(0);
      Commit commit = workshop.commit(outcome.stage()).commit();
      assertThat(commit.tree()).isEqualTo(workshop.store().trees().empty().id());
      assertThat(commit.provenance()).isPresent();
      assertThat(outcome.plan().job().datums()).isZero();
      assertThat(workshop.runWithoutEngine(spec).stages().get(0))
          .isInstanceOf(StageOutcome.Reused.class);
    }
  }

  @Test
  void aDatumThatVanishedTakesItsFilesWithIt() {
    workshop.put("in", Map.of("/a", "1", "/b", "2"));
    workshop.run(COPY, new PlainEngine(1));

    workshop.put("in", Map.of("/b", "2"));
    RunReport report = workshop.runWithoutEngine(COPY);

    assertThat(report.succeeded()).isTrue();
    assertThat(workshop.texts("copy")).containsExactly(Map.entry("/b", "2"));
    assertThat(workshop.texts("copy@master^")).containsOnlyKeys("/a", "/b");
  }

  @Test
  void twoSubmittersOfOneJobAtOnceMakeOneCommit() throws Exception {
    for (int round = 0; round < 5; round++) {
      workshop.put("in", Map.of("/a", "1", "/b", "round " + round));
      CyclicBarrier planned = new CyclicBarrier(2);
      GraphEngine afterBothPlanned = after("copy", () -> await(planned));
      Callable<RunReport> submitter = () -> workshop.run(COPY, afterBothPlanned);

      List<RunReport> reports = atOnce(submitter, submitter);

      assertThat(commitOf(reports.get(0), 0)).isEqualTo(commitOf(reports.get(1), 0));
      assertThat(workshop.commit("copy").id()).isEqualTo(commitOf(reports.get(0), 0));
      assertThat(workshop.moves("copy")).hasSize(round + 1);
    }
  }

  @Test
  void twoSubmittersOfOnePipelineAtAnyTimeMakeOneCommitOfEachStage() throws Exception {
    for (int round = 0; round < 5; round++) {
      workshop.put("in", Map.of("/a", "1", "/b", "round " + round));
      Callable<RunReport> submitter = () -> workshop.run(COPY_TWICE, new PlainEngine(1));

      List<RunReport> reports = atOnce(submitter, submitter);

      for (int stage = 0; stage < 2; stage++) {
        assertThat(commitOf(reports.get(0), stage)).isEqualTo(commitOf(reports.get(1), stage));
      }
      assertThat(workshop.moves("copy")).hasSize(round + 1);
      assertThat(workshop.moves("again")).hasSize(round + 1);
    }
  }

  @Test
  void aBranchThatSomebodyElseMovedMeanwhileKeepsTheirCommitAndGetsOurTreeOnTop() {
    workshop.put("in", Map.of("/a", "1"));
    List<CommitId> theirs = new ArrayList<>();

    RunReport report =
        workshop.run(
            COPY, after("copy", () -> theirs.add(workshop.put("copy", Map.of("/by-hand", "x")))));

    assertThat(report.succeeded()).isTrue();
    assertThat(workshop.commit("copy").id()).isEqualTo(commitOf(report, 0));
    assertThat(workshop.commit("copy").commit().parents()).isEqualTo(theirs);
    assertThat(workshop.commit("copy").commit().depth()).isEqualTo(1);
    assertThat(workshop.texts("copy")).containsExactly(Map.entry("/a", "1"));
    assertThat(workshop.runWithoutEngine(COPY).stages().get(0))
        .isInstanceOf(StageOutcome.Reused.class);
  }

  @Test
  void aBranchThatMovedAfterTheCommitWasMadeGetsTheSameTreeOnTopAndIsFoundByItsJob() {
    workshop.put("in", Map.of("/a", "1"));
    Plan.Run plan = plan(COPY);
    Attempt attempt = attempt(plan, "result");
    // The first publisher filled the slot, and was killed before it moved the branch.
    Publication first = publish(plan.job(), attempt);
    CommitId theirs = workshop.put("copy", Map.of("/by-hand", "x"));

    Publication second = publish(plan.job(), attempt);

    assertThat(second).as("the branch was moved by this job already").isEqualTo(first);
    assertThat(workshop.commit("copy").id()).isEqualTo(theirs);
    assertThat(workshop.moves("copy"))
        .extracting(RefEntry::job)
        .contains(Optional.of(plan.job().job()));
  }

  @Test
  void aHeadOfNewerInputsStaysAndTheOlderCommitIsFoundByItsJob() {
    workshop.put("in", Map.of("/a", "old"));
    List<RunReport> newer = new ArrayList<>();

    RunReport older =
        workshop.run(
            COPY_TWICE,
            after(
                "copy",
                () -> {
                  workshop.put("in", Map.of("/a", "new"));
                  newer.add(workshop.run(COPY_TWICE, new PlainEngine(1)));
                }));

    assertThat(older.succeeded()).isTrue();
    for (int stage = 0; stage < 2; stage++) {
      StageOutcome.Committed outcome = (StageOutcome.Committed) older.stages().get(stage);
      CommitId head = commitOf(newer.get(0), stage);
      assertThat(outcome.newerHead()).as(outcome.stage()).contains(head);
      assertThat(workshop.commit(outcome.stage()).id()).isEqualTo(head);
      assertThat(workshop.texts(outcome.stage())).containsExactly(Map.entry("/a", "new"));
      String job = outcome.stage() + "@" + outcome.job().orElseThrow().hex();
      assertThat(workshop.commit(job).id()).isEqualTo(outcome.id());
      assertThat(workshop.texts(job)).containsExactly(Map.entry("/a", "old"));
    }
  }

  @Test
  void aJobWhoseCommitAnotherJobOfTheSameInputsMadeMeanwhileTakesThatOne() {
    workshop.put("in", Map.of("/a", "old"));
    RunReport unused = workshop.run(COPY_TWICE, new PlainEngine(1));
    workshop.put("in", Map.of("/a", "new"));
    List<RunReport> others = new ArrayList<>();

    // Planned on the first head; the other one on a second head, and so it is another job.
    RunReport late =
        workshop.run(
            COPY_TWICE,
            after(
                "copy",
                () -> {
                  CommitId now = workshop.commit("in").id();
                  workshop.put("in", Map.of("/a", "between"));
                  workshop.run(COPY, new PlainEngine(1));
                  workshop.rewind("in", now);
                  others.add(workshop.run(COPY_TWICE, new PlainEngine(1)));
                }));

    for (int stage = 0; stage < 2; stage++) {
      StageOutcome outcome = late.stages().get(stage);
      CommitId head = commitOf(others.get(0), stage);
      assertThat(outcome.commit()).as(outcome.stage()).contains(head);
      assertThat(workshop.commit(outcome.stage()).id()).isEqualTo(head);
      String job = outcome.stage() + "@" + outcome.job().orElseThrow().hex();
      assertThat(workshop.commit(job).id()).isEqualTo(head);
    }
    assertThat(late.stages().get(0).job()).isNotEqualTo(others.get(0).stages().get(0).job());
    assertThat(late.stages().get(1)).isInstanceOf(StageOutcome.Reused.class);
    assertThat(workshop.moves("copy")).hasSize(3);
  }

  @Test
  void anOlderCommitThatIsPutBackIsANewInputAndMovesTheBranch() {
    workshop.put("in", Map.of("/a", "old"));
    workshop.run(COPY, new PlainEngine(1));
    workshop.put("in", Map.of("/a", "new"));
    workshop.run(COPY, new PlainEngine(1));
    workshop.put("in", Map.of("/a", "old"));

    RunReport report = workshop.runWithoutEngine(COPY);

    assertThat(report.succeeded()).isTrue();
    assertThat(workshop.texts("copy")).containsExactly(Map.entry("/a", "old"));
    assertThat(workshop.moves("copy")).hasSize(3);
  }

  // --- what the tests are written with ---

  /**
   * Runs {@code stage} when it was planned and {@code others} is done, and other stages at once.
   */
  private static GraphEngine after(String stage, Runnable others) {
    return (context, plan, attempt, events) -> {
      if (plan.stage().equals(stage)) {
        others.run();
      }
      return new PlainEngine(1).run(context, plan, attempt, events);
    };
  }

  private Plan.Run plan(String spec) {
    return (Plan.Run) workshop.plan(spec, Map.of());
  }

  /** An attempt that ran every datum of {@code plan} and wrote {@code text} for each. */
  private Attempt attempt(Plan.Run plan, String text) {
    Store store = workshop.store();
    Attempt attempt =
        store
            .attempts()
            .begin(
                plan.job().job(), "run", plan.stage(), Instant.now(), plan.toRun(), plan.toRun());
    List<Datum> datums = new ArrayList<>();
    Segments.read(store.files(), plan.todo(), datums::add);
    try (Packer packer = store.packer()) {
      PendingFile file = packer.add(Content.of(text.getBytes(UTF_8)));
      packer.flush();
      store
          .journals()
          .write(
              attempt.number(),
              datums.stream()
                  .map(
                      datum ->
                          new DatumResult(
                              datum.key(),
                              DatumResult.State.SUCCESS,
                              List.of(
                                  FileEntry.of(
                                      new FilePath(datum.inputs().get(0).match()),
                                      false,
                                      file.stored())),
                              Optional.empty(),
                              CanonicalJson.object()))
                  .toList());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return attempt;
  }

  private Publication publish(JobPlan plan, Attempt attempt) {
    return new Publisher(workshop.store(), Clock.systemUTC()).publish(plan, attempt);
  }

  private static CommitId commitOf(RunReport report, int stage) {
    return report.stages().get(stage).commit().orElseThrow();
  }

  private static <T> List<T> atOnce(Callable<T> one, Callable<T> two) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CyclicBarrier start = new CyclicBarrier(2);
    try {
      List<Future<T>> both = new ArrayList<>();
      for (Callable<T> task : List.of(one, two)) {
        both.add(
            threads.submit(
                () -> {
                  await(start);
                  return task.call();
                }));
      }
      return List.of(both.get(0).get(), both.get(1).get());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
