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
    long waiting = nextPause();
    if (System.nanoTime() - began + waiting > bound.toNanos()) {
      return false;
    }
    pause(waiting, bound, reason);
    return true;
  }

  /** Waits a while, also beyond {@code bound}. */
  public void pause(Duration bound, Supplier<String> reason) throws InterruptedException {
    pause(nextPause(), bound, reason);
  }

  private long nextPause() {
    return ThreadLocalRandom.current().nextLong(nextNanos / 2, nextNanos + 1);
  }

  private void pause(long nanos, Duration bound, Supplier<String> reason)
      throws InterruptedException {
    StorageWaits.ofProcess()
        .tell(Duration.ofNanos(System.nanoTime() - began + nanos), bound, reason);
    Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    nextNanos = Math.min(2 * nextNanos, longestNanos);
  }
}
