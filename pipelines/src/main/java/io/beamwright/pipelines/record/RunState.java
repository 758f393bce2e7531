// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

/** How a run stands. */
public enum RunState {
  /** No end is recorded. */
  RUNNING,
  /** Every stage has a commit. */
  SUCCESS,
  /** It ended, and some stage has none. */
  FAILURE,
  /** Somebody ended it. */
  KILLED,
  /** No end is recorded, and whatever drove it is gone. */
  LOST
}
