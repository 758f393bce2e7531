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
        () -> tryCommit(repo, refs, refs.head(branch), message, empty, change));
  }

  private Optional<Outcome> tryCommit(
      Repo repo,
      Refs refs,
      RefHead head,
      Supplier<String> why,
      Empty empty,
      UnaryOperator<Tree> change) {
    requireBranch(repo, head);
    Optional<Commit> parent = head.commit().map(store.commits()::read);
    Tree before = parent.map(p -> store.trees().open(p.tree())).orElse(store.trees().empty());
    Tree after = change.apply(before);
    if (after.id().equals(before.id()) && empty == Empty.SKIPPED) {
      return Optional.of(new Outcome.Unchanged(head.commit()));
    }
    String message = why.get();
    Commit commit =
        new Commit(
            repo.name(),
            repo.id(),
            head.commit().stream().toList(),
            parent.map(p -> p.depth() + 1).orElse(0L),
            after.id(),
            Optional.empty(),
            author,
            time,
            message,
            Optional.empty());
    CommitId id = store.commits().write(commit);
    RefMove move = new RefMove(Optional.of(id), author, time, message, Optional.empty());
    return refs.move(head, RefKind.BRANCH, move) instanceof BranchMove.Moved
        ? Optional.of(new Outcome.Committed(id, commit))
        : Optional.empty();
  }

  private static void requireBranch(Repo repo, RefHead head) {
    if (head.is(RefKind.TAG)) {
      throw new UserFault(
          "\"" + repo.name() + "@" + head.name() + "\" is a tag, and tags do not move.",
          "Name a branch: beamwright list branch " + repo.name());
    }
  }
}
