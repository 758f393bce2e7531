// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.merge;

import io.beamwright.versioning.merge.Version.Slot;
import io.beamwright.versioning.tree.FilePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The merge of two versions path by path. A path that one side left as it was in the base becomes
 * what the other made of it; one that both made the same is that; any other is a conflict.
 *
 * @param edits what becomes of ours: slots at the paths where the result differs from it
 * @param conflicts the paths that nobody decided, in order; in {@code edits} they are undecided
 */
record ThreeWay(NavigableMap<FilePath, Slot> edits, List<Conflict> conflicts) {

  /** Merges {@code ours} and {@code theirs}, which both come from {@code base}. */
  static ThreeWay of(Version base, Version ours, Version theirs, Prefer prefer) {
    NavigableMap<FilePath, Slot> oursChanged = base.changesTo(ours);
    NavigableMap<FilePath, Slot> edits = new TreeMap<>();
    List<Conflict> conflicts = new ArrayList<>();
    for (Map.Entry<FilePath, Slot> change : base.changesTo(theirs).entrySet()) {
      FilePath path = change.getKey();
      Slot their = change.getValue();
      Slot our = oursChanged.get(path);
      if (our == null) {
        edits.put(path, their);
      } else if (!our.isSameAs(their)) {
        Slot decided = decide(our, their, prefer);
        if (decided instanceof Slot.Undecided) {
          conflicts.add(new Conflict(path, how(base.at(path), our, their)));
        }
        if (!decided.isSameAs(our)) {
          edits.put(path, decided);
        }
      }
    }
    return new ThreeWay(edits, conflicts);
  }

  private static Slot decide(Slot our, Slot their, Prefer prefer) {
    return switch (prefer) {
      case NEITHER -> new Slot.Undecided();
      case OURS -> our;
      case THEIRS -> their;
    };
  }

  private static Conflict.How how(Slot base, Slot our, Slot their) {
    if (our.file().isEmpty()) {
      return Conflict.How.REMOVED_AND_CHANGED;
    }
    if (their.file().isEmpty()) {
      return Conflict.How.CHANGED_AND_REMOVED;
    }
    return base instanceof Slot.Nothing ? Conflict.How.BOTH_ADDED : Conflict.How.BOTH_CHANGED;
  }
}
