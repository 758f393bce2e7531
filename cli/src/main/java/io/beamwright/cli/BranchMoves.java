// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import java.util.Optional;
import java.util.stream.Stream;

/** Moves branches where they are told to go. */
record BranchMoves(Session session, Store store) {

  /**
   * Moves {@code name} to the commit {@code to}.
   *
   * @param from where it must stand
   * @throws ConflictFault if it stands elsewhere, or somebody else moved it first: what they put
   *     there is nothing that this user meant to leave behind, so nothing is tried again
   */
  Exit move(Target name, String to, Optional<String> from, String why) {
    Repo repo = store.repos().require(name.repo());
    RefHead before = store.history().requireRef(repo, name.branch(), RefKind.BRANCH);
    Optional<CommitId> expected = from.map(ref -> commit(repo, ref));
    if (expected.isPresent() && !before.commit().equals(expected)) {
      throw standsElsewhere(name, before, "not at " + expected.get().brief());
    }
    CommitId goal = commit(repo, to);
    if (before.commit().filter(goal::equals).isPresent()) {
      print(name, before, before, "nothing changed: " + name.ref() + " is there already.");
      return Exit.FINE;
    }
    BranchMove move = session.committer(store).tryMove(repo, before, goal, why);
    if (move instanceof BranchMove.Stale stale) {
      throw standsElsewhere(name, stale.head(), "where somebody else moved it meanwhile");
    }
    String was = before.commit().map(id -> ", and was " + id.brief()).orElse("");
    print(name, before, move.head(), name.ref() + " is now " + goal.brief() + was);
    return Exit.FINE;
  }

  private CommitId commit(Repo repo, String ref) {
    return RefCommands.commit(store, repo, ref).id();
  }

  private static ConflictFault standsElsewhere(Target name, RefHead head, String how) {
    String at = head.commit().map(CommitId::brief).orElse("no commit");
    return new ConflictFault(
        "\"%s\" stands at %s, %s.".formatted(name.ref(), at, how),
        "Look at it, and move it again: beamwright log --refs " + name.ref());
  }

  private void print(Target name, RefHead before, RefHead after, String sentence) {
    if (!session.json()) {
      session.console().line(sentence);
      return;
    }
    boolean changed = Stream.of(before, after).map(RefHead::commit).distinct().count() > 1;
    session
        .console()
        .document(
            json -> {
              json.writeStartObject();
              json.writeStringField("repo", name.repo());
              json.writeStringField("branch", name.branch());
              json.writeStringField("from", before.commit().map(CommitId::hex).orElse(null));
              json.writeStringField("commit", after.commit().map(CommitId::hex).orElse(null));
              json.writeBooleanField("changed", changed);
              json.writeEndObject();
            });
  }
}
