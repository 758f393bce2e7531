// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.storage.StorageKey;
import java.util.List;

/**
 * One thing of a store that is absent, cut short, or not what was written.
 *
 * @param kind what it is
 * @param key where it lies, or should
 * @param how what is wrong with it, as the rest of a sentence
 * @param neededBy up to {@link #MOST_NEEDS} of what needs it: {@code repo@ref:/path}, a job, a log;
 *     none if nothing does
 * @param commits how many commits need it, as far as it was counted
 * @param copies where else the store has it, or parts of it; none if nowhere
 */
public record Damage(
    Kind kind,
    StorageKey key,
    String how,
    List<String> neededBy,
    long commits,
    List<String> copies) {

  /** So many examples of what needs it are kept. */
  public static final int MOST_NEEDS = 5;

  /** What can be damaged. */
  public enum Kind {
    /** The object that names the format. */
    FORMAT,
    /** Bytes named by their digest. */
    OBJECT,
    /** A node of a tree. */
    NODE,
    /** A commit. */
    COMMIT,
    /** Where the parts of a pack went. */
    MOVED_MAP,
    /** An entry of a log. */
    ENTRY,
    /** A plan, a slot, or how a transaction ended: created once, and named by what it is of. */
    RECORD,
    /** Results of an attempt. */
    JOURNAL
  }

  public Damage {
    neededBy = List.copyOf(neededBy);
    copies = List.copyOf(copies);
  }
}
