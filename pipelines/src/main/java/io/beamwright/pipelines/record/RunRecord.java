// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.versioning.commit.CommitId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A run as its store remembers it.
 *
 * @param run its id
 * @param author who submitted it
 * @param time when
 * @param engine version of Beamwright
 * @param runner the runner of stages that name none
 * @param specs names of the spec files
 * @param puts the commits that {@code --put} made or found, by repo
 * @param state how it stands
 * @param ended when it ended, if it did
 * @param stages its stages in the order of the pipeline; of one that did not come to its end, those
 *     that began
 * @param reason the fault that ended it early; empty if none did
 * @param remedy what to do about that, or empty
 * @param isCopied whether it ran in another store, which told of it
 */
public record RunRecord(
    String run,
    String author,
    Instant time,
    String engine,
    String runner,
    List<String> specs,
    SortedMap<String, CommitId> puts,
    RunState state,
    Optional<Instant> ended,
    List<StageRecord> stages,
    String reason,
    String remedy,
    boolean isCopied) {

  public RunRecord {
    specs = List.copyOf(specs);
    puts = Collections.unmodifiableSortedMap(new TreeMap<>(puts));
    stages = List.copyOf(stages);
  }

  /** From submitted to ended, if it ended. */
  public Optional<Duration> took() {
    return ended.map(end -> Duration.between(time, end));
  }
}
