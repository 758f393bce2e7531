// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.GraphEngine;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.plan.StageWork;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.transforms.datum.DatumJob;
import io.beamwright.transforms.datum.DatumRunner;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.job.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the datums of a stage one after the other, by the classes that a graph runs them by and
 * publishes by, but without Beam: for drills that start hundreds of processes.
 */
public final class PlainEngine implements GraphEngine {

  private final int datumsInBundle;
  private final Duration flushedEvery;

  /** A journal is written after every {@code datumsInBundle} datums. */
  public PlainEngine(int datumsInBundle) {
    this(datumsInBundle, LiveLogWriter.FLUSHED_EVERY);
  }

  /** The same; what programs print is written {@code flushedEvery}. */
  public PlainEngine(int datumsInBundle, Duration flushedEvery) {
    this.datumsInBundle = datumsInBundle;
    this.flushedEvery = flushedEvery;
  }

  @Override
  public Publication run(RunContext context, Plan.Run plan, Attempt attempt, RunEvents events) {
    Store store = context.store();
    List<Datum> datums = new ArrayList<>();
    Segments.read(store.files(), plan.todo(), datums::add);
    try (LiveLogWriter live = new LiveLogWriter(store.liveLog(attempt.number()), flushedEvery);
        DatumRunner runner =
            DatumRunner.of(
                ((StageWork.PerDatum) plan.work()).transform(),
                new DatumJob(plan.job().job().hex(), plan.stage()),
                store.files(),
                store.trees()::open,
                context.scratch(),
                live)) {
      for (int begin = 0; begin < datums.size(); begin += datumsInBundle) {
        int end = Math.min(datums.size(), begin + datumsInBundle);
        runBundle(runner, store, attempt, datums.subList(begin, end));
      }
    }
    JobPlan fixed = JobPlan.of(store.jobs().plan(plan.job().job()).orElseThrow());
    return new Publisher(store, context.clock()).publish(fixed, attempt);
  }

  private static void runBundle(
      DatumRunner runner, Store store, Attempt attempt, List<Datum> datums) {
    try (JournalWriter journal = new JournalWriter(store, attempt.number())) {
      for (Datum datum : datums) {
        journal.add(datum.key(), runner.run(datum, journal.packer()));
      }
      journal.flush();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
