// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

/** Who decides where both sides of a merge want a path to be something else. */
public enum Prefer {
  /** Nobody: the merge is refused. */
  NEITHER,
  /** The branch that is merged into. */
  OURS,
  /** What is merged in. */
  THEIRS
}
