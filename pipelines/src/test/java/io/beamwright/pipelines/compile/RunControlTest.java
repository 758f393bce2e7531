// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.JobControl;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.StageOutcome;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.JobState;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.Lease;
import io.beamwright.versioning.job.Runs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a run while it runs, and how it is ended. */
class RunControlTest {

  private static final int MOST_SECONDS = 60;

  private static final String STAGES =
      """
      [{"pipeline": {"name": "work"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
        "parallelism_spec": {"constant": %d}, "datum_set_spec": {"number": 1},
        "transform": {"cmd": ["sh", "-c", "%s"]}},
       {"pipeline": {"name": "after"}, "input": {"pfs": {"repo": "work", "glob": "/"}},
        "transform": {"cmd": ["sh", "-c", "true"]}}]
      """;

  @TempDir private Path folder;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop("file:" + folder.resolve("store"), folder);
    Map<String, String> files = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      files.put("/f" + i, "content of " + i);
    }
    var unused = workshop.put("in", files);
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  /** What was told of the stage {@code work}. */
  private static final class Told implements RunEvents {
    private final List<Long> datums = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Sha256> began = new CompletableFuture<>();

    @Override
    public void planned(Plan plan) {
      if (plan instanceof Plan.Run run) {
        began.complete(run.job().job());
      }
    }

    @Override
    public void progressed(Plan.Run plan, long ran, long failed) {
      datums.add(ran);
    }

    @Override
    public void ended(StageOutcome outcome) {}
  }

  private RunReport run(RunContext context, int parallelism, String shell, RunEvents events) {
    try (Lease unused = Lease.hold(workshop.store().session(), context.run(), Clock.systemUTC())) {
      return new Corridor(context, runner -> new BeamEngine(), events)
          .run(workshop.pipeline(STAGES.formatted(parallelism, shell)));
    }
  }

  private CompletableFuture<RunReport> start(RunContext context, String shell, RunEvents events) {
    return CompletableFuture.supplyAsync(() -> run(context, 4, shell, events));
  }

  @Test
  void howFarItIsIsTold() {
    Told told = new Told();

    RunReport report = run(workshop.newRun(), 1, "sleep 1; cp /pfs/in/* /pfs/out/", told);

    assertThat(report.succeeded()).as("%s", report).isTrue();
    assertThat(told.datums).isSorted().anyMatch(ran -> ran > 0 && ran < 4);
  }

  @Test
  void aRunThatIsStoppedEndsItsStageBeginsNoOtherAndKeepsWhatWasDone() throws Exception {
    Told told = new Told();
    RunContext context = workshop.newRun();
    String shell = "if [ -e /pfs/in/f0 ]; then cp /pfs/in/f0 /pfs/out/; else sleep 600; fi";
    CompletableFuture<RunReport> running = start(context, shell, told);
    Sha256 job = told.began.get(MOST_SECONDS, TimeUnit.SECONDS);
    awaitResult(job);

    context.stop().by("a test");

    RunReport report = running.get(MOST_SECONDS, TimeUnit.SECONDS);
    assertThat(report.state()).isEqualTo("KILLED");
    assertThat(report.stages())
        .extracting(StageOutcome::state)
        .containsExactly("KILLED", "UNRUNNABLE");
    assertThat(report.stages().get(0).cause()).isEqualTo("Stopped by a test.");
    assertThat(record(job).state()).isEqualTo(JobState.KILLED);
    assertThat(workshop.store().jobs().published(job)).isEmpty();
    RunContext next = workshop.newRun();
    Told again = new Told();
    CompletableFuture<RunReport> rest = start(next, shell, again);
    var unused = again.began.get(MOST_SECONDS, TimeUnit.SECONDS);
    next.stop().by("a test");
    Plan.Run plan =
        ((StageOutcome.Ran) rest.get(MOST_SECONDS, TimeUnit.SECONDS).stages().get(0)).plan();
    assertThat(plan.reused()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "run"})
  void whatALibraryThatASignalEndedFailsWithIsNoFault(String at) throws Exception {
    RunnerDefaults dying = new RunnerDefaults("dying", Map.of("at", at), Map.of());
    RunContext stopped = workshop.newRun(dying);
    DyingRunner.revive();
    CompletableFuture<RunReport> running = startAndBegin(stopped);

    stopped.stop().by("a signal");
    DyingRunner.die();

    StageOutcome work = running.get(MOST_SECONDS, TimeUnit.SECONDS).stages().get(0);
    assertThat(work.state()).isEqualTo("KILLED");
    assertThat(work.cause()).isEqualTo("Stopped by a signal.");
    DyingRunner.revive();
    CompletableFuture<RunReport> failing = startAndBegin(workshop.newRun(dying));
    DyingRunner.die();
    StageOutcome broken = failing.get(MOST_SECONDS, TimeUnit.SECONDS).stages().get(0);
    assertThat(broken).isInstanceOf(StageOutcome.Broken.class);
    assertThat(broken.cause()).contains("the library is gone");
  }

  @Test
  void whatPublishedBeforeALibraryEndedIsDoneThoughARunIsStopped() throws Exception {
    RunContext stopped =
        workshop.newRun(new RunnerDefaults("dying", Map.of("at", "end"), Map.of()));
    DyingRunner.revive();
    Told told = new Told();
    CompletableFuture<RunReport> running = start(stopped, "true", told);
    Sha256 job = told.began.get(MOST_SECONDS, TimeUnit.SECONDS);
    await(() -> workshop.store().jobs().published(job).isPresent());

    stopped.stop().by("a signal");
    DyingRunner.die();

    RunReport report = running.get(MOST_SECONDS, TimeUnit.SECONDS);
    assertThat(report.stages())
        .extracting(StageOutcome::state)
        .containsExactly("SUCCESS", "KILLED");
    assertThat(record(job).state()).isEqualTo(JobState.SUCCESS);
  }

  private CompletableFuture<RunReport> startAndBegin(RunContext context) throws Exception {
    Told told = new Told();
    CompletableFuture<RunReport> running = start(context, "true", told);
    awaitBegun(told.began.get(MOST_SECONDS, TimeUnit.SECONDS));
    return running;
  }

  @Test
  void aJobIsStoppedByWhoeverAsksInTheStore() throws Exception {
    Told told = new Told();
    RunContext context = workshop.newRun();
    CompletableFuture<RunReport> running = start(context, "sleep 600", told);
    Sha256 job = told.began.get(MOST_SECONDS, TimeUnit.SECONDS);
    awaitBegun(job);

    JobRecord stopped =
        new JobControl(workshop.store(), Clock.systemUTC()).stop(record(job), "bob");

    assertThat(stopped.state()).isEqualTo(JobState.KILLED);
    assertThat(stopped.end().orElseThrow().cause()).isEqualTo("Stopped by bob.");
    assertThat(running.get(MOST_SECONDS, TimeUnit.SECONDS).state()).isEqualTo("KILLED");
    assertThatThrownBy(
            () -> new JobControl(workshop.store(), Clock.systemUTC()).stop(stopped, "bob"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("does not run: it is KILLED");
  }

  @Test
  void aRunIsStoppedByWhoeverAsksInTheStoreAndBeginsNothingMore() throws Exception {
    Told told = new Told();
    RunContext context = workshop.newRun();
    CompletableFuture<RunReport> running = start(context, "sleep 600", told);
    awaitBegun(told.began.get(MOST_SECONDS, TimeUnit.SECONDS));

    workshop.store().runs().askToStop(context.run(), "bob", Instant.now());

    RunReport report = running.get(MOST_SECONDS, TimeUnit.SECONDS);
    assertThat(report.state()).isEqualTo("KILLED");
    assertThat(context.stop().requestedBy()).contains("bob");
  }

  @Test
  void whatFailedInAProcessOfTheRunBeforeStandsUnlessTheRunIsResumed() {
    RunContext first = workshop.newRun();
    assertThat(run(first, 1, "exit 1", RunEvents.NONE).state()).isEqualTo("FAILURE");

    RunReport handedOver =
        new Corridor(
                sameRun(first, true),
                runner -> {
                  throw new AssertionError("the stage would run again");
                },
                RunEvents.NONE)
            .run(workshop.pipeline(STAGES.formatted(1, "exit 1")));
    assertThat(handedOver.stages())
        .extracting(StageOutcome::state)
        .containsExactly("FAILURE", "UNRUNNABLE");

    Told told = new Told();
    assertThat(run(sameRun(first, false), 1, "exit 1", told).state()).isEqualTo("FAILURE");
    assertThat(told.began).isCompleted();
    assertThat(record(told.began.join()).attempts()).hasSize(2);
  }

  @Test
  void aRequestThatComesAfterTheEndChangesNothing() {
    Runs runs = workshop.store().runs();
    runs.record("feed", CanonicalJson.object().put("state", "SUCCESS"));

    runs.askToStop("feed", "bob", Instant.now());

    assertThat(runs.end("feed").orElseThrow().path("state").asText()).isEqualTo("SUCCESS");
    runs.resume("feed", Instant.now());
    assertThat(runs.end("feed")).isEmpty();
    assertThat(runs.stopRequest("feed")).isEmpty();
  }

  private static RunContext sameRun(RunContext run, boolean goesOn) {
    return new RunContext(
        run.store(),
        run.location(),
        run.run(),
        run.author(),
        run.time(),
        run.engine(),
        run.runners(),
        run.scratch(),
        run.clock(),
        run.stop(),
        goesOn);
  }

  private JobRecord record(Sha256 job) {
    return new JobRecords(workshop.store()).require(job.hex());
  }

  private void awaitBegun(Sha256 job) throws InterruptedException {
    await(() -> record(job).state() == JobState.RUNNING);
  }

  private void awaitResult(Sha256 job) throws InterruptedException {
    awaitBegun(job);
    long attempt = record(job).attempts().get(0).number();
    await(
        () -> {
          boolean[] any = {false};
          workshop.store().journals().read(attempt, result -> any[0] = true);
          return any[0];
        });
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(MOST_SECONDS));
      Thread.sleep(50);
    }
  }
}
