// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.JobState;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with one stage, a bug of ours too, is that stage's: the others run. */
class StagesApartTest {

  @TempDir Path temp;

  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = Workshop.in(temp);
    workshop.put("in", Map.of("/a", "1", "/b", "2"));
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @Test
  void aBugEndsItsStageAloneAndIsWrittenDown() {
    RunReport report = run(() -> new NullPointerException("oops"), copy("bad", "in"));

    assertThat(states(report)).isEqualTo("bad FAILURE, good SUCCESS, after UNRUNNABLE");
    StageOutcome.Broken bad = (StageOutcome.Broken) report.stages().get(0);
    assertThat(bad.thrown()).isInstanceOf(NullPointerException.class);
    assertThat(report.stages().get(2).cause()).isEqualTo("the stage bad failed");
    JobRecord job = new JobRecords(workshop.store()).require("bad");
    assertThat(job.state()).isEqualTo(JobState.FAILURE);
    assertThat(job.end().orElseThrow().cause())
        .isEqualTo("This is a bug in Beamwright: java.lang.NullPointerException: oops");
    assertThat(job.end().orElseThrow().remedy()).isEqualTo("Please report it.");
  }

  @Test
  void aFaultOfTheMachineAndAnErrorOfJavaEndTheirStageAlone() {
    RunReport report =
        run(() -> new EnvironmentFault("The disk is full.", "Make room."), copy("bad", "in"));

    assertThat(states(report)).isEqualTo("bad FAILURE, good SUCCESS, after UNRUNNABLE");
    assertThat(report.stages().get(0).cause()).isEqualTo("The disk is full.");
    assertThat(new JobRecords(workshop.store()).require("bad").end().orElseThrow().remedy())
        .isEqualTo("Make room.");
    RunReport worse = run(() -> new StackOverflowError(), copy("bad", "in"));
    assertThat(states(worse)).isEqualTo("bad FAILURE, good REUSED, after UNRUNNABLE");
  }

  @Test
  void whatIsOnlyFoundWhilePlanningEndsItsStageAlone() {
    Refs refs =
        workshop
            .store()
            .repos()
            .refs(workshop.store().repos().createIfAbsent("bad", "", "t", Instant.now()));
    var unused =
        refs.move(
            refs.head("master"),
            RefKind.TAG,
            new RefMove(
                Optional.of(workshop.commit("in").id()), "t", Instant.now(), "", Optional.empty()));

    RunReport report = run(() -> new AssertionError(), copy("bad", "in"));

    assertThat(states(report)).isEqualTo("bad FAILURE, good SUCCESS, after UNRUNNABLE");
    assertThat(((StageOutcome.Broken) report.stages().get(0)).thrown())
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("bad@master, which is a tag");
  }

  @Test
  void aRunThatGoesOnElsewhereIsNoEndOfItsStage() {
    RunElsewhere elsewhere =
        new RunElsewhere("a runner is needed") {
          private static final long serialVersionUID = 1L;
        };
    assertThatThrownBy(
            () ->
                new Corridor(
                        workshop.newRun(),
                        runner -> {
                          throw elsewhere;
                        },
                        RunEvents.NONE)
                    .run(workshop.pipeline(copy("bad", "in"))))
        .isSameAs(elsewhere);
    assertThat(workshop.store().attempts().newestNumber()).isNegative();
  }

  @Test
  void aBranchThatNobodyMadeYetMakesItsReadersUnrunnableAndNobodyElse() {
    String unmade = copy("bad", "in").replace("\"glob\"", "\"branch\": \"mastr\", \"glob\"");

    RunReport report = run(() -> new AssertionError(), unmade);

    assertThat(states(report)).isEqualTo("bad UNRUNNABLE, good SUCCESS, after UNRUNNABLE");
    assertThat(report.stages().get(0).cause())
        .startsWith(
            "There is no branch, tag, commit or job \"mastr\" in the repo in. Did you mean master?");
    assertThat(report.stages().get(2).cause()).isEqualTo(report.stages().get(0).cause());
    assertThat(report.state()).isEqualTo("FAILURE");
    assertThat(workshop.store().repos().find("bad")).isEmpty();
    List<Plan> plans = dryRun(pipeline(unmade));
    assertThat(plans.get(0)).isInstanceOf(Plan.Unrunnable.class);
    assertThat(plans.get(1)).isInstanceOf(Plan.Reuse.class);
    assertThat(plans.get(2)).isInstanceOf(Plan.Unrunnable.class);
  }

