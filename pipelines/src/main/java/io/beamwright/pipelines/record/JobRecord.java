// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.ClusterJob;
import io.beamwright.versioning.job.JobCopy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A job as its store remembers it.
 *
 * @param plan what was fixed of it when it was planned
 * @param state how it stands
 * @param attempts its attempts up to the one that decided its state, newest first
 * @param end how it ended; present for SUCCESS and FAILURE
 * @param cluster where the newest attempt was sent, if it was
 * @param contradicted keys of datums that ran twice with different outputs
 * @param copy what another store told of it, where its commit was copied from there; numbers of
 *     attempts are those of that store
 */
public record JobRecord(
    JobPlan plan,
    JobState state,
    List<Attempt> attempts,
    Optional<JobEnd> end,
    Optional<ClusterJob> cluster,
    Set<Sha256> contradicted,
    Optional<JobCopy> copy) {

  public JobRecord {
    attempts = List.copyOf(attempts);
    contradicted = Set.copyOf(contradicted);
  }

  /** The job's id. */
  public Sha256 id() {
    return plan.job();
  }

  /** The stage's name. */
  public String stage() {
    return plan.stage();
  }

  /** The run of the newest attempt, or the one that planned it. */
  public String run() {
    return attempts.stream().findFirst().map(Attempt::run).orElse(plan.provenance().run());
  }

  /** The place of one of its attempts among them: 1 is the first that began. */
  public int ordinal(Attempt attempt) {
    return attempts.size() - attempts.indexOf(attempt);
  }

  /** When the newest attempt began. */
  public Optional<Instant> started() {
    return attempts.stream().findFirst().map(Attempt::at);
  }

  /** From the beginning of the newest attempt to its end. */
  public Optional<Duration> took() {
    return end.flatMap(e -> started().map(start -> Duration.between(start, e.at())));
  }

  /** How many datums had no result when it first began, and so were to run. */
  public long toRun() {
    return attempts.stream().mapToLong(Attempt::toRun).max().orElse(0);
  }

  /**
   * How many datums ran: all that were to, if it made a commit; else those of the attempt that
   * decided its state, if that is known.
   */
  public Optional<Long> ran() {
    return state == JobState.SUCCESS ? Optional.of(toRun()) : summary().map(JobSummary::ran);
  }

  /** How many datums had a result when it first began. */
  public long reused() {
    return plan.datums() - toRun();
  }

  /** What the attempt that decided its state did and cost, if that was written down. */
  public Optional<JobSummary> summary() {
    return end.flatMap(JobEnd::summary);
  }
}
