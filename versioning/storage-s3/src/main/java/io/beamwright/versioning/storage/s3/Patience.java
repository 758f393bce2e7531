// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Pauses;
import java.time.Duration;
import java.util.function.Function;

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

  private static final Duration RESOLVING = Duration.ofSeconds(1);
  private static final Duration SETTLING = Duration.ofMinutes(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private static final int LEAST_TRIES = 4;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /**
   * That of a store: a server that is started again refuses connections for as long as it drops
   * them, so both are given the same time.
   */
  static Patience of(Duration timeout) {
    return new Patience(RESOLVING, timeout, timeout, SETTLING, FIRST_PAUSE);
  }

  /** The tries of one call; {@code reason} tells people of a failure. */
  Tries begin(Function<Failure, String> reason) {
    return new Tries(reason);
  }

  /** The time and the tries of one call; for one thread. */
  final class Tries {
    private final Function<Failure, String> reason;
    private final Pauses pauses = new Pauses(pause, LONGEST_PAUSE);
    private int dropped;

    private Tries(Function<Failure, String> reason) {
      this.reason = reason;
    }

    /** Waits a while; or says at once that it was tried long, and often, enough. */
    boolean again(Failure failure) throws InterruptedException {
      Duration bound = bound(failure.kind());
      dropped += failure.kind() == Failure.Kind.DROPPED ? 1 : 0;
      if (failure.kind() == Failure.Kind.DROPPED && dropped < LEAST_TRIES && !bound.isZero()) {
        // A server that was silent has taken much of the time for one try.
        pauses.pause(bound, () -> reason.apply(failure));
        return true;
      }
      return pauses.pauseWithin(bound, () -> reason.apply(failure));
    }

    /** The same for something that may have happened. */
    boolean againToSettle(Failure failure) throws InterruptedException {
      return pauses.pauseWithin(settling, () -> reason.apply(failure));
    }

    private Duration bound(Failure.Kind kind) {
      return switch (kind) {
        case UNKNOWN_HOST -> resolving;
        case UNREACHABLE -> connecting;
        case BUSY, DROPPED, REJECTED -> trying;
        case LOCAL, INTERRUPTED, NO_TLS -> Duration.ZERO;
      };
    }
  }
}
