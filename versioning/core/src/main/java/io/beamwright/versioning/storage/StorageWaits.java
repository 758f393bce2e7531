// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells people that a storage is waited for, and why: once a call has waited for five seconds, and
 * then at most twice a minute, however many calls wait.
 */
public final class StorageWaits {

  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final long BETWEEN_NANOS = Duration.ofSeconds(30).toNanos();

  private static final StorageWaits OF_PROCESS =
      new StorageWaits(
          System::nanoTime,
          text -> System.getLogger("io.beamwright.storage").log(System.Logger.Level.WARNING, text));

  private final LongSupplier nanos;
  private final AtomicLong next;
  private volatile Consumer<String> teller;

  /**
   * @param nanos a clock as {@link System#nanoTime}
   * @param teller gets one line each
   */
  StorageWaits(LongSupplier nanos, Consumer<String> teller) {
    this.nanos = nanos;
    this.next = new AtomicLong(nanos.getAsLong());
    this.teller = teller;
  }

  /** From now on {@code teller}, and no logger, tells of this process's waits, a line each. */
  public static void tellBy(Consumer<String> teller) {
    OF_PROCESS.teller = teller;
  }

  /** What tells of this process's waits. */
  static StorageWaits ofProcess() {
    return OF_PROCESS;
  }

  /** Tells of a call that will have waited for so long, unless that is short or was just told. */
  void tell(Duration waited, Duration bound, Supplier<String> reason) {
    if (waited.compareTo(QUIET) < 0) {
      return;
    }
    long now = nanos.getAsLong();
    long due = next.get();
    if (now - due >= 0 && next.compareAndSet(due, now + BETWEEN_NANOS)) {
      teller.accept(
          "%s; trying again, for up to %d s from its first failure."
              .formatted(reason.get(), bound.toSeconds()));
    }
  }
}
