// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Retry;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Merges commits into the branches of a repo, and reverts commits on them. If somebody else moves
 * the branch meanwhile, all is done again on theirs. Costs what the sides differ in from their
 * common ancestor, not what they hold.
 *
 * <p>Where two commits have several best common ancestors, these are first merged with each other,
 * by their own common ancestors: git's recursive strategy. What they disagree about is undecided in
 * that base, and so a conflict unless both sides have the same. Two commits without a common
 * ancestor are merged as if both had begun with no files.
 */
public final class Merges {

  private final Store store;
  private final Repo repo;
  private final Committer committer;
  private final CommitGraph graph;

  /**
   * Merges in {@code repo}, by commits of {@code committer}.
   *
   * @param graph of the same repo
   */
  public Merges(Store store, Repo repo, Committer committer, CommitGraph graph) {
    this.store = store;
    this.repo = repo;
    this.committer = committer;
    this.graph = graph;
  }

  /** What to do where the branch only has to go forward. */
  public enum FastForward {
    /** The branch moves to the source; there is no commit. */
    IF_POSSIBLE,
    /** A commit with both parents is made all the same. */
    NEVER
  }

  /**
   * Merges {@code source}, a commit of the repo, into {@code branch}. The first parent of the
   * commit is the branch's head, the second the source.
   *
   * @param prefer who decides conflicts
   * @throws UserFault if there is no such branch, naming the near misses; or a rule dropped files
   *     that the merge needs
   */
  public MergeOutcome merge(
      String branch, CommitId source, String message, Prefer prefer, FastForward fastForward) {
    return Retry.untilWon(
        repo.name() + "@" + branch,
        () -> tryMerge(head(branch), source, message, prefer, fastForward));
  }

  private RefHead head(String branch) {
    return store.history().requireRef(repo, branch, RefKind.BRANCH);
  }

  private Optional<MergeOutcome> tryMerge(
      RefHead head, CommitId source, String message, Prefer prefer, FastForward fastForward) {
    Optional<CommitId> target = head.commit();
    List<CommitId> bases = target.map(id -> graph.mergeBases(id, source)).orElseGet(List::of);
    if (bases.contains(source)) {
      return Optional.of(new MergeOutcome.UpToDate(target));
    }
    boolean isAhead = target.isEmpty() || bases.contains(target.get());
    // A branch without commits has no head that could be a parent.
    if (isAhead && (target.isEmpty() || fastForward == FastForward.IF_POSSIBLE)) {
      return committer.tryMove(repo, head, source, message) instanceof BranchMove.Moved
          ? Optional.of(new MergeOutcome.FastForwarded(source))
          : Optional.empty();
    }
    store.droppedCommits().refuseWithoutBytes(source);
    MergedFiles merged =
        MergedFiles.merge(
            store.trees(), baseOf(bases), files(target.orElseThrow()), files(source), prefer);
    return publish(head, merged, List.of(target.orElseThrow(), source), message);
  }

  /**
   * Undoes on {@code branch} what {@code commit} changed against its first parent, or against no
   * files if it has none. What was changed since is kept: a path that was changed again is a
   * conflict, unless it is already as before the commit.
   *
   * @param prefer who decides conflicts: ours is the branch, theirs is as before the commit
   * @throws UserFault if there is no such branch, or it has no commit; or a rule dropped the files
   *     that come back
   */
  public MergeOutcome revert(String branch, CommitId commit, String message, Prefer prefer) {
    return Retry.untilWon(
        repo.name() + "@" + branch, () -> tryRevert(head(branch), commit, message, prefer));
  }

  private Optional<MergeOutcome> tryRevert(
      RefHead head, CommitId commit, String message, Prefer prefer) {
    CommitId target =
        head.commit()
            .orElseThrow(
                () ->
                    new UserFault(
                        "The branch \"" + repo.name() + "@" + head.name() + "\" has no commit yet.",
                        "There is nothing to revert on it."));
    Optional<CommitId> parent = read(commit).parents().stream().findFirst();
    parent.ifPresent(store.droppedCommits()::refuseWithoutBytes);
    Tree before = parent.map(this::files).orElse(store.trees().empty());
    Tree ours = files(target);
    MergedFiles merged =
        MergedFiles.merge(store.trees(), Version.of(files(commit)), ours, before, prefer);
    if (merged instanceof MergedFiles.Clean clean && clean.files().equals(ours)) {
      return Optional.of(new MergeOutcome.UpToDate(head.commit()));
    }
    return publish(head, merged, List.of(target), message);
  }

  private Optional<MergeOutcome> publish(
      RefHead head, MergedFiles merged, List<CommitId> parents, String message) {
    if (merged instanceof MergedFiles.Conflicting conflicting) {
      return Optional.of(new MergeOutcome.Conflicting(head.commit(), conflicting.conflicts()));
    }
    Tree files = ((MergedFiles.Clean) merged).files();
    return committer
        .tryCommit(repo, head, parents, files, message)
        .map(made -> new MergeOutcome.Committed(made.id(), made.commit()));
  }

  /** The files that two sides with these best common ancestors both come from. */
  private Version baseOf(List<CommitId> bases) {
    if (bases.isEmpty()) {
      return Version.of(store.trees().empty());
    }
    Version merged = Version.of(files(bases.get(0)));
    List<CommitId> done = new ArrayList<>(bases.subList(0, 1));
    for (CommitId next : bases.subList(1, bases.size())) {
      Version before = baseOf(graph.mergeBases(done, List.of(next)));
      ThreeWay both = ThreeWay.of(before, merged, Version.of(files(next)), Prefer.NEITHER);
      merged = merged.with(both.edits());
      done.add(next);
    }
    return merged;
  }

  private Tree files(CommitId id) {
    return store.history().files(read(id));
  }

  private Commit read(CommitId id) {
    return store.commits().read(id);
  }
}
