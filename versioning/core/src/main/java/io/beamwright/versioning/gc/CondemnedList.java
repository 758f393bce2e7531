// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What will be deleted, as a writer looks it up: reads only those parts that it needs. */
final class CondemnedList {

  private static final int MOST_PART_BYTES = 64 << 20;

  private final Storage storage;
  private final ListEntry list;
  private final Map<Integer, CondemnedPart> parts = new HashMap<>();

  CondemnedList(Storage storage, ListEntry list) {
    this.storage = storage;
    this.list = list;
  }

  /** What the log says of it. */
  ListEntry entry() {
    return list;
  }

  /** The generations of {@code id} that are on the list. */
  synchronized List<CondemnedPart.Entry> of(Space space, Sha256 id) {
    Optional<Integer> part = list.partOf(space, id);
    return part.map(number -> part(number).of(id)).orElse(List.of());
  }

  boolean hasAny(Space space) {
    return list.parts().stream().anyMatch(part -> part.space() == space);
  }

  boolean names(Space space, Sha256 id) {
    return !of(space, id).isEmpty();
  }

  boolean isCondemned(Space space, Sha256 id, int generation) {
    return of(space, id).stream().anyMatch(entry -> entry.generation() == generation);
  }

  /** The lowest generation of {@code id} that is not on the list. */
  int freeGeneration(Space space, Sha256 id) {
    List<CondemnedPart.Entry> condemned = of(space, id);
    int generation = 0;
    while (isAmong(condemned, generation)) {
      generation++;
    }
    return generation;
  }

  private static boolean isAmong(List<CondemnedPart.Entry> condemned, int generation) {
    return condemned.stream().anyMatch(entry -> entry.generation() == generation);
  }

  private CondemnedPart part(int number) {
    return parts.computeIfAbsent(number, this::load);
  }

  /**
   * Makes sure that all parts can be used.
   *
   * @throws UnusableLog if one of them is absent, or any bit of it is wrong
   */
  void loadAll() {
    for (int part = 0; part < list.parts().size(); part++) {
      var unused = load(part);
    }
  }

  /**
   * One part, as the storage has it.
   *
   * @throws UnusableLog if it is absent, or any bit of it is wrong
   */
  CondemnedPart load(int number) {
    StorageKey key = StoreLayout.condemnedPart(list.id(), number);
    try {
      CondemnedPart part = CondemnedPart.open(storage.read(key, 0, MOST_PART_BYTES));
      if (!isPart(part, number)) {
        throw UnusableLog.damaged(storage, key, "is not the part that its list has there");
      }
      return part;
    } catch (MalformedBytes e) {
      throw UnusableLog.damaged(storage, key, e.how());
    } catch (ObjectAbsent e) {
      throw UnusableLog.damaged(storage, key, "is absent");
    }
  }

  private boolean isPart(CondemnedPart part, int number) {
    ListEntry.Part said = list.parts().get(number);
    boolean isSaid =
        part.size() == said.count() && part.size() > 0 && part.entry(0).id().equals(said.first());
    boolean isLast =
        number + 1 == list.parts().size() || list.parts().get(number + 1).space() != said.space();
    return isSaid
        && (isLast
            || part.entry(part.size() - 1).id().compareTo(list.parts().get(number + 1).first())
                < 0);
  }
}
