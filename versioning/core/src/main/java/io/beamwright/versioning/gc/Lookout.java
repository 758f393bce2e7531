// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.storage.Storage;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks, for one writer, whether there is a list of what will be deleted: before its first write,
 * and again when it writes and five minutes have passed. Not safe for several threads at once.
 */
public final class Lookout {

  /** A look at the log is good for so long: half of the shortest grace that a command takes. */
  static final Duration LOOKED_EVERY = Duration.ofMinutes(5);

  private final Storage storage;
  private final SessionClock clock;
  private final CollectionLog log;
  private final Runnable again;
  private final Since began;
  private Optional<Look> last = Optional.empty();
  // Something was read when nobody could tell what will be deleted.
  private boolean isBlind;

  /**
   * What the newest look at the log found.
   *
   * @param list number of the newest list, or -1
   * @param checks what has to be made sure of; empty if nothing has
   */
  private record Look(Since at, long list, Optional<Adoption> checks) {}

  /**
   * Begins now.
   *
   * @param again is told of every look but the first: what a ref named before it may have left the
   *     window in which refs are followed back
   */
  public Lookout(Storage storage, SessionClock clock, Runnable again) {
    this.storage = storage;
    this.clock = clock;
    this.log = new CollectionLog(storage);
    this.again = again;
    this.began = Since.now(clock);
  }

  /** What the next write has to be checked by; nothing if no list concerns this writer. */
  public Optional<Adoption> checks() {
    if (last.isEmpty() || last.get().at().age().compareTo(LOOKED_EVERY) >= 0) {
      last = Optional.of(look());
    }
    return last.get().checks();
  }

  /**
   * Looks, if it is time to, because something is about to be read that no ref names. Where the log
   * cannot be used, who only reads goes on; a write needs another look, and if there is one, all
   * that is named from then on is made sure of.
   */
  public void beforeReading() {
    try {
      var unused = checks();
    } catch (UnusableLog e) {
      isBlind = true;
    }
  }

  /** The same, for what this writer did not make: that it is there is checked in any case. */
  public Adoption checksOfOthers() {
    return checks().orElseGet(() -> new Adoption(storage, nothing(), true));
  }

  private Look look() {
    // Before the request: what others do while it is under way counts as not seen.
    Since now = Since.now(clock);
    Optional<CollectionLog.Entry> newest = log.newest();
    long number = newest.map(CollectionLog.Entry::list).orElse(-1L);
    boolean isActive = newest.filter(CollectionLog.Entry::isActive).isPresent();
    if (last.isEmpty()) {
      // What was read long before the first write may have been on any list since.
      boolean isLate = isBlind || began.age().compareTo(LOOKED_EVERY) >= 0;
      boolean isCareless = !isActive && !isLate;
      return new Look(
          now, number, isCareless ? Optional.empty() : adoption(number, isActive, isLate));
    }
    again.run();
    Look before = last.get();
    if (number == before.list() && !isBlind) {
      return new Look(now, number, isActive ? before.checks() : afterList(before));
    }
    return new Look(now, number, adoption(number, isActive, true));
  }

  private CondemnedList nothing() {
    return new CondemnedList(storage, ListEntry.NONE);
  }

  // What was read before the list was swept, and is used now, may have been on it.
  private static Optional<Adoption> afterList(Look before) {
    return before.checks().map(Adoption::withoutList);
  }

  private Optional<Adoption> adoption(long number, boolean isActive, boolean isLate) {
    CondemnedList list = isActive ? new CondemnedList(storage, log.list(number)) : nothing();
    return Optional.of(new Adoption(storage, list, isLate));
  }
}
