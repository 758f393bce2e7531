// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** The branches and tags of one repo, each a log of its moves. */
public final class Refs {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");
  private static final int LONGEST_NAME = 80;
  private static final int PAGE = 20;

  private final WriteSession session;
  private final Storage storage;
  private final Sha256 repo;
  private final Transactions transactions;

  /** The refs of the repo that was created as {@code repo}. */
  public Refs(WriteSession session, Sha256 repo) {
    this.session = session;
    this.storage = session.storage();
    this.repo = repo;
    this.transactions = new Transactions(storage);
  }

  /**
   * Checks a name for a branch or tag.
   *
   * @throws UserFault if it has other than letters, digits, {@code _}, {@code -} and {@code /}
   *     between them, or is longer than 80 characters, or has the form of a commit's id
   */
  public static String requireName(String name) {
    if (name.length() == 2 * Sha256.BYTES && Sha256.isHex(name)) {
      // A branch wins over a commit of that id, which nobody could then name.
      throw new UserFault(
          "\"" + name + "\" is the form of a commit's id, not a name for a branch or tag.",
          "Choose a name that says what it is for.");
    }
    if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
      throw new UserFault(
          "\"" + name + "\" is not a name for a branch or tag.",
          "Use letters, digits, _ and -, with / between parts, at most 80 characters.");
    }
    return name;
  }

  /** Where the ref {@code name} stands; a ref that never was has no entry. */
  public RefHead head(String name) {
    NumberedLog log = log(name);
    return log.newest()
        .map(newest -> headAt(name, log, newest))
        .orElseGet(() -> new RefHead(name, -1, Optional.empty(), Optional.empty()));
  }

  /** Every ref that exists now, in the order of their names' keys. */
  public List<RefHead> list() {
    List<RefHead> heads = new ArrayList<>();
    for (String name :
        new NamedLogs(storage, StoreLayout.refs(repo), "an entry of a ref").names()) {
      RefHead head = head(name);
      if (head.exists()) {
        heads.add(head);
      }
    }
    return heads;
  }

  /** The moves of a ref that count, newest first, at most {@code limit}. */
  public List<RefEntry> moves(String name, int limit) {
    List<RefEntry> moves = new ArrayList<>();
    NumberedLog log = log(name);
    long before = Long.MAX_VALUE;
    while (moves.size() < limit) {
      List<NumberedLog.Entry> page = log.newestFirst(before, PAGE);
      page.stream().map(this::parse).filter(this::counts).forEach(moves::add);
      if (page.size() < PAGE) {
        break;
      }
      before = page.get(page.size() - 1).number();
    }
    return moves.subList(0, Math.min(limit, moves.size()));
  }

  /**
   * The moves of a ref that count since it was moved to {@code commit}, or else since it was
   * created, newest first.
   */
  public List<RefEntry> movesSince(String name, Optional<CommitId> commit) {
    for (int limit = PAGE; ; limit *= 10) {
      List<RefEntry> moves = moves(name, limit);
      for (int i = 0; i < moves.size(); i++) {
        boolean isCommit = commit.isPresent() && moves.get(i).to().equals(commit);
        if (isCommit || moves.get(i).deleted()) {
          return moves.subList(0, i);
        }
      }
      if (moves.size() < limit) {
        return moves;
      }
    }
  }

  /**
   * Which of {@code commits} the moves of a ref that count named last; empty if they never named
   * one. Reads one entry after the other, from the newest back to the one that tells.
   */
  public Optional<CommitId> lastNamed(String name, Set<CommitId> commits) {
    NumberedLog log = log(name);
    for (long number = log.newestNumber(); number >= 0; number--) {
      Optional<CommitId> named = named(log, number).filter(commits::contains);
      if (named.isPresent()) {
        return named;
      }
    }
    return Optional.empty();
  }

  private Optional<CommitId> named(NumberedLog log, long number) {
    RefEntry entry =
        parse(
            log.at(number)
                .orElseThrow(() -> new ObjectAbsent(storage.location(), log.key(number))));
    return counts(entry) ? entry.to() : Optional.empty();
  }

  /**
   * Moves a ref that stands at {@code head}, or creates it, as one atomic step. What the commit
   * needs is there, and stays.
   *
   * @throws io.beamwright.versioning.fault.ConflictFault if garbage collection took some of it
   */
  public BranchMove move(RefHead head, RefKind kind, RefMove move) {
    return append(head, kind, move, false);
  }

  /** Deletes a ref that stands at {@code head}; its moves stay in the log. */
  public BranchMove delete(RefHead head, RefMove move) {
    RefKind kind = head.entry().map(RefEntry::kind).orElse(RefKind.BRANCH);
    return append(head, kind, move, true);
  }

  private BranchMove append(RefHead head, RefKind kind, RefMove move, boolean deleted) {
    if (head.pending().isPresent() && !transactions.abort(head.pending().get())) {
      return new BranchMove.Stale(head(head.name()));
    }
    RefEntry entry = entry(head, kind, move, deleted, Optional.empty());
    NumberedLog log = log(head.name());
    long number = head.number() + 1;
    entry.to().ifPresent(session::beforePublishing);
    if (log.tryAppend(number, entry.bytes())) {
      return new BranchMove.Moved(
          new RefHead(head.name(), number, Optional.of(entry), Optional.empty()));
    }
    return new BranchMove.Stale(forward(head.name(), log, number));
  }

  private static RefEntry entry(
      RefHead head, RefKind kind, RefMove move, boolean deleted, Optional<String> transaction) {
    return new RefEntry(
        kind,
        head.commit(),
        deleted ? Optional.empty() : move.to(),
        deleted,
        move.by(),
        move.at(),
        move.why(),
        move.job(),
        transaction,
        UUID.randomUUID().toString());
  }

  /** Goes forward from an entry that is known to exist, without listing. */
  private RefHead forward(String name, NumberedLog log, long number) {
    long newest = number;
    while (true) {
      Optional<NumberedLog.Entry> next = log.at(newest + 1);
      if (next.isEmpty()) {
        NumberedLog.Entry entry =
            log.at(newest).orElseThrow(() -> new IllegalStateException("an entry vanished"));
        return headAt(name, log, entry);
      }
      newest++;
    }
  }

  private RefHead headAt(String name, NumberedLog log, NumberedLog.Entry newest) {
    Optional<String> pending = parse(newest).transaction().filter(transactions::isPending);
    Optional<NumberedLog.Entry> entry = Optional.of(newest);
    while (entry.isPresent()) {
      RefEntry parsed = parse(entry.get());
      if (counts(parsed)) {
        parsed.to().ifPresent(session::reached);
        return new RefHead(name, newest.number(), Optional.of(parsed), pending);
      }
      entry = entry.get().number() == 0 ? Optional.empty() : log.at(entry.get().number() - 1);
    }
    return new RefHead(name, newest.number(), Optional.empty(), pending);
  }

  private boolean counts(RefEntry entry) {
    return entry.transaction().map(transactions::isCommitted).orElse(true);
  }

  private RefEntry parse(NumberedLog.Entry entry) {
    return entry.read(storage, "a ref of repo " + repo, RefEntry::of);
  }

  private NumberedLog log(String name) {
    return new NumberedLog(storage, StoreLayout.refLog(repo, name));
  }
}
