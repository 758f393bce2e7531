// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Retry;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.Optional;

/**
 * Says in the log of garbage collection which features the store has. Versions from before there
 * were features read its newest entry before they write, and refuse what that names.
 */
public final class FeatureNotice {

  private final Storage storage;
  private final CollectionLog log;

  /** Writes into the log of the store at {@code storage}. */
  public FeatureNotice(Storage storage) {
    this.storage = storage;
    this.log = new CollectionLog(storage);
  }

  /**
   * Makes sure that the newest entry names every feature that the store has now; every entry after
   * it does so too.
   *
   * @throws ConflictFault if a collection deletes at the moment
   */
  public void write(Instant at) {
    var unused = Retry.untilWon("the log of garbage collection", () -> tryWrite(at));
  }

  private Optional<Boolean> tryWrite(Instant at) {
    Optional<CollectionLog.Entry> newest = log.newest();
    boolean isSaid =
        newest
            .map(entry -> entry.features().containsAll(new StoreFeatures(storage).names()))
            .orElse(false);
    if (isSaid) {
      return Optional.of(true);
    }
    long number = newest.map(CollectionLog.Entry::number).orElse(-1L) + 1;
    long list = newest.map(CollectionLog.Entry::list).orElse(-1L);
    boolean isOurs = log.tryAppend(number, CollectionLog.entry(kind(newest), list, at));
    return isOurs ? Optional.of(true) : Optional.empty();
  }

  /** An entry after {@code newest} that changes nothing of what a list means to anybody. */
  private CollectionLog.Kind kind(Optional<CollectionLog.Entry> newest) {
    if (newest.filter(CollectionLog.Entry::isActive).isEmpty()) {
      // As of a collection that came to nothing: the next one begins anew.
      return CollectionLog.Kind.MARK;
    }
    if (newest.get().kind() == CollectionLog.Kind.SWEEP) {
      // Whoever deletes must own the newest entry.
      throw new ConflictFault(
          "A collection of " + storage.location() + " deletes what is on its list.",
          "Try again when it has ended; if it is gone, run gc first.");
    }
    return CollectionLog.Kind.GRACE;
  }
}
