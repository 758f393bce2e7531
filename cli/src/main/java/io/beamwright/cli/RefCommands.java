// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Retry;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What the commands on branches and on tags have in common. */
record RefCommands(Session session, RefKind kind) {

  /** Creates {@code typed}, {@code REPO@NAME}, at the commit that {@code head} finds. */
  Exit create(Store store, String typed, Optional<String> head) {
    Target name = Target.ofRef(typed);
    Repo repo = store.repos().require(name.repo());
    Optional<CommitId> to = head.map(ref -> commit(store, repo, ref).id());
    Refs refs = store.repos().refs(repo);
    RefMove move = move(to, "create " + kind.word());
    RefHead created =
        Retry.untilWon(
            name.ref(),
            () -> {
              RefHead before = refs.head(name.branch());
              refuseExisting(name, before);
              return won(refs.move(before, kind, move));
            });
    print(name, created, "created " + kind.word() + " " + name.ref());
    return Exit.FINE;
  }

  /**
   * The commit that {@code ref} names: {@code REPO@REF}, or REF in {@code repo}.
   *
   * @throws UserFault if it is of another repo
   */
  static History.Named commit(Store store, Repo repo, String ref) {
    Revision revision =
        Revision.parse(
            ref.contains("@") || ref.equals(repo.name()) ? ref : repo.name() + "@" + ref);
    if (!revision.repo().equals(repo.name()) || revision.path().isPresent()) {
      throw new UserFault(
          "\"" + ref + "\" is not a commit of the repo " + repo.name() + ".",
          "Name one of its commits: beamwright list commit " + repo.name());
    }
    return store.history().resolve(revision);
  }

  /**
   * The repo that both refs name.
   *
   * @throws UserFault if they name two
   */
  static Repo sameRepo(Store store, String one, String other) {
    Repo repo = store.repos().require(Revision.parse(one).repo());
    Repo second = store.repos().require(Revision.parse(other).repo());
    if (!repo.id().equals(second.id())) {
      throw new UserFault(
          "\"" + one + "\" and \"" + other + "\" are of two repos, which share no history.",
          "Copy files from one to the other: beamwright copy file -r REPO@REF:/ REPO@BRANCH:/");
    }
    return repo;
  }

  private void refuseExisting(Target name, RefHead before) {
    if (before.exists()) {
      String is = before.is(RefKind.TAG) ? "tag" : "branch";
      throw new ConflictFault(
          "The " + is + " \"" + name.ref() + "\" exists already.",
          "Choose another name, or delete it first: beamwright delete " + is + " " + name.ref());
    }
  }

  /** Deletes {@code typed}, {@code REPO@NAME}. */
  Exit delete(Store store, String typed) {
    Target name = Target.ofRef(typed);
    Repo repo = store.repos().require(name.repo());
    Refs refs = store.repos().refs(repo);
    RefMove move = move(Optional.empty(), "delete " + kind.word());
    RefHead last =
        Retry.untilWon(
            name.ref(),
            () -> {
              RefHead before = store.history().requireRef(repo, name.branch(), kind);
              return won(refs.delete(before, move)).map(after -> before);
            });
    String was = last.commit().map(id -> ", which was " + id.brief()).orElse("");
    print(name, last, "deleted " + kind.word() + " " + name.ref() + was);
    return Exit.FINE;
  }

  /** Gives {@code typed}, {@code REPO@NAME}, the name {@code newName}. */
  Exit rename(Store store, String typed, String newName) {
    Target old = Target.ofRef(typed);
    Target renamed = Target.ofRef(old.repo() + "@" + newName);
    if (renamed.equals(old)) {
      throw new UserFault("\"" + old.ref() + "\" is its name already.", "Give another one.");
    }
    Repo repo = store.repos().require(old.repo());
    Refs refs = store.repos().refs(repo);
    String why = "rename " + kind.word() + " " + old.branch() + " to " + renamed.branch();
    RefHead created =
        Retry.untilWon(
            renamed.ref(),
            () -> {
              RefHead from = store.history().requireRef(repo, old.branch(), kind);
              RefHead before = refs.head(renamed.branch());
              refuseExisting(renamed, before);
              return won(refs.move(before, kind, move(from.commit(), why)));
            });
    AtomicReference<RefHead> ours = new AtomicReference<>(created);
    RefHead last = Retry.untilWon(old.ref(), () -> replaced(store, repo, old, ours, why));
    print(renamed, last, "renamed " + kind.word() + " " + old.ref() + " to " + renamed.branch());
    return Exit.FINE;
  }

