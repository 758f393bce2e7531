// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import java.util.Optional;

/**
 * What came of one stage in a run.
 *
 * @param stage its name
 * @param state a {@link JobState}'s name, or {@code REUSED} (nothing had changed), or {@code
 *     UNRUNNABLE} (a stage that it reads has no commit)
 * @param job the job that it was, or that made the commit before; absent if UNRUNNABLE
 * @param commit the commit that stages after it read, if there is one
 * @param why what changed so that it had to run; empty if it is not recorded
 * @param cause why it has no commit; empty if it has one
 */
public record StageRecord(
    String stage,
    String state,
    Optional<Sha256> job,
    Optional<CommitId> commit,
    String why,
    String cause) {

  /** The state of a stage of which nothing had changed. */
  public static final String REUSED = "REUSED";

  /** The state of a stage that could not run. */
  public static final String UNRUNNABLE = "UNRUNNABLE";
}
