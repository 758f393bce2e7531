// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

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
 */
public record JobEnd(
    JobState state,
    Instant at,
    Optional<CommitId> commit,
    Optional<CommitId> newerHead,
    long failed,
    String cause,
    String remedy) {}
