// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time of a test: that of its storage, and of processes whose clocks are off. */
final class VirtualTime extends Clock {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Duration jumped = Duration.ZERO;

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** Somebody sets the clock: no time passes by those that only count. */
  void jump(Duration by) {
    now = now.plus(by);
    jumped = jumped.plus(by);
  }

  /** The clocks of a process; the one on its wall is {@code off}. */
  SessionClock process(Duration off) {
    return new SessionClock() {
      @Override
      public long nanos() {
        Instant counted = now.minus(jumped);
        return counted.getEpochSecond() * 1_000_000_000L + counted.getNano();
      }

      @Override
      public Instant wall() {
        return now.plus(off);
      }
    };
  }

  @Override
  public Instant instant() {
    // Of two things one is always older, as on storages that count nanoseconds.
    now = now.plusNanos(1_000);
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
