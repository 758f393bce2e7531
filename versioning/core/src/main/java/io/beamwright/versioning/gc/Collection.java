// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one collection did, or would have done.
 *
 * @param swept what was deleted of the list of before, if that was due
 * @param listed the list that was written, if there was anything to put on it
 * @param waiting the list that stands, if it was not due: then nothing else was done
 * @param withdrawn what was damaged of the list of before, which was given up, so that nothing on
 *     it was deleted: a sentence; empty if there was nothing
 */
public record Collection(
    Optional<Swept> swept,
    Optional<Listed> listed,
    Optional<Waiting> waiting,
    Optional<String> withdrawn) {

  static Collection waits(Waiting list) {
    return new Collection(Optional.empty(), Optional.empty(), Optional.of(list), Optional.empty());
  }

  /**
   * What was deleted.
   *
   * @param deleted how much by kind: {@code commits}, {@code trees}, {@code moved}, {@code
   *     objects}, {@code leftovers}
   * @param cameBack how many things were on the list and are needed again
   */
  public record Swept(Map<String, Amount> deleted, long cameBack) {}

  /**
   * What will be deleted.
   *
   * @param totals how much by kind
   * @param commitsByRepo how many commits that nothing reaches, by the names of their repos
   * @param letGo the commits whose files go by a rule
   * @param rewritten how many packs were rewritten that are mostly dead, and their bytes
   * @param sweepFrom the moment, by the storage's clock, from which on a collection deletes it
   */
  public record Listed(
      Map<String, Amount> totals,
      Map<String, Long> commitsByRepo,
      List<DroppedCommit> letGo,
      Amount rewritten,
      Instant sweepFrom) {}

  /**
   * A list that stands.
   *
   * @param totals how much is on it, by kind
   * @param sweepFrom from when on a collection deletes it
   */
  public record Waiting(Map<String, Amount> totals, Instant sweepFrom) {}
}
