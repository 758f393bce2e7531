// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

/** How a job stands. */
public enum JobState {
  /** It was planned, and nothing was begun. */
  CREATED,
  /** It was begun, and no end is recorded. */
  RUNNING,
  /** It has its commit. */
  SUCCESS,
  /** It ended without a commit; another attempt may still succeed. */
  FAILURE,
  /** Somebody ended it; another attempt may still succeed. */
  KILLED,
  /** No end is recorded, and whatever drove it is gone. */
  LOST;

  /** Whether it was begun, and has no end. */
  public boolean isOpen() {
    return this == RUNNING || this == LOST;
  }

  /** Whether somebody works on it, or is about to. */
  public boolean isDriven() {
    return this == CREATED || this == RUNNING;
  }
}
