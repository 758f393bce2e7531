// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.tree.FilePath;

/**
 * A path that both sides of a merge want to be something else.
 *
 * @param path the path
 * @param how in what way
 */
public record Conflict(FilePath path, How how) {

  /** In what way two sides disagree; "ours" is the branch that is merged into. */
  public enum How {
    /** Both changed the file, to different contents or executable bits. */
    BOTH_CHANGED("changed in both"),
    /** Both added a file, with different contents or executable bits. */
    BOTH_ADDED("added in both"),
    /** Ours removed the file, theirs changed it. */
    REMOVED_AND_CHANGED("removed in ours, changed in theirs"),
    /** Ours changed the file, theirs removed it. */
    CHANGED_AND_REMOVED("changed in ours, removed in theirs"),
    /** A file of theirs is a folder of ours, or lies below a file of ours. */
    FILE_AND_FOLDER("a file in one, a folder in the other");

    private final String words;

    How(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }

    /** For programs, such as {@code both-changed}. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
