// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.publish.DatumTree;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.result.CopiedResults;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.result.KnownResults;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The datums of a job and what came of each. Not safe for several threads. */
public final class JobDatums {

  private final Store store;
  private final JobRecord job;
  private final Map<Sha256, DatumResult> journaled;
  private final Optional<DatumTree> committed;
  private @Nullable KnownResults known;

  private JobDatums(
      Store store,
      JobRecord job,
      Map<Sha256, DatumResult> journaled,
      Optional<DatumTree> committed) {
    this.store = store;
    this.job = job;
    this.journaled = journaled;
    this.committed = committed;
  }

  /** The datums of {@code job}; reads the journals of its attempts, or what was told of them. */
  public static JobDatums of(Store store, JobRecord job) {
    Map<Sha256, DatumResult> journaled =
        job.copy().isPresent() ? told(store, job.copy().get()) : journaled(store, job);
    Optional<DatumTree> committed =
        job.end()
            .flatMap(JobEnd::commit)
            .flatMap(commit -> DatumTree.of(store, store.commits().read(commit)));
    return new JobDatums(store, job, journaled, committed);
  }

  private static Map<Sha256, DatumResult> told(Store store, JobCopy copy) {
    Map<Sha256, DatumResult> told = new HashMap<>();
    CopiedResults.forEach(copy, store.files(), result -> told.put(result.key(), result));
    return told;
  }

  private static Map<Sha256, DatumResult> journaled(Store store, JobRecord job) {
    Map<Sha256, DatumResult> journaled = new HashMap<>();
    for (Attempt attempt : job.attempts()) {
      Map<Sha256, DatumResult> ofAttempt = new HashMap<>();
      store
          .journals()
          .read(
              attempt.number(), result -> ofAttempt.merge(result.key(), result, JobDatums::better));
      // The newest attempt comes first: of failures the last one tells, of successes the first.
      ofAttempt.forEach(
          (key, result) ->
              journaled.merge(key, result, (newer, older) -> isSuccess(older) ? older : newer));
    }
    return journaled;
  }

  private static DatumResult better(DatumResult first, DatumResult second) {
    return isSuccess(second) && !isSuccess(first) ? second : first;
  }

  private static boolean isSuccess(DatumResult result) {
    return result.state() == DatumResult.State.SUCCESS;
  }

  /** Gives each datum to {@code datums}, in the order of the plan. */
  public void forEach(Consumer<DatumRecord> datums) {
    Segments.read(store.files(), job.plan().segments(), datum -> datums.accept(read(datum)));
  }

  /**
   * The result that the job has for {@code datum}: what this job made, or for one that was skipped
   * what was there before.
   */
  public Optional<DatumResult> resultOf(DatumRecord datum) {
    if (datum.state() != DatumState.SKIPPED) {
      return datum.result();
    }
    Sha256 key = datum.datum().key();
    return committed.isPresent()
        ? committed.get().find(key).map(DatumTree.Done::result)
        : known().find(key);
  }

  private DatumRecord read(Datum datum) {
    Optional<DatumResult> ours =
        Optional.ofNullable(journaled.get(datum.key()))
            // A job with a commit has a whole result of each datum: where ours is none, another's.
            .filter(r -> job.state() != JobState.SUCCESS || isSuccess(r));
    return new DatumRecord(
        datum, state(datum.key(), ours), ours, job.contradicted().contains(datum.key()));
  }

  private DatumState state(Sha256 key, Optional<DatumResult> ours) {
    if (ours.isPresent()) {
      return ours.get().state() == DatumResult.State.SUCCESS
          ? DatumState.SUCCESS
          : DatumState.FAILED;
    }
    boolean hasResult = job.state() == JobState.SUCCESS || known().find(key).isPresent();
    return hasResult ? DatumState.SKIPPED : DatumState.PENDING;
  }

  private KnownResults known() {
    if (known == null) {
      known = store.results().known();
    }
    return known;
  }
}
