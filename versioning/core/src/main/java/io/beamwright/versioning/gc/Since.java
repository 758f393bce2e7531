// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.time.Duration;
import java.time.Instant;

/** A moment of this process, and how long ago it was. */
public record Since(SessionClock clock, long nanos, Instant wall) {

  /** This moment. */
  public static Since now(SessionClock clock) {
    return new Since(clock, clock.nanos(), clock.wall());
  }

  /**
   * How long ago, by whichever clock says more: one that counts runs stands still while a machine
   * sleeps, and one on the wall is put back.
   */
  public Duration age() {
    Duration counted = Duration.ofNanos(clock.nanos() - nanos);
    Duration read = Duration.between(wall, clock.wall());
    return counted.compareTo(read) > 0 ? counted : read;
  }
}
