// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the graph needs of a commit: a pure function of its id.
 *
 * @param id its id
 * @param parents the commits that it follows
 * @param depth 0 without parents, otherwise one more than its deepest parent's: git's generation
 *     number
 * @param tree the tree of its files
 * @param time when it was made, in whole microseconds
 * @param changed what it may have changed against its first parent, or against nothing; absent
 *     where nobody has looked
 */
record GraphNode(
    CommitId id,
    List<CommitId> parents,
    long depth,
    Sha256 tree,
    Instant time,
    Optional<ChangedPaths> changed) {

  GraphNode {
    parents = List.copyOf(parents);
  }

  static GraphNode of(CommitId id, Commit commit) {
    return new GraphNode(
        id, commit.parents(), commit.depth(), commit.tree(), commit.time(), Optional.empty());
  }

  GraphNode with(ChangedPaths paths) {
    return new GraphNode(id, parents, depth, tree, time, Optional.of(paths));
  }
}
