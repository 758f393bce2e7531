// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Pauses;
import java.time.Duration;

/**
 * How long requests are repeated that failed for a passing reason.
 *
 * @param resolving while nobody has the server's name
 * @param connecting while no connection is made
 * @param trying while the server is busy, or drops connections
 * @param settling while it is not known whether something was created
 * @param pause before the first repetition; it doubles up to {@link #LONGEST_PAUSE}
 */
record Patience(
    Duration resolving, Duration connecting, Duration trying, Duration settling, Duration pause) {

  /** With connections that may take 5 s each, nobody waits for 20 s for a server that is gone. */
  static final Patience USUAL =
      new Patience(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMillis(50));

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** The tries of one call. */
  Tries begin() {
    return new Tries();
  }

  /** The time and the tries of one call; for one thread. */
  final class Tries {
    private final Pauses pauses = new Pauses(pause, LONGEST_PAUSE);

    /** Waits a while; or says at once that it was tried long enough. */
    boolean again(Failure failure) throws InterruptedException {
      return pauses.pauseWithin(bound(failure.kind()));
    }

    /** The same for something that may have happened. */
    boolean againToSettle() throws InterruptedException {
      return pauses.pauseWithin(settling);
    }

    private Duration bound(Failure.Kind kind) {
      return switch (kind) {
        case UNKNOWN_HOST -> resolving;
        case UNREACHABLE -> connecting;
        case BUSY, DROPPED, REJECTED -> trying;
        case LOCAL, INTERRUPTED -> Duration.ZERO;
      };
    }
  }
}
