// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.versioning.commit.CommitId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** Runs the stages of a pipeline in the order of what they read, independent ones side by side. */
final class StageSchedule {

  private final Pipeline pipeline;
  private final Map<String, CommitId> pinned;
  private final BiFunction<Stage, Map<String, CommitId>, StageOutcome> walk;
  private final Map<String, CompletableFuture<StageOutcome>> stages = new LinkedHashMap<>();

  /**
   * @param pinned the commits of inputs that no stage makes, by {@code repo@branch}
   * @param walk runs one stage, given the commits that the stages before it made, by {@code
   *     repo@branch}
   */
  StageSchedule(
      Pipeline pipeline,
      Map<String, CommitId> pinned,
      BiFunction<Stage, Map<String, CommitId>, StageOutcome> walk) {
    this.pipeline = pipeline;
    this.pinned = Map.copyOf(pinned);
    this.walk = walk;
  }

  /**
   * Every stage's outcome, in the order of the pipeline.
   *
   * @throws RunElsewhere what {@code walk} threw for the first stage for which it threw
   */
  List<StageOutcome> runAll() {
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      for (Stage stage : pipeline.stages()) {
        stages.put(stage.name(), start(stage, threads));
      }
      CompletableFuture<Void> all =
          CompletableFuture.allOf(stages.values().toArray(new CompletableFuture<?>[0]));
      all.exceptionally(failure -> null).join();
      return outcomes();
    } finally {
      threads.shutdown();
    }
  }

  private CompletableFuture<StageOutcome> start(Stage stage, ExecutorService threads) {
    List<Stage> before = pipeline.upstream(stage);
    CompletableFuture<?>[] inputs =
        before.stream().map(up -> stages.get(up.name())).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(inputs).thenApplyAsync(made -> run(stage, before), threads);
  }

  private StageOutcome run(Stage stage, List<Stage> before) {
    Map<String, CommitId> upstream = new HashMap<>(pinned);
    for (Stage up : before) {
      StageOutcome outcome = outcome(up);
      if (outcome.commit().isEmpty()) {
        return new StageOutcome.Unrunnable(stage.name(), cause(outcome));
      }
      upstream.put(up.output(), outcome.commit().get());
    }
    return walk.apply(stage, upstream);
  }

  private static String cause(StageOutcome outcome) {
    return outcome instanceof StageOutcome.Unrunnable unrunnable
        ? unrunnable.cause()
        : "the stage "
            + outcome.stage()
            + (outcome.state().equals("KILLED") ? " was stopped" : " failed");
  }

  private List<StageOutcome> outcomes() {
    List<StageOutcome> outcomes = new ArrayList<>();
    for (Stage stage : pipeline.stages()) {
      outcomes.add(outcome(stage));
    }
    return outcomes;
  }

  private StageOutcome outcome(Stage stage) {
    try {
      return Objects.requireNonNull(stages.get(stage.name())).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw e;
    }
  }
}
