// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells people that a storage is waited for, and why: once a call has waited for five seconds, and
 * then at most twice a minute, however many calls wait. By a logger, unless somebody else tells.
 */
public final class StorageWaits {

  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final long BETWEEN_NANOS = Duration.ofSeconds(30).toNanos();

  private static final AtomicLong NEXT = new AtomicLong(System.nanoTime());

  private static volatile Consumer<String> teller =
      text -> System.getLogger("io.beamwright.storage").log(System.Logger.Level.WARNING, text);

  private StorageWaits() {}

  /** From now on {@code teller} tells of this process's waits; it gets one line each. */
  public static void tellBy(Consumer<String> teller) {
    StorageWaits.teller = teller;
  }

  /** Tells of a call that has waited for so long, unless it is too early or was just told. */
  static void tell(Duration waited, Duration bound, Supplier<String> reason) {
    if (waited.compareTo(QUIET) < 0) {
      return;
    }
    long now = System.nanoTime();
    long next = NEXT.get();
    if (now - next >= 0 && NEXT.compareAndSet(next, now + BETWEEN_NANOS)) {
      teller.accept(
          "%s; trying again, for up to %d s from its first failure."
              .formatted(reason.get(), bound.toSeconds()));
    }
  }
}
