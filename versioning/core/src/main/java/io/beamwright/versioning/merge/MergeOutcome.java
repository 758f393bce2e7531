// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import java.util.List;
import java.util.Optional;

/** How a merge into a branch, or a revert on it, ended. */
public sealed interface MergeOutcome {

  /** The commit that the branch names now, if any. */
  Optional<CommitId> head();

  /** The branch has all of it already; nothing was written. */
  record UpToDate(Optional<CommitId> head) implements MergeOutcome {}

  /** The branch had nothing that the source has not, and names the source now. */
  record FastForwarded(CommitId to) implements MergeOutcome {
    @Override
    public Optional<CommitId> head() {
      return Optional.of(to);
    }
  }

  /** There is a new commit, and the branch names it. */
  record Committed(CommitId id, Commit commit) implements MergeOutcome {
    @Override
    public Optional<CommitId> head() {
      return Optional.of(id);
    }
  }

  /**
   * Both want some paths to be something else; the branch is where it was.
   *
   * @param conflicts all of them, in the order of their paths
   */
  record Conflicting(Optional<CommitId> head, List<Conflict> conflicts) implements MergeOutcome {
    public Conflicting {
      conflicts = List.copyOf(conflicts);
    }
  }
}
