// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import io.beamwright.versioning.Sha256;
import java.time.Instant;
import java.util.Objects;

/**
 * One start of a job.
 *
 * @param number its place in the store's log of attempts
 * @param job the job
 * @param run the run that started it
 * @param stage name of the stage
 * @param at when
 * @param datums how many datums the job has
 * @param toRun how many of them had no result and were to run; 0 writes no journal
 */
public record Attempt(
    long number, Sha256 job, String run, String stage, Instant at, long datums, long toRun) {

  public Attempt {
    // What is read of a store may be no text.
    Objects.requireNonNull(run);
    Objects.requireNonNull(stage);
  }
}
