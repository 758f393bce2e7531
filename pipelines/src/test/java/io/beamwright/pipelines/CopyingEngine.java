// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes every stage for one that puts the files of each input into a folder of the input's name,
 * whatever its spec says. Starts no process.
 */
public final class CopyingEngine implements GraphEngine {

  @Override
  public Publication run(RunContext context, Plan.Run plan, Attempt attempt, RunEvents events) {
    return finish(context.store(), plan, attempt);
  }

  /** Begins an attempt at {@code plan}, and ends it. */
  static Publication publish(Store store, Plan.Run plan) {
    return finish(store, plan, begin(store, plan));
  }

  /** An attempt at {@code plan} that has only begun. */
  static Attempt begin(Store store, Plan.Run plan) {
    String run = plan.job().provenance().run();
    return store
        .attempts()
        .begin(
            plan.job().job(), run, plan.stage(), Instant.now(), plan.job().datums(), plan.toRun());
  }

  /** Writes the results of what was to run, and publishes. */
  static Publication finish(Store store, Plan.Run plan, Attempt attempt) {
    List<DatumResult> results = new ArrayList<>();
    Segments.read(store.files(), plan.todo(), datum -> results.add(copied(datum)));
    if (!results.isEmpty()) {
      store.journals().write(attempt.number(), results);
    }
    return new Publisher(store, Clock.systemUTC()).publish(plan.job(), attempt);
  }

  private static DatumResult copied(Datum datum) {
    List<FileEntry> outputs = new ArrayList<>();
    datum
        .inputs()
        .forEach(
            input ->
                input
                    .files()
                    .forEach(
                        file ->
                            outputs.add(
                                file.at(new FilePath("/" + input.name() + file.path().text())))));
    return new DatumResult(
        datum.key(), DatumResult.State.SUCCESS, outputs, Optional.empty(), CanonicalJson.object());
  }
}
