// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.StageOutcome;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How a run ended, and what it made. */
public final class FinishedRun {

  private final BeamwrightStore store;
  private final RunReport report;

  FinishedRun(BeamwrightStore store, RunReport report) {
    this.store = store;
    this.report = report;
  }

  /** The report itself, for what this class does not show. */
  public RunReport report() {
    return report;
  }

  /**
   * By stage: its state, as {@code REUSED} or {@code FAILURE}, and after the state of one that was
   * planned anew how many datums ran and were reused, as in {@code SUCCESS ran 1 reused 2}.
   */
  public SortedMap<String, String> states() {
    SortedMap<String, String> states = new TreeMap<>();
    for (StageOutcome stage : report.stages()) {
      states.put(stage.stage(), state(stage));
    }
    return states;
  }

  private static String state(StageOutcome stage) {
    return stage instanceof StageOutcome.Ran ran
        ? stage.state() + " ran " + ran.plan().toRun() + " reused " + ran.plan().reused()
        : stage.state();
  }

  /**
   * The commit that a stage made or found.
   *
   * @throws AssertionError if there is none, with what failed
   */
  public StoredCommit commit(String stage) {
    return outcome(stage)
        .commit()
        .map(id -> store.commit(stage + "@" + id.hex()))
        .orElseThrow(
            () -> new AssertionError("The stage " + stage + " has no commit.\n" + failures()));
  }

  /** How many datums of a stage ran. */
  public long ran(String stage) {
    return outcome(stage) instanceof StageOutcome.Ran ran ? ran.plan().toRun() : 0;
  }

  /** How many datums of a stage had a result already; 0 too if the whole stage was reused. */
  public long reused(String stage) {
    return outcome(stage) instanceof StageOutcome.Ran ran ? ran.plan().reused() : 0;
  }

  private StageOutcome outcome(String stage) {
    return report.stages().stream()
        .filter(outcome -> outcome.stage().equals(stage))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "The run has no stage \"%s\"; its stages are %s."
                        .formatted(
                            stage,
                            report.stages().stream()
                                .map(StageOutcome::stage)
                                .collect(Collectors.joining(", ")))));
  }

  /** What failed: each stage with its failed datums, why, and their last lines; or nothing. */
  public String failures() {
    return FailureText.of(store.store(), report);
  }

  /**
   * Every stage has a commit.
   *
   * @throws AssertionError with {@link #failures}
   */
  public void assertSuccess() {
    if (!report.succeeded()) {
      throw new AssertionError("The run failed.\n" + failures());
    }
  }

  /**
   * A stage failed, and what is known of it holds a text.
   *
   * @param text is looked for in the reason, the remedy, and the reasons and last lines of datums
   */
  public void assertFailure(String stage, String text) {
    if (!(outcome(stage) instanceof StageOutcome.Failed failed)) {
      throw new AssertionError(
          "The stage " + stage + " did not fail: it is " + state(outcome(stage)) + ".");
    }
    String known = FailureText.of(store.store(), failed);
    if (!known.contains(text)) {
      throw new AssertionError(
          "The stage " + stage + " failed, but not with \"" + text + "\":\n" + known);
    }
  }

  /** No datum of any stage ran. */
  public void assertNothingRan() {
    String ran =
        report.stages().stream()
            .filter(stage -> ran(stage.stage()) > 0)
            .map(stage -> "\n  " + stage.stage() + ": " + state(stage) + ", " + stage.why())
            .collect(Collectors.joining());
    if (!ran.isEmpty()) {
      throw new AssertionError("Nothing was to run, and there ran:" + ran);
    }
  }
}
