// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.commit.CommitId;

/**
 * That a commit touched a path.
 *
 * @param commit the commit
 * @param how what became of the path, against the commit's first parent
 */
public record Touch(CommitId commit, How how) {

  /** What became of a file or folder. */
  public enum How {
    /** It was not there before. */
    ADDED,
    /** It was there before, and differs. */
    CHANGED,
    /** It is there no longer. */
    REMOVED;

    /** The word for it. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
