// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.Whereabouts;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the bytes of extents as readers do, and says what of the store keeps them from it. */
final class Extents {

  // Maps of moved packs that are kept decoded; a walk meets the extents of one pack together.
  private static final int MOST_MAPS = 64;

  private final Storage storage;
  private final Inventory inventory;
  private final Findings findings;
  private final Map<StorageKey, List<MovedMaps.Move>> maps = new HashMap<>();
  private final Whereabouts whereabouts = new Whereabouts(new Known());

  Extents(Storage storage, Inventory inventory, Findings findings) {
    this.storage = storage;
    this.inventory = inventory;
    this.findings = findings;
  }

  /** What of the store is damaged, so that {@code extent} cannot be read; nothing if it can. */
  Optional<Findings.Finding> damageOf(Extent extent) {
    return whereabouts
        .find(extent)
        .map(way -> damageIn(way.end()))
        .orElseGet(
            () ->
                Optional.of(
                    findings.damaged(Damage.Kind.OBJECT, key(extent.object()), "is absent")));
  }

  private Optional<Findings.Finding> damageIn(Extent extent) {
    ObjectRef object = extent.object();
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

  private final class Known implements Whereabouts.Holdings {
    @Override
    public List<Integer> generations(Sha256 object) {
      return inventory.objects.generations(object);
    }

    @Override
    public List<Integer> maps(Sha256 pack) {
      return inventory.moved.generations(pack);
    }

    @Override
    public List<MovedMaps.Move> map(Sha256 pack, int generation) {
      return Extents.this.map(StoreLayout.movedMap(pack, generation));
    }
  }

  private List<MovedMaps.Move> map(StorageKey key) {
    List<MovedMaps.Move> known = maps.get(key);
    if (known != null) {
      return known;
    }
    List<MovedMaps.Move> moves = new ArrayList<>();
    try {
      moves = new MovedMaps(storage).read(key);
    } catch (ObjectAbsent e) {
      // Collected since it was listed: nothing needed it.
      moves = List.of();
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
