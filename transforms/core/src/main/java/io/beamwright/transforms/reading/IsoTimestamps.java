// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** The timestamps that need no format: ISO 8601 with {@code T} or a blank between date and time. */
final class IsoTimestamps {

  private static final int MOST_FRACTION_DIGITS = 9;

  static final DateTimeFormatter WITH_OR_WITHOUT_OFFSET =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd['T'][' ']HH:mm[:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, MOST_FRACTION_DIGITS, true)
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private IsoTimestamps() {}
}
