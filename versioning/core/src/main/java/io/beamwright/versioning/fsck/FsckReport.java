// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import java.util.List;

/**
 * What a check found.
 *
 * @param checked how much was checked
 * @param dangling what nothing that the store needs leads to: no damage, and for garbage collection
 * @param damages what is damaged, up to {@link #MOST_DAMAGES}
 * @param damageCount how much is damaged in all
 * @param affected up to {@link #MOST_AFFECTED} of the commits that need something damaged, {@code
 *     repo@ref}
 * @param affectedCount how many there are
 * @param notices what is odd and no damage, in sentences, up to {@link #MOST_NOTICES}
 * @param noticeCount how many there were
 */
public record FsckReport(
    Checked checked,
    Dangling dangling,
    List<Damage> damages,
    long damageCount,
    List<String> affected,
    long affectedCount,
    List<String> notices,
    long noticeCount) {

  /** So many damages are told one by one. */
  public static final int MOST_DAMAGES = 10_000;

  /** So many commits are named. */
  public static final int MOST_AFFECTED = 100;

  /** So many notices are told. */
  public static final int MOST_NOTICES = 1_000;

  /**
   * How much was checked.
   *
   * @param objects how many objects
   * @param objectBytes the sum of their sizes
   * @param bytesWereRead whether the bytes of objects were read and hashed
   * @param filesRead how many files were read through their extents
   * @param nodes how many nodes of trees
   * @param commits how many commits
   * @param entries how many entries of logs, plans, slots and journals
   * @param unverified how many of these have no checksum, so that a change of their texts is not
   *     seen
   */
  public record Checked(
      long objects,
      long objectBytes,
      boolean bytesWereRead,
      long filesRead,
      long nodes,
      long commits,
      long entries,
      long unverified) {}

  /**
   * What nothing leads to.
   *
   * @param objects objects
   * @param objectBytes the sum of their sizes
   * @param nodes nodes of trees
   * @param commits commits
   */
  public record Dangling(long objects, long objectBytes, long nodes, long commits) {}

  public FsckReport {
    damages = List.copyOf(damages);
    affected = List.copyOf(affected);
    notices = List.copyOf(notices);
  }

  /** Whether nothing is damaged. */
  public boolean isSound() {
    return damageCount == 0;
  }
}
