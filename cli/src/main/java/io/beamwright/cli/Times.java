// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** How people are shown times. */
final class Times {

  private Times() {}

  /** A time, in whole seconds. */
  static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A span of time as {@code 12 ms}, {@code 1.2 s}, {@code 3 min 5 s} or {@code 2 h 0 min}. */
  static String duration(Duration span) {
    long millis = span.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
    }
    return millis < 3_600_000
        ? span.toMinutes() + " min " + span.toSecondsPart() + " s"
        : span.toHours() + " h " + span.toMinutesPart() + " min";
  }

  /**
   * A span of time as people type it: {@code 30s}, {@code 90m}, {@code 24h}, {@code 2d}.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static Duration span(String typed) {
    if (!typed.matches("[0-9]{1,9}[smhd]")) {
      throw new IllegalArgumentException("not a span of time: " + typed);
    }
    long number = Long.parseLong(typed.substring(0, typed.length() - 1));
    return switch (typed.charAt(typed.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** As {@link #duration(Duration)}, or nothing. */
  static String duration(Optional<Duration> span) {
    return span.map(Times::duration).orElse("");
  }
}