  /**
   * Deletes {@code old}; what came to it since its new name was created comes to that before.
   *
   * @param ours how we left the new name
   */
  private Optional<RefHead> replaced(
      Store store, Repo repo, Target old, AtomicReference<RefHead> ours, String why) {
    Refs refs = store.repos().refs(repo);
    RefHead from = store.history().requireRef(repo, old.branch(), kind);
    RefHead left = Objects.requireNonNull(ours.get());
    RefHead here = refs.head(left.name());
    if (!here.entry().equals(left.entry())) {
      throw new ConflictFault(
          "Somebody moved \"" + repo.name() + "@" + here.name() + "\" while it got its name.",
          "\""
              + old.ref()
              + "\" is there as before: see where both stand, beamwright list "
              + kind.word()
              + " "
              + repo.name());
    }
    if (!here.commit().equals(from.commit())) {
      Optional<RefHead> moved = won(refs.move(here, kind, move(from.commit(), why)));
      if (moved.isEmpty()) {
        return Optional.empty();
      }
      ours.set(moved.get());
    }
    RefHead renamed = Objects.requireNonNull(ours.get());
    return won(refs.delete(from, move(Optional.empty(), why))).map(after -> renamed);
  }

  private RefMove move(Optional<CommitId> to, String why) {
    return new RefMove(to, session.author(), Session.now(), why, Optional.empty());
  }

  private static Optional<RefHead> won(BranchMove move) {
    return move instanceof BranchMove.Moved ? Optional.of(move.head()) : Optional.empty();
  }

  private void print(Target name, RefHead head, String done) {
    if (session.json()) {
      session
          .console()
          .document(
              json -> {
                json.writeStartObject();
                json.writeStringField("repo", name.repo());
                json.writeStringField(kind.word(), name.branch());
                json.writeStringField("commit", commit(head));
                json.writeEndObject();
              });
    } else {
      session.console().line(done);
    }
  }

  /** Lists those of the repo {@code name}. */
  Exit list(Store store, String name) {
    Repo repo = store.repos().require(name);
    List<RefHead> heads =
        store.repos().refs(repo).list().stream().filter(head -> head.is(kind)).toList();
    if (session.json()) {
      session.console().document(json -> write(json, repo, heads));
    } else {
      session.console().table(table(heads));
    }
    return Exit.FINE;
  }

  private static Table table(List<RefHead> heads) {
    Table table =
        new Table(Table.left("NAME"), Table.left("COMMIT"), Table.left("MOVED"), Table.left("BY"));
    for (RefHead head : heads) {
      RefEntry entry = head.entry().orElseThrow();
      table.row(
          head.name(),
          head.commit().map(CommitId::brief).orElse("-"),
          entry.at().truncatedTo(ChronoUnit.SECONDS).toString(),
          entry.by());
    }
    return table;
  }

  private void write(JsonGenerator json, Repo repo, List<RefHead> heads) throws IOException {
    json.writeStartObject();
    json.writeStringField("repo", repo.name());
    json.writeArrayFieldStart(kind == RefKind.TAG ? "tags" : "branches");
    for (RefHead head : heads) {
      write(json, head);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** A branch or tag, and its last move. */
  static void write(JsonGenerator json, RefHead head) throws IOException {
    RefEntry entry = head.entry().orElseThrow();
    json.writeStartObject();
    json.writeStringField("name", head.name());
    json.writeStringField("commit", commit(head));
    json.writeStringField("moved_at", entry.at().toString());
    json.writeStringField("moved_by", entry.by());
    json.writeStringField("why", entry.why());
    json.writeEndObject();
  }

  private static @org.jspecify.annotations.Nullable String commit(RefHead head) {
    return head.commit().map(CommitId::hex).orElse(null);
  }
}
