// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Kind;
import io.beamwright.versioning.fault.UserFault;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** Patterns of {@code java.time} in English, read strictly: 30 February is no date. */
final class DateFormat {

  private static final String ZONE_NAMES = "zvV";

  /** What a date has not: it would be read and dropped. */
  private static final String TIMES = "aBhHkKmsSAnNOXxZ";

  private DateFormat() {}

  /** The formatter of a pattern; {@code yyyy} means what people mean by it. */
  static DateTimeFormatter of(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        // A strict parser takes a year of an era for no year at all unless it knows the era.
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  static void check(String who, String column, Optional<ColumnType> type, String pattern) {
    boolean takesFormat =
        type.map(ColumnType::kind).filter(k -> k == Kind.DATE || k == Kind.TIMESTAMP).isPresent();
    if (!takesFormat) {
      throw new UserFault(
          who + ": column \"" + column + "\" has a format and is neither date nor timestamp.",
          "Declare its type as date or timestamp, or leave the format out.");
    }
    try {
      DateFormat.of(pattern);
    } catch (IllegalArgumentException e) {
      throw new UserFault(
          "%s: the format \"%s\" of column \"%s\" is no pattern: %s."
              .formatted(who, pattern, column, e.getMessage()),
          "Write it as java.time.format.DateTimeFormatter does, such as \"MMM dd, yyyy\".",
          e);
    }
    String format = "%s: the format \"%s\" of column \"%s\"".formatted(who, pattern, column);
    refuse(
        pattern,
        ZONE_NAMES,
        format + " reads the name of a time zone",
        "A name such as EST says no one offset. Read an offset by X, x, Z or O; or make a column of"
            + " the text, and compute the time by a query.");
    if (type.orElseThrow().kind() == Kind.DATE) {
      refuse(
          pattern,
          TIMES,
          format + ", a date, reads a time",
          "Declare its type as timestamp[us], or leave the time out of the format and of the file.");
    }
  }

  private static void refuse(String pattern, String among, String what, String remedy) {
    letters(pattern)
        .chars()
        .filter(c -> among.indexOf(c) >= 0)
        .mapToObj(Character::toString)
        .findFirst()
        .ifPresent(
            letter -> {
              throw new UserFault(what + " (" + letter + ").", remedy);
            });
  }

  /** The letters of a pattern that are not quoted. */
  private static String letters(String pattern) {
    StringBuilder letters = new StringBuilder();
    boolean quoted = false;
    for (char c : pattern.toCharArray()) {
      quoted ^= c == '\'';
      if (!quoted && Character.isLetter(c)) {
        letters.append(c);
      }
    }
    return letters.toString();
  }
}
