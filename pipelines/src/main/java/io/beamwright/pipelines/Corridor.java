// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.pipelines.spec.SpecReading;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobStates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way from specs to commits:
 *
 * <pre>
 *  spec (JSON) ─▶ Pipeline ─▶ Plan ─▶ Beam graph ─▶ results ─▶ commit
 *    read           validate    pin       compile      run         publish
 * </pre>
 */
public final class Corridor {

  private final RunContext context;
  private final Planner planner;
  private final Function<RunnerUse, GraphEngine> engine;
  private final RunEvents events;

  /**
   * The corridor of one run.
   *
   * @param engine gives what runs graphs on a runner; asked for only if something must run
   * @param events is told what happens
   */
  public Corridor(RunContext context, Function<RunnerUse, GraphEngine> engine, RunEvents events) {
    this.context = context;
    this.planner = new Planner(context);
    this.engine = engine;
    this.events = events;
  }

  /**
   * Reads and validates specs; touches no store.
   *
   * @param runners the names of the runners there are
   * @throws io.beamwright.pipelines.spec.SpecFault with every problem at once
   */
  public static Pipeline read(List<SpecSource> specs, StepCatalog steps, Set<String> runners) {
    return Pipeline.validate(SpecReading.of(specs), steps, runners);
  }

  /**
   * Runs every stage of {@code pipeline}, each when those that it reads have ended, independent
   * ones side by side. Waits for the end of all of them.
   *
   * @throws RunElsewhere if a stage has to run in another process, once all others have ended
   */
  public RunReport run(Pipeline pipeline) {
    return run(pipeline, Map.of());
  }

  /**
   * The same, where inputs are pinned already, so that all stages read the same commit of a branch
   * whoever moves it meanwhile.
   *
   * @param pinned the commits to read, by {@code repo@branch}
   */
  public RunReport run(Pipeline pipeline, Map<String, CommitId> pinned) {
    return new RunReport(context.run(), new StageSchedule(pipeline, pinned, this::walk).runAll());
  }

  /** Walks one stage through the corridor, now that its inputs exist. */
  private StageOutcome walk(Stage stage, Map<String, CommitId> upstream) {
    Optional<String> stopped = context.stop().requestedBy();
    if (stopped.isPresent()) {
      return new StageOutcome.NotBegun(stage.name(), stopped.get());
    }
    StageOutcome outcome =
        orBroken(stage.name(), Optional.empty(), () -> walk(planner.pin(stage, upstream)));
    events.ended(outcome);
    return outcome;
  }

  private StageOutcome walk(Plan plan) {
    events.planned(plan);
    return plan.match(
        new Plan.Cases<>() {
          @Override
          public StageOutcome reuse(Plan.Reuse reuse) {
            return new StageOutcome.Reused(reuse);
          }

          @Override
          public StageOutcome run(Plan.Run run) {
            return orBroken(
                run.stage(), Optional.of(run), () -> outcome(run, compileRunPublish(run)));
          }

          @Override
          public StageOutcome waiting(Plan.Waiting waiting) {
            throw new IllegalStateException(waiting.stage() + " runs before its inputs are there");
          }

          @Override
          public StageOutcome unrunnable(Plan.Unrunnable unrunnable) {
            return new StageOutcome.Unrunnable(unrunnable.stage(), unrunnable.why());
          }
        });
  }

  /** What breaks one stage, a bug of ours too, leaves the others alone. */
  private static StageOutcome orBroken(
      String stage, Optional<Plan.Run> planned, Supplier<StageOutcome> walk) {
    try {
      return walk.get();
    } catch (RunElsewhere elsewhere) {
      throw elsewhere;
    } catch (RuntimeException | Error thrown) {
      return new StageOutcome.Broken(stage, planned, thrown);
    }
  }

  /** A graph holds only what must run; where nothing must, there is only the commit to make. */
  private Publication compileRunPublish(Plan.Run run) {
    if (context.goesOn()) {
      Optional<Publication> ended = endInThisRun(run);
      if (ended.isPresent()) {
        return ended.get();
      }
    }
    // First: where there is no engine, nothing has begun.
    Optional<GraphEngine> graphs =
        run.toRun() == 0 ? Optional.empty() : Optional.of(engine.apply(run.runner()));
    Attempt attempt = begin(run);
    Publisher publisher = new Publisher(context.store(), context.clock());
    try {
      return graphs.isPresent()
          ? graphs.get().run(context, run, attempt, events)
          : publisher.publish(run.job(), attempt);
    } catch (UserFault fault) {
      // What only the inputs could tell, such as a column that a query names: this stage fails,
      // and others go on.
      return publisher.refuse(
          run.job(),
          attempt,
          new Publication.Refused(String.valueOf(fault.getMessage()), fault.remedy()));
    } catch (RuntimeException | Error thrown) {
      breakOff(publisher, run, attempt, thrown);
      throw thrown;
    }
  }

