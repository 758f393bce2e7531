// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.GraphEngine;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.StageWork;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.LibraryLogs;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.transforms.beam.StageFailure;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.beam.sdk.Pipeline;

/** Compiles plans into Beam graphs and runs them on the runner that each names. */
public final class BeamEngine implements GraphEngine {

  /** An engine; what libraries tell of their own is quieted in this process. */
  public BeamEngine() {
    LibraryLogs.quiet();
  }

  @Override
  public Publication run(RunContext context, Plan.Run plan, Attempt attempt, RunEvents events) {
    GraphRunner runner = GraphRunners.require(plan.runner().name());
    Pipeline graph = runner.newGraph(settings(context, plan, runner));
    GraphSite site = new GraphSite(context.location(), plan.job().job().hex(), attempt.number());
    GraphWatch watch = new GraphWatch(context, plan, attempt, events);
    try {
      requireQuery(plan);
      new StageGraph(context.store(), plan, site, runner.partsOfWorker()).addTo(graph);
      run(runner, graph, watch);
    } catch (UserFault e) {
      // Types are inferred from the data before there is a graph.
      return failed(context, plan, attempt, StageFailure.of(e));
    } catch (GraphFailure e) {
      Optional<Publication> published = end(context, plan, attempt);
      if (published.isPresent()) {
        return published.get();
      }
      return e.isCancelled() || isStopping(context)
          ? killed(context, plan, attempt, watch)
          : failed(context, plan, attempt, failure(e));
    } catch (RuntimeException e) {
      if (!isStopping(context)) {
        throw e;
      }
      return end(context, plan, attempt).orElseGet(() -> killed(context, plan, attempt, watch));
    }
    return end(context, plan, attempt)
        .orElseThrow(
            () -> new IllegalStateException("the graph of " + plan.stage() + " did not publish"));
  }

  private static void requireQuery(Plan.Run plan) {
    Optional<StageWork.PerDatum> datums =
        plan.work()
            .match(
                new StageWork.Cases<>() {
                  @Override
                  public Optional<StageWork.PerDatum> perDatum(StageWork.PerDatum work) {
                    return Optional.of(work);
                  }

                  @Override
                  public Optional<StageWork.PerDatum> chain(StageWork.Chain work) {
                    return Optional.empty();
                  }
                });
    datums.ifPresent(QueryCheck::require);
  }

  /**
   * What fails then is no fault: a signal that ends this process ends what libraries run in it as
   * well, and they may be quicker than we are.
   */
  private static boolean isStopping(RunContext context) {
    return context.stop().requestedBy().isPresent();
  }

  private static void run(GraphRunner runner, Pipeline graph, GraphWatch watch)
      throws GraphFailure {
    try (GraphRun run = runner.start(graph)) {
      watch.await(run);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a graph ran", e);
    }
  }

  /** How the attempt ended, as the graph's last step wrote it down if it came so far. */
  private static Optional<Publication> end(RunContext context, Plan.Run plan, Attempt attempt) {
    return new JobStates(context.store().jobs(), plan.job().job())
        .end(attempt.number())
        .map(Publication::of);
  }

  private static Publication killed(
      RunContext context, Plan.Run plan, Attempt attempt, GraphWatch watch) {
    String who =
        watch.stoppedBy().or(context.stop()::requestedBy).orElse("somebody in the cluster");
    return new Publisher(context.store(), context.clock())
        .kill(plan.job(), attempt, new Publication.Killed(who));
  }

  private static Publication failed(
      RunContext context, Plan.Run plan, Attempt attempt, StageFailure failure) {
    return plan.work()
        .match(
            new StageWork.Cases<>() {
              @Override
              public Publication perDatum(StageWork.PerDatum work) {
                throw failure.fault();
              }

              @Override
              public Publication chain(StageWork.Chain work) {
                return datumFailed(context, plan, attempt, failure);
              }
            });
  }

  /** The data of a stage that reads its input as a whole is at fault: its one datum failed. */
  private static Publication datumFailed(
      RunContext context, Plan.Run plan, Attempt attempt, StageFailure failure) {
    Store store = context.store();
    Sha256 datum = StageGraph.onlyDatum(store, plan).key();
    store.journals().write(attempt.number(), List.of(KeepTable.failed(datum, List.of(failure))));
    return new Publisher(store, context.clock()).publish(plan.job(), attempt);
  }

  private static RunnerSettings settings(RunContext context, Plan.Run plan, GraphRunner runner) {
    OptionalLong parallelism = plan.work().tuning().parallelism();
    Optional<String> master = plan.runner().master().or(runner::masterOfProcess);
    return new RunnerSettings(
        "beamwright-" + plan.stage(),
        parallelism.isPresent()
            ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, parallelism.getAsLong()))
            : OptionalInt.empty(),
        plan.runner().options(),
        master,
        plan.work().tuning().requests().memoryBytes(),
        master.isPresent()
            ? WorkerJars.of(plan.work(), runner, context.location(), context.scratch())
            : List.of());
  }

  /**
   * What was wrong with the data.
   *
   * @throws Fault any other that a step threw
   * @throws IllegalStateException for anything else: it is our bug
   */
  private static StageFailure failure(GraphFailure failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UserFault fault) {
        return StageFailure.of(fault);
      }
      if (t instanceof Fault fault) {
        throw fault;
      }
      if (t instanceof IOException || t instanceof UncheckedIOException) {
        throw new EnvironmentFault(
            "A worker cannot read or write its files: " + t.getMessage() + ".",
            "Make room in its temporary folder, and check its permissions.",
            t);
      }
    }
    return StageFailure.hiddenIn(failure)
        .orElseThrow(() -> new IllegalStateException(failure.getMessage(), failure));
  }
}
