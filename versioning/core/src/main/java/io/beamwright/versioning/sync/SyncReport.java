// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefKind;
import java.util.List;
import java.util.Optional;

/**
 * What a push or pull did, or would do.
 *
 * @param refs the branches and tags, in the order of their names
 * @param commits how many commits the target did not have
 * @param nodes how many nodes of trees
 * @param objects how many objects were sent; of a trial, how many would be looked at
 * @param bytes how many bytes of objects were sent; of a trial, how many at most
 * @param trial whether nothing was written
 */
public record SyncReport(
    List<RefChange> refs, long commits, long nodes, long objects, long bytes, boolean trial) {

  /**
   * One branch or tag.
   *
   * @param before what the target's named
   * @param after what it names now, or would; the same where nothing had to change
   * @param forced whether it was moved to a commit that does not follow
   */
  public record RefChange(
      String repo,
      String name,
      RefKind kind,
      Optional<CommitId> before,
      Optional<CommitId> after,
      boolean forced) {}

  public SyncReport {
    refs = List.copyOf(refs);
  }
}
