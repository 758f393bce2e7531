// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Makes commits by people: applies a change to a branch's head, again if somebody was faster. */
public final class Committer {

  private final Store store;
  private final String author;
  private final Instant time;

  /** Makes commits in {@code store} by {@code author} at {@code time}. */
  public Committer(Store store, String author, Instant time) {
    this.store = store;
    this.author = author;
    this.time = time;
  }

  /** How a change of a branch ended. */
  public sealed interface Outcome {

    /** The commit that the branch names now, if any. */
    Optional<CommitId> head();

    /** There is a new commit, and the branch names it. */
    record Committed(CommitId id, Commit commit) implements Outcome {
      @Override
      public Optional<CommitId> head() {
        return Optional.of(id);
      }
    }

    /** The change leaves the files as they are; nothing was written. */
    record Unchanged(Optional<CommitId> head) implements Outcome {}
  }

  /** Whether a commit is made that changes no file. */
  public enum Empty {
    /** A commit without a change is made all the same. */
    ALLOWED,
    /** {@link Outcome.Unchanged} is the answer to a change that changes nothing. */
    SKIPPED
  }

  /**
   * Applies {@code change} to the files of {@code branch}, which is created if absent, as one
   * commit. If somebody else moves the branch meanwhile, the change is applied to theirs, so {@code
   * change} may be called more than once.
   *
   * @throws UserFault if the branch is a tag, or {@code change} throws it
   */
  public Outcome commit(
      Repo repo, String branch, String message, Empty empty, UnaryOperator<Tree> change) {
    return commit(repo, branch, () -> message, empty, change);
  }

  /** The same with a message that is known once {@code change} was applied. */
  public Outcome commit(
      Repo repo, String branch, Supplier<String> message, Empty empty, UnaryOperator<Tree> change) {
    Refs refs = store.repos().refs(repo);
    Refs.requireName(branch);
    return Retry.untilWon(
        repo.name() + "@" + branch,
        () -> tryCommit(repo, refs.head(branch), message, empty, change));
  }

  private Optional<Outcome> tryCommit(
      Repo repo, RefHead head, Supplier<String> message, Empty empty, UnaryOperator<Tree> change) {
    requireBranch(repo, head);
    Optional<Commit> parent = head.commit().map(store.commits()::read);
    Tree before = parent.map(p -> store.trees().open(p.tree())).orElse(store.trees().empty());
    Tree after = change.apply(before);
    if (after.id().equals(before.id()) && empty == Empty.SKIPPED) {
      return Optional.of(new Outcome.Unchanged(head.commit()));
    }
    long depth = parent.map(p -> p.depth() + 1).orElse(0L);
    return tryPublish(repo, head, head.commit().stream().toList(), depth, after, message.get())
        .map(made -> made);
  }

  /**
   * Makes a commit of {@code files} after {@code parents}, and moves the branch that stands at
   * {@code head} to it.
   *
   * @return nothing if somebody else moved the branch first
   * @throws UserFault if the branch is a tag
   */
  public Optional<Outcome.Committed> tryCommit(
      Repo repo, RefHead head, List<CommitId> parents, Tree files, String message) {
    requireBranch(repo, head);
    long depth =
        parents.stream().mapToLong(id -> store.commits().read(id).depth() + 1).max().orElse(0);
    return tryPublish(repo, head, parents, depth, files, message);
  }

  private Optional<Outcome.Committed> tryPublish(
      Repo repo, RefHead head, List<CommitId> parents, long depth, Tree files, String message) {
    Commit commit =
        new Commit(
            repo.name(),
            repo.id(),
            parents,
            depth,
            files.id(),
            Optional.empty(),
            author,
            time,
            message,
            Optional.empty());
    CommitId id = store.commits().write(commit);
    return tryMove(repo, head, id, message) instanceof BranchMove.Moved
        ? Optional.of(new Outcome.Committed(id, commit))
        : Optional.empty();
  }

  /**
   * Moves the branch that stands at {@code head} to the commit {@code to}, which its repo has.
   *
   * @param why for the log of the branch's moves
   * @throws UserFault if the branch is a tag
   */
  public BranchMove tryMove(Repo repo, RefHead head, CommitId to, String why) {
    requireBranch(repo, head);
    RefMove move = new RefMove(Optional.of(to), author, time, why, Optional.empty());
    return store.repos().refs(repo).move(head, RefKind.BRANCH, move);
  }

  private static void requireBranch(Repo repo, RefHead head) {
    if (head.is(RefKind.TAG)) {
      throw new UserFault(
          "\"" + repo.name() + "@" + head.name() + "\" is a tag, and tags do not move.",
          "Name a branch: beamwright list branch " + repo.name());
    }
  }
}
