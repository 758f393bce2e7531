// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes over two trees side by side. Children with one id stand for the same files and are passed
 * unread; a child is read only when it may hold a path that the other side has to be compared with.
 */
final class TreeDiff implements Iterator<TreeChange> {

  private final Cursor older;
  private final Cursor newer;
  private final Optional<PathRange> range;
  private @Nullable TreeChange next;

  /** All changes. */
  TreeDiff(Cursor older, Cursor newer) {
    this(older, newer, Optional.empty());
  }

  /** The changes in {@code range}; both cursors stand at their roots. */
  TreeDiff(Cursor older, Cursor newer, PathRange range) {
    this(older, newer, Optional.of(range));
    // To the leaves as children, not into them: those that both trees share stay unread.
    var unusedOlder = older.seek(range.start(), 1);
    var unusedNewer = newer.seek(range.start(), 1);
  }

  private TreeDiff(Cursor older, Cursor newer, Optional<PathRange> range) {
    this.older = older;
    this.newer = newer;
    this.range = range;
  }

  @Override
  public boolean hasNext() {
    while (next == null && !(isPast(older) && isPast(newer))) {
      next = step();
      if (next != null && !isWanted(next)) {
        next = null;
      }
    }
    return next != null;
  }

  /** Whether all that is ahead of {@code cursor} comes after the range. */
  private boolean isPast(Cursor cursor) {
    if (cursor.isAtEnd() || range.isEmpty()) {
      return cursor.isAtEnd();
    }
    PathBytes end = range.get().end();
    return cursor.itemLevel() == 0
        ? cursor.item().comparePath(end) >= 0
        : cursor.passed().filter(passed -> passed.comparePath(end) >= 0).isPresent();
  }

  // The first and the last leaf hold paths outside the range too.
  private boolean isWanted(TreeChange change) {
    return range.isEmpty() || range.get().holds(PathBytes.of(change.path().text()));
  }

  @Override
  public TreeChange next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    TreeChange change = next;
    next = null;
    return change;
  }

  private @Nullable TreeChange step() {
    if (isBefore(older, newer)) {
      return older.itemLevel() == 0 ? removed() : descend(older);
    }
    if (isBefore(newer, older)) {
      return newer.itemLevel() == 0 ? added() : descend(newer);
    }
    if (older.itemLevel() != newer.itemLevel()) {
      return descend(older.itemLevel() > newer.itemLevel() ? older : newer);
    }
    if (older.item().hasSameIdentityAs(newer.item())) {
      older.advance();
      newer.advance();
      return null;
    }
    if (older.itemLevel() == 0) {
      return changed();
    }
    descend(older);
    return descend(newer);
  }

  /**
   * Whether all of the item of {@code one} is known to come before all that is left of the other.
   */
  private static boolean isBefore(Cursor one, Cursor other) {
    if (one.isAtEnd() || other.isAtEnd()) {
      return other.isAtEnd();
    }
    if (other.itemLevel() == 0) {
      return one.item().comparePath(other.item()) < 0;
    }
    Optional<NodeEntry> bound = other.passed();
    return bound.isPresent() && one.item().comparePath(bound.get()) <= 0;
  }

  private static @Nullable TreeChange descend(Cursor cursor) {
    cursor.descend();
    return null;
  }

  private TreeChange removed() {
    FileEntry file = older.file();
    older.advance();
    return new TreeChange.Removed(file);
  }

  private TreeChange added() {
    FileEntry file = newer.file();
    newer.advance();
    return new TreeChange.Added(file);
  }

  private TreeChange changed() {
    TreeChange change = new TreeChange.Changed(older.file(), newer.file());
    older.advance();
    newer.advance();
    return change;
  }
}
