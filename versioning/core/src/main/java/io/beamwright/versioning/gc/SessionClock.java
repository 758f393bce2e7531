// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.time.Instant;

/**
 * How a process tells how long ago something was: by two clocks, because each of them may stand
 * still or jump. Neither is compared with a clock of another process.
 */
public interface SessionClock {

  /** Nanoseconds since any moment, by a clock that only goes forward. */
  public long nanos();

  /** What a watch on the wall would say. */
  public Instant wall();

  /** The clocks of this machine. */
  SessionClock SYSTEM =
      new SessionClock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Instant wall() {
          return Instant.now();
        }
      };
}
