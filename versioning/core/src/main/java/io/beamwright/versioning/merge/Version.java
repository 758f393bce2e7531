// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeChange;
import java.util.Collections;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A side or the base of a merge: the files of a tree but for those paths that are something else. A
 * merge base that is itself a merge, of several bases, is such a version, and is never written.
 */
final class Version {

  private final Tree files;
  private final NavigableMap<FilePath, Slot> overlay;

  private Version(Tree files, NavigableMap<FilePath, Slot> overlay) {
    this.files = files;
    this.overlay = overlay;
  }

  static Version of(Tree files) {
    return new Version(files, Collections.emptyNavigableMap());
  }

  /** This version but for {@code slots}. */
  Version with(NavigableMap<FilePath, Slot> slots) {
    NavigableMap<FilePath, Slot> all = new TreeMap<>(overlay);
    all.putAll(slots);
    return new Version(files, all);
  }

  /** What a version has at a path. */
  sealed interface Slot {

    /** The same file, wherever its bytes lie; undecided is like nothing but itself. */
    boolean isSameAs(Slot other);

    /** The file, if there is one. */
    Optional<FileEntry> file();

    /** A file. */
    record Holds(FileEntry entry) implements Slot {
      @Override
      public boolean isSameAs(Slot other) {
        return other instanceof Holds holds && entry.isSameAs(holds.entry);
      }

      @Override
      public Optional<FileEntry> file() {
        return Optional.of(entry);
      }
    }

    /** No file. */
    record Nothing() implements Slot {
      @Override
      public boolean isSameAs(Slot other) {
        return other instanceof Nothing;
      }

      @Override
      public Optional<FileEntry> file() {
        return Optional.empty();
      }
    }

    /** What the bases of a merge disagree about. */
    record Undecided() implements Slot {
      @Override
      public boolean isSameAs(Slot other) {
        return other instanceof Undecided;
      }

      @Override
      public Optional<FileEntry> file() {
        return Optional.empty();
      }
    }

    static Slot of(Optional<FileEntry> file) {
      return file.<Slot>map(Holds::new).orElseGet(Nothing::new);
    }
  }

  Slot at(FilePath path) {
    Slot overlaid = overlay.get(path);
    return overlaid == null ? Slot.of(files.find(path)) : overlaid;
  }

  /**
   * What {@code newer} has at the paths where it may differ from this. Costs what the trees differ
   * in, and what is overlaid.
   */
  NavigableMap<FilePath, Slot> changesTo(Version newer) {
    NavigableMap<FilePath, Slot> changes = new TreeMap<>();
    for (Iterator<TreeChange> each = files.diff(newer.files).iterator(); each.hasNext(); ) {
      TreeChange change = each.next();
      changes.put(change.path(), after(change));
    }
    NavigableSet<FilePath> overlaid = new TreeSet<>(overlay.keySet());
    overlaid.addAll(newer.overlay.keySet());
    overlaid.forEach(path -> changes.put(path, newer.at(path)));
    changes
        .entrySet()
        .removeIf(
            change ->
                overlaid.contains(change.getKey())
                    && at(change.getKey()).isSameAs(change.getValue()));
    return changes;
  }

  private static Slot after(TreeChange change) {
    if (change instanceof TreeChange.Added added) {
      return new Slot.Holds(added.after());
    }
    return change instanceof TreeChange.Changed changed
        ? new Slot.Holds(changed.after())
        : new Slot.Nothing();
  }
}
