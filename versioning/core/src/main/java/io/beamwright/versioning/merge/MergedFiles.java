// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.merge.Version.Slot;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import io.beamwright.versioning.tree.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** How a three-way merge of files ended. */
sealed interface MergedFiles {

  /** The files of both sides. */
  record Clean(Tree files) implements MergedFiles {}

  /** What both want to be something else, in the order of the paths; nothing was written. */
  record Conflicting(List<Conflict> conflicts) implements MergedFiles {
    public Conflicting {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** Merges {@code theirs} into {@code ours}; both come from {@code base}. */
  static MergedFiles merge(Trees trees, Version base, Tree ours, Tree theirs, Prefer prefer) {
    ThreeWay merged = ThreeWay.of(base, Version.of(ours), Version.of(theirs), prefer);
    FileFolderClashes clashes = FileFolderClashes.in(ours, merged.edits(), prefer);
    List<Conflict> conflicts = new ArrayList<>(merged.conflicts());
    conflicts.addAll(clashes.conflicts());
    if (!conflicts.isEmpty()) {
      conflicts.sort(Comparator.comparing(Conflict::path));
      return new Conflicting(conflicts);
    }
    return new Clean(trees.edit(ours, edits(clashes.decided())));
  }

  private static List<TreeEdit> edits(NavigableMap<FilePath, Slot> slots) {
    List<TreeEdit> edits = new ArrayList<>();
    for (Map.Entry<FilePath, Slot> slot : slots.entrySet()) {
      edits.add(
          slot.getValue()
              .file()
              .<TreeEdit>map(TreeEdit.Put::new)
              .orElseGet(() -> new TreeEdit.Delete(slot.getKey())));
    }
    return edits;
  }
}