  @Test
  void aBranchThatWasDeletedIsNotThereAndATagIs() {
    Refs refs = workshop.store().repos().refs(workshop.store().repos().require("in"));
    CommitId commit = workshop.commit("in").id();
    move(refs, "gone", RefKind.BRANCH, Optional.of(commit));
    move(refs, "gone", RefKind.BRANCH, Optional.empty());
    move(refs, "v1", RefKind.TAG, Optional.of(commit));

    RunReport report =
        run(
            () -> new AssertionError(),
            copy("gone", "in").replace("\"glob\"", "\"branch\": \"gone\", \"glob\""),
            copy("tagged", "in").replace("\"glob\"", "\"branch\": \"v1\", \"glob\""));

    assertThat(states(report)).startsWith("gone UNRUNNABLE, tagged SUCCESS");
    assertThat(report.stages().get(0).cause()).contains("\"gone\"");
  }

  @Test
  void anotherBranchOfARepoThatThisRunMakesIsNotMadeYet() {
    String other = copy("other", "good").replace("\"glob\"", "\"branch\": \"dev\", \"glob\"");

    assertThat(states(run(() -> new AssertionError(), other)))
        .isEqualTo("other UNRUNNABLE, good SUCCESS, after UNRUNNABLE");
  }

  @Test
  void aRepoThatIsNotThereIsRefusedBeforeAnythingRuns() {
    Pipeline pipeline = pipeline(copy("bad", "inn"));

    assertThatThrownBy(() -> pins(pipeline))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("There is no repo \"inn\"");
    assertThat(workshop.store().repos().find("good")).isEmpty();
  }

  @Test
  void aGlobThatMatchesNothingIsToldAndTheStageMakesAnEmptyCommit() {
    workshop.put("deep", Map.of("/2017/a.csv", "1", "/2017/b.csv", "2"));
    workshop.put("none", Map.of());
    String spec =
        """
        {"pipeline": {"name": "empty"}, "transform": {"cmd": ["true"]},
         "input": {"cross": [{"pfs": {"repo": "none", "glob": "/*"}},
                             {"pfs": {"repo": "deep", "name": "d", "glob": "/2017/*.cvs"}},
                             {"pfs": {"repo": "in", "glob": "/[ab]"}}]}}
        """;

    Plan.Run planned = (Plan.Run) dryRun(workshop.pipeline(spec)).get(0);

    assertThat(planned.notes())
        .filteredOn(note -> note.contains("glob"))
        .containsExactly(
            "the glob \"/*\" of the input none matches nothing in none@master, which has no file.",
            "the glob \"/2017/*.cvs\" of the input d matches nothing in deep@master. Under /2017 there"
                + " is: /2017/a.csv, /2017/b.csv.");
    assertThat(workshop.runWithoutEngine(spec).succeeded()).isTrue();
    assertThat(workshop.texts("empty")).isEmpty();
  }

  // --- the pipeline of these tests: stages under test, a good one, and one that reads the first
  // ---

  private static String copy(String name, String repo) {
    return """
        {"pipeline": {"name": "%s"}, "input": {"pfs": {"repo": "%s", "glob": "/*"}},
         "transform": {"cmd": ["cp", "-r", "/pfs/%s/.", "/pfs/out"]}, "salt": "%s"}
        """
        .formatted(name, repo, repo, name);
  }

  private Pipeline pipeline(String... stages) {
    String first = stages[0].replaceAll("(?s).*?\"name\": \"(\\w+)\".*", "$1");
    return workshop.pipeline(
        Stream.concat(Stream.of(stages), Stream.of(copy("good", "in"), copy("after", first)))
            .collect(Collectors.joining(",", "[", "]")));
  }

  /** Runs it; stages called bad throw while they run. */
  private RunReport run(Supplier<Throwable> thrown, String... stages) {
    GraphEngine plain = new PlainEngine(10);
    GraphEngine engine =
        (context, plan, attempt, events) -> {
          if (plan.stage().equals("bad")) {
            throw unchecked(thrown.get());
          }
          return plain.run(context, plan, attempt, events);
        };
    Pipeline pipeline = pipeline(stages);
    return new Corridor(workshop.newRun(), runner -> engine, RunEvents.NONE)
        .run(pipeline, pins(pipeline));
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (RuntimeException) thrown;
  }

  private Map<String, CommitId> pins(Pipeline pipeline) {
    return new Puts(workshop.store(), "tester", Instant.now()).pinInputs(pipeline, Set.of());
  }

  private List<Plan> dryRun(Pipeline pipeline) {
    return new Corridor(
            workshop.newRun(),
            runner -> {
              throw new AssertionError("a dry run runs nothing");
            },
            RunEvents.NONE)
        .dryRun(pipeline);
  }

  private static void move(Refs refs, String name, RefKind kind, Optional<CommitId> to) {
    RefHead head = refs.head(name);
    RefMove move = new RefMove(to, "t", Instant.now(), "", Optional.empty());
    var unused = to.isPresent() ? refs.move(head, kind, move) : refs.delete(head, move);
  }

  private static String states(RunReport report) {
    return report.stages().stream()
        .map(stage -> stage.stage() + " " + stage.state())
        .collect(Collectors.joining(", "));
  }
}
