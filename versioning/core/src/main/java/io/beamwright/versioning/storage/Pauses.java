// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * The pauses of one call to a server that is away for a moment: each is twice as long as the one
 * before, and jittered, so that many who were refused do not come back together. For one thread.
 */
public final class Pauses {

  private final long began = System.nanoTime();
  private final long longestNanos;
  private long nextNanos;

  /** From now on: {@code first} before the second try, and never more than {@code longest}. */
  public Pauses(Duration first, Duration longest) {
    this.nextNanos = first.toNanos();
    this.longestNanos = longest.toNanos();
  }

  /**
   * Waits a while; or says at once that the next try would come later than {@code bound} after the
   * first.
   *
   * @param reason why, for people, such as "http://host cannot be reached (Connection refused)"
   */
  public boolean pauseWithin(Duration bound, Supplier<String> reason) throws InterruptedException {
    long waiting = ThreadLocalRandom.current().nextLong(nextNanos / 2, nextNanos + 1);
    long afterIt = System.nanoTime() - began + waiting;
    if (afterIt > bound.toNanos()) {
      return false;
    }
    StorageWaits.tell(Duration.ofNanos(afterIt), bound, reason);
    Thread.sleep(waiting / 1_000_000, (int) (waiting % 1_000_000));
    nextNanos = Math.min(2 * nextNanos, longestNanos);
    return true;
  }
}
