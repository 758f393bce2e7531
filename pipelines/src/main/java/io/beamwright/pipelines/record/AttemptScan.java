// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Looks through a store's attempts, as they were when this was made, reading each at most once. */
final class AttemptScan {

  // Clocks of the machines that submit runs differ by less.
  static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private final Attempts attempts;
  private final long newest;
  private final Map<Long, Optional<Attempt>> read = new HashMap<>();

  AttemptScan(Attempts attempts) {
    this.attempts = attempts;
    this.newest = attempts.newestNumber();
  }

  /** Number of the newest attempt, or -1 if there is none. */
  long newest() {
    return newest;
  }

  /** The attempt of this number, if there is one. */
  Optional<Attempt> at(long number) {
    return read.computeIfAbsent(number, attempts::at);
  }

  /** The newest attempt that is {@code wanted}. */
  Optional<Attempt> newest(Predicate<Attempt> wanted) {
    for (long number = newest; number >= 0; number--) {
      Optional<Attempt> attempt = at(number).filter(wanted);
      if (attempt.isPresent()) {
        return attempt;
      }
    }
    return Optional.empty();
  }

  /**
   * The attempts at {@code job} from number {@code from} down, newest first, begun after it was
   * planned.
   */
  List<Attempt> of(Sha256 job, long from, Instant planned) {
    return since(planned, from, attempt -> attempt.job().equals(job));
  }

  /** The attempts that {@code run} began, newest first. */
  List<Attempt> of(String run, Instant submitted) {
    return since(submitted, newest, attempt -> attempt.run().equals(run));
  }

  private List<Attempt> since(Instant time, long from, Predicate<Attempt> wanted) {
    List<Attempt> found = new ArrayList<>();
    Instant earliest = time.minus(CLOCK_SKEW);
    for (long number = from; number >= 0; number--) {
      Optional<Attempt> attempt = at(number);
      if (attempt.isEmpty() || attempt.get().at().isBefore(earliest)) {
        break;
      }
      attempt.filter(wanted).ifPresent(found::add);
    }
    return found;
  }
}
