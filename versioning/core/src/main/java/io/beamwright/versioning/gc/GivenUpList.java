// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The way out when the log of garbage collection, or the list that stands, is damaged: the list is
 * given up, and nothing on it is deleted any more.
 *
 * <p>That is safe as soon as nobody deletes. Whoever deletes says so every two minutes in an entry
 * of the log, and must own the newest: where the newest entry is a sweep's, or cannot be read, it
 * must be ten minutes old. Whoever still deletes then is as good as stopped, and is refused at its
 * next entry, because that number is ours.
 */
public final class GivenUpList {

  /** Another takes over a sweep of which nothing was heard for so long. */
  static final Duration TAKEN_OVER = Duration.ofMinutes(10);

  static final String CLOCK = StoreLayout.CONDEMNED + "clock/";

  private final Storage storage;
  private final CollectionLog log;

  /** The list of the store at {@code storage}. */
  public GivenUpList(Storage storage) {
    this.storage = storage;
    this.log = new CollectionLog(storage);
  }

  /**
   * Gives up the list that stands, or may stand, if it cannot be used.
   *
   * @param at the time, for people
   * @return what of it is damaged; empty if nothing was to be given up
   * @throws ConflictFault if somebody may be deleting what is on it
   */
  public Optional<String> giveUpIfDamaged(Instant at) {
    Optional<UnusableLog> damage = log.damage();
    if (damage.isEmpty()) {
      return Optional.empty();
    }
    NumberedLog.Stamp newest = log.newestStamp().orElseThrow();
    Optional<CollectionLog.Entry> entry = log.readable(newest);
    boolean mayDelete =
        entry.map(CollectionLog.Entry::kind).filter(kind -> !deletesNothing(kind)).isPresent()
            || entry.isEmpty();
    if (mayDelete) {
      requireQuiet(newest);
    }
    // A list that no writer has seen: whoever looked before takes care from now on.
    long list = entry.map(CollectionLog.Entry::list).orElse(newest.number());
    String how = String.valueOf(damage.get().getMessage());
    ObjectNode done = CollectionLog.entry(CollectionLog.Kind.DONE, list, at);
    done.put("swept", mayDelete).put("came_back", 0).put("withdrawn", how);
    if (!log.tryAppend(newest.number() + 1, done)) {
      throw new ConflictFault(
          "Another collection of " + storage.location() + " is under way.", "Run gc again.");
    }
    return Optional.of(how);
  }

  private static boolean deletesNothing(CollectionLog.Kind kind) {
    return kind == CollectionLog.Kind.LIST || kind == CollectionLog.Kind.GRACE;
  }

  private void requireQuiet(NumberedLog.Stamp newest) {
    Instant free = newest.created().plus(TAKEN_OVER);
    if (now(storage).isBefore(free)) {
      throw new ConflictFault(
          "A collection of "
              + storage.location()
              + " wrote an entry at "
              + newest.created()
              + ", and may still be deleting.",
          "Run this again after " + free + ".");
    }
  }

  /** The storage's time: nobody else's can be compared with those of what it holds. */
  static Instant now(Storage storage) {
    StorageKey key = StorageKey.of(CLOCK + UUID.randomUUID());
    var unused = storage.createIfAbsent(key, Content.of(CondemnedPart.seal(List.of())));
    try {
      return storage.list(key.text(), Optional.empty(), 1).get(0).created();
    } finally {
      storage.delete(key);
    }
  }

  /**
   * What may take the place of the entry {@code number}, which is lost, and neither the newest nor
   * that of a list that stands: nobody needs what it said.
   */
  public static byte[] inPlaceOf(long number, Instant at) {
    ObjectNode entry = CollectionLog.entry(CollectionLog.Kind.MARK, -1, at);
    return SummedJson.bytes(entry.put("lost", "entry " + number));
  }
}
