// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.merge.Version.Slot;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Paths that a merge would make both a file and a folder. Each side is free of them, so one of the
 * two is always a put of theirs, and the other a file of ours that stays.
 */
final class FileFolderClashes {

  private final Tree ours;
  private final NavigableMap<FilePath, Slot> edits;
  private final Prefer prefer;
  private final NavigableSet<FilePath> clashing = new TreeSet<>();
  private final NavigableMap<FilePath, Slot> decisions = new TreeMap<>();

  private FileFolderClashes(Tree ours, NavigableMap<FilePath, Slot> edits, Prefer prefer) {
    this.ours = ours;
    this.edits = edits;
    this.prefer = prefer;
  }

  /** Looks for clashes in {@code ours} after {@code edits}, and decides them as {@code prefer}. */
  static FileFolderClashes in(Tree ours, NavigableMap<FilePath, Slot> edits, Prefer prefer) {
    FileFolderClashes clashes = new FileFolderClashes(ours, edits, prefer);
    for (Map.Entry<FilePath, Slot> edit : edits.entrySet()) {
      // What changes a file of ours in place cannot clash with another of ours.
      if (edit.getValue().file().isPresent() && ours.find(edit.getKey()).isEmpty()) {
        clashes.look(edit.getKey());
      }
    }
    return clashes;
  }

  /** Those that nobody decided. */
  List<Conflict> conflicts() {
    return clashing.stream().map(path -> new Conflict(path, Conflict.How.FILE_AND_FOLDER)).toList();
  }

  /** The edits, but for what was decided. */
  NavigableMap<FilePath, Slot> decided() {
    NavigableMap<FilePath, Slot> all = new TreeMap<>(edits);
    decisions.forEach(
        (path, slot) -> {
          if (slot instanceof Slot.Undecided) {
            all.remove(path);
          } else {
            all.put(path, slot);
          }
        });
    return all;
  }

  private void look(FilePath put) {
    for (String folder : put.folders()) {
      FilePath above = new FilePath(folder);
      if (stays(above)) {
        clash(put, above);
      }
    }
    Iterator<FileEntry> below = ours.filesUnder(put.text()).iterator();
    while (below.hasNext()) {
      FilePath path = below.next().path();
      if (stays(path)) {
        clash(put, path);
        if (prefer != Prefer.THEIRS) {
          // One is enough to know; only theirs has to remove them all.
          return;
        }
      }
    }
  }

  private boolean stays(FilePath path) {
    Optional<Slot> edit = Optional.ofNullable(edits.get(path));
    return edit.isPresent()
        ? !(edit.get() instanceof Slot.Nothing) && ours.find(path).isPresent()
        : ours.find(path).isPresent();
  }

  private void clash(FilePath theirs, FilePath our) {
    switch (prefer) {
      case NEITHER -> clashing.add(theirs);
      // The put is left out.
      case OURS -> decisions.put(theirs, new Slot.Undecided());
      case THEIRS -> decisions.put(our, new Slot.Nothing());
    }
  }
}
