// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.versioning.commit.CommitId;
import java.time.Instant;
import java.util.Optional;

/**
 * How a job ended.
 *
 * @param state SUCCESS, FAILURE or KILLED
 * @param at when
 * @param commit the commit that it made; absent if it failed
 * @param newerHead the head of the branch, if that was made of newer inputs and so stayed
 * @param failed how many datums failed
 * @param cause why it made no commit; empty if it did
 * @param remedy what to do about it, or empty
 * @param summary what it did and cost; absent if it was not written down
 */
public record JobEnd(
    JobState state,
    Instant at,
    Optional<CommitId> commit,
    Optional<CommitId> newerHead,
    long failed,
    String cause,
    String remedy,
    Optional<JobSummary> summary) {

  /** Without a summary. */
  JobEnd(
      JobState state,
      Instant at,
      Optional<CommitId> commit,
      Optional<CommitId> newerHead,
      long failed,
      String cause,
      String remedy) {
    this(state, at, commit, newerHead, failed, cause, remedy, Optional.empty());
  }

  /** The same with a summary. */
  JobEnd with(Optional<JobSummary> that) {
    return new JobEnd(state, at, commit, newerHead, failed, cause, remedy, that);
  }
}
