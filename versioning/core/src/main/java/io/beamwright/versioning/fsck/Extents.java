// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the bytes of extents as readers do: in their object; else, if that is absent, in another
 * generation of it; else where the map of a moved pack says.
 */
final class Extents {

  // Maps of moved packs that are kept decoded; a walk meets the extents of one pack together.
  private static final int MOST_MAPS = 64;

  private final Storage storage;
  private final Inventory inventory;
  private final Findings findings;
  private final Map<StorageKey, List<MovedMaps.Move>> maps = new HashMap<>();

  Extents(Storage storage, Inventory inventory, Findings findings) {
    this.storage = storage;
    this.inventory = inventory;
    this.findings = findings;
  }

  /** What of the store is damaged, so that {@code extent} cannot be read; nothing if it can. */
  Optional<Findings.Finding> damageOf(Extent extent) {
    Extent at = extent;
    for (int moves = 0; moves <= MovedMaps.MOST_MOVES; moves++) {
      Optional<Integer> generation = readGeneration(at.object());
      if (generation.isPresent()) {
        return damageIn(new ObjectRef(at.object().id(), generation.get()), at);
      }
      Optional<Extent> moved = moved(at);
      if (moved.isEmpty()) {
        break;
      }
      at = moved.get();
    }
    return Optional.of(findings.damaged(Damage.Kind.OBJECT, key(extent.object()), "is absent"));
  }

  /** The generation that a reader of {@code object} reads. */
  private Optional<Integer> readGeneration(ObjectRef object) {
    List<Integer> there = inventory.objects.generations(object.id());
    return there.contains(object.generation())
        ? Optional.of(object.generation())
        : there.stream().findFirst();
  }

  private Optional<Findings.Finding> damageIn(ObjectRef object, Extent extent) {
    StorageKey key = key(object);
    OptionalLong size = inventory.objects.size(object.id(), object.generation());
    if (findings.isDamaged(key)) {
      return Optional.of(findings.damaged(Damage.Kind.OBJECT, key, ""));
    }
    if (size.isPresent() && size.getAsLong() < extent.offset() + extent.length()) {
      return Optional.of(
          findings.damaged(
              Damage.Kind.OBJECT,
              key,
              "ends after "
                  + size.getAsLong()
                  + " bytes, and bytes "
                  + extent.offset()
                  + "+"
                  + extent.length()
                  + " are needed"));
    }
    return Optional.empty();
  }

  private Optional<Extent> moved(Extent old) {
    for (int generation : inventory.moved.generations(old.object().id())) {
      StorageKey key = StoreLayout.movedMap(old.object().id(), generation);
      for (MovedMaps.Move move : map(key)) {
        if (move.holds(old)) {
          return Optional.of(move.within(old));
        }
      }
    }
    return Optional.empty();
  }

  private List<MovedMaps.Move> map(StorageKey key) {
    List<MovedMaps.Move> known = maps.get(key);
    if (known != null) {
      return known;
    }
    List<MovedMaps.Move> moves = new ArrayList<>();
    try {
      moves = new MovedMaps(storage).read(key);
    } catch (DamagedObject e) {
      findings.damaged(Damage.Kind.MOVED_MAP, key, "is not the map of a moved pack");
    }
    if (maps.size() == MOST_MAPS) {
      maps.clear();
    }
    maps.put(key, moves);
    return moves;
  }

  static StorageKey key(ObjectRef object) {
    return StoreLayout.object(object.id(), object.generation());
  }
}