  /** Writes down why the job ended, so that it does not look as if it ran for ever. */
  private static void breakOff(
      Publisher publisher, Plan.Run run, Attempt attempt, Throwable thrown) {
    try {
      Publication unused = publisher.breakOff(run.job(), attempt, Publication.Broken.by(thrown));
    } catch (RuntimeException another) {
      // The store itself is what failed, most likely: the first is the one to tell of.
      thrown.addSuppressed(another);
    }
  }

  /**
   * How the job ended in a process of this run before: it failed, or it would be reused. What broke
   * there is tried again.
   */
  private Optional<Publication> endInThisRun(Plan.Run run) {
    return new JobStates(context.store().jobs(), run.job().job())
        .ends().stream()
            .filter(end -> !end.path("broken").asBoolean())
            .filter(
                end ->
                    context
                        .store()
                        .attempts()
                        .at(end.path("attempt").asLong(-1))
                        .filter(attempt -> attempt.run().equals(context.run()))
                        .isPresent())
            .findFirst()
            .map(Publication::of);
  }

  private Attempt begin(Plan.Run run) {
    Attempt attempt =
        context
            .store()
            .attempts()
            .begin(
                run.job().job(),
                context.run(),
                run.stage(),
                context.clock().instant(),
                run.job().datums(),
                run.toRun());
    ObjectNode plan = run.job().toJson();
    ArrayNode toRun = plan.putArray("to_run");
    // Named in the store, so that garbage collection keeps them for as long as the run lives.
    run.todo().forEach(segment -> toRun.add(segment.toJson()));
    run.todo().forEach(context.store().session()::useFile);
    context.store().jobs().writePlan(run.job().job(), attempt.number(), plan);
    return attempt;
  }

  private static StageOutcome outcome(Plan.Run run, Publication publication) {
    return publication.match(
        new Publication.Cases<>() {
          @Override
          public StageOutcome published(Publication.Published published) {
            return new StageOutcome.Committed(run, published.commit(), Optional.empty());
          }

          @Override
          public StageOutcome superseded(Publication.Superseded superseded) {
            return new StageOutcome.Committed(
                run, superseded.commit(), Optional.of(superseded.head()));
          }

          @Override
          public StageOutcome incomplete(Publication.Incomplete incomplete) {
            return new StageOutcome.Failed(
                run,
                incomplete.missing() + " of " + run.job().datums() + " datums failed.",
                "Correct what the log says and run again: the datums that ran well are kept.",
                incomplete.missing(),
                incomplete.examples());
          }

          @Override
          public StageOutcome refused(Publication.Refused refused) {
            return new StageOutcome.Failed(run, refused.what(), refused.remedy(), 0, List.of());
          }

          @Override
          public StageOutcome broken(Publication.Broken broken) {
            return new StageOutcome.Failed(run, broken.what(), broken.remedy(), 0, List.of());
          }

          @Override
          public StageOutcome killed(Publication.Killed killed) {
            return new StageOutcome.Killed(run, killed.by());
          }
        });
  }

  /**
   * What {@link #run} would do, stage by stage: a stage whose input another one has yet to make is
   * {@link Plan.Waiting}, one with an input that nobody made {@link Plan.Unrunnable}. Call it with
   * a context whose store is a trial.
   */
  public List<Plan> dryRun(Pipeline pipeline) {
    Map<String, Plan> plans = new LinkedHashMap<>();
    Map<String, CommitId> upstream = new LinkedHashMap<>();
    for (Stage stage : pipeline.stages()) {
      Plan plan =
          notYet(stage, pipeline.upstream(stage), plans)
              .orElseGet(() -> planner.pin(stage, upstream));
      plans.put(stage.name(), plan);
      if (plan instanceof Plan.Reuse reuse) {
        upstream.put(stage.output(), reuse.commit());
      }
    }
    return List.copyOf(plans.values());
  }

  /** That {@code stage} waits for stages before it, or cannot run because one of them cannot. */
  private static Optional<Plan> notYet(Stage stage, List<Stage> before, Map<String, Plan> plans) {
    List<String> unmade = new ArrayList<>();
    for (Stage up : before) {
      Plan plan = Objects.requireNonNull(plans.get(up.name()));
      if (plan instanceof Plan.Unrunnable unrunnable) {
        return Optional.of(new Plan.Unrunnable(stage.name(), unrunnable.why()));
      }
      if (!(plan instanceof Plan.Reuse)) {
        unmade.add(up.name());
      }
    }
    return unmade.isEmpty()
        ? Optional.empty()
        : Optional.of(new Plan.Waiting(stage.name(), "waits for " + String.join(", ", unmade)));
  }
}
