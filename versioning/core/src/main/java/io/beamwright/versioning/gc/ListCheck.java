// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What a check of a store asks of garbage collection's log and lists: what writers ask. */
public final class ListCheck {

  private ListCheck() {}

  /**
   * Checks one entry of the log by itself.
   *
   * @throws IllegalArgumentException if writers or collectors could not use it
   */
  public static void requireEntry(JsonNode json, long number) {
    CollectionLog.Kind kind = CanonicalJson.read(json, CollectionLog::kind);
    if (kind == CollectionLog.Kind.LIST) {
      var unused = CanonicalJson.read(json, ListEntry::of);
    } else {
      long unused = CollectionLog.list(json, number);
    }
  }

  /** Whether {@code stored} is a part of a list. */
  public static boolean isPart(byte[] stored) {
    return malformed(stored).isEmpty();
  }

  /** What is wrong with a part of a list, as the rest of a sentence; empty if nothing is. */
  public static Optional<String> malformed(byte[] stored) {
    try {
      var unused = CondemnedPart.open(stored);
      return Optional.empty();
    } catch (MalformedBytes e) {
      return Optional.of(e.how());
    }
  }

  /** Shows everything that is damaged of the list that stands, with what is wrong. */
  public static void check(Storage storage, BiConsumer<StorageKey, String> damaged) {
    CollectionLog log = new CollectionLog(storage);
    try {
      Optional<CollectionLog.Entry> newest = log.newest();
      if (newest.filter(CollectionLog.Entry::isActive).isPresent()) {
        CondemnedList list = new CondemnedList(storage, log.list(newest.get().list()));
        log.requireAnnounced(newest.get());
        for (int part = 0; part < list.entry().parts().size(); part++) {
          check(list, part, damaged);
        }
      }
    } catch (UnusableLog e) {
      damaged.accept(e.key(), e.how());
    }
  }

  private static void check(CondemnedList list, int part, BiConsumer<StorageKey, String> damaged) {
    try {
      var unused = list.load(part);
    } catch (UnusableLog e) {
      damaged.accept(e.key(), e.how());
    }
  }
}
