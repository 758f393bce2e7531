// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntPredicate;

/** Puts on a list what is not marked, part by part. */
final class Condemning {

  /** A part has about so many things: a writer that looks one of them up reads 1 MiB. */
  static final int PART = 1 << 15;

  private final Storage storage;
  private final String id = UUID.randomUUID().toString();
  private final Map<Space, Amount> totals = new EnumMap<>(Space.class);
  private final List<ListEntry.Part> parts = new ArrayList<>();
  private final List<CondemnedPart.Entry> part = new ArrayList<>();
  private final boolean isTrial;

  /**
   * @param isTrial whether nothing is written
   */
  Condemning(Storage storage, boolean isTrial) {
    this.storage = storage;
    this.isTrial = isTrial;
  }

  String id() {
    return id;
  }

  Map<Space, Amount> totals() {
    return totals;
  }

  List<ListEntry.Part> parts() {
    return parts;
  }

  /** Takes all of {@code things} that was there before {@code began} and is not needed. */
  void add(Space space, Inventory things, Instant began, IntPredicate isMoved) {
    for (int at = 0; at < things.size(); at++) {
      boolean isOld = things.isCreatedBefore(at, began) && !things.has(at, Mark.DELETED);
      boolean isNeeded = things.has(at, Mark.NEEDED | Mark.WITHOUT_BYTES);
      boolean moved = isMoved.test(at);
      if (isOld && (!isNeeded || moved)) {
        add(space, things.id(at), things.generation(at), moved);
        totals.merge(space, new Amount(1, things.bytes(at)), Amount::plus);
      }
    }
    cut(space);
  }

  private void add(Space space, Sha256 thing, int generation, boolean moved) {
    // All generations of a digest are in one part, where a writer finds them together.
    boolean isAnother = part.isEmpty() || !part.get(part.size() - 1).id().equals(thing);
    if (part.size() >= PART && isAnother) {
      cut(space);
    }
    part.add(new CondemnedPart.Entry(thing, generation, moved));
  }

  private void cut(Space space) {
    if (part.isEmpty()) {
      return;
    }
    if (!isTrial) {
      Content content = Content.of(CondemnedPart.seal(part));
      var unused = storage.createIfAbsent(StoreLayout.condemnedPart(id, parts.size()), content);
    }
    parts.add(new ListEntry.Part(space, part.get(0).id(), part.size()));
    part.clear();
  }
}
