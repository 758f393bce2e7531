// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code EXTRACT} takes of a date or timestamp. */
enum CalendarPart {
  YEAR(ChronoField.YEAR),
  QUARTER(IsoFields.QUARTER_OF_YEAR),
  MONTH(ChronoField.MONTH_OF_YEAR),
  DAY(ChronoField.DAY_OF_MONTH),
  DOY(ChronoField.DAY_OF_YEAR),
  ISODOW(ChronoField.DAY_OF_WEEK),
  HOUR(ChronoField.HOUR_OF_DAY),
  MINUTE(ChronoField.MINUTE_OF_HOUR),
  SECOND(ChronoField.SECOND_OF_MINUTE);

  private final TemporalField field;

  CalendarPart(TemporalField field) {
    this.field = field;
  }

  /** The part of this name; null if there is none. */
  static @Nullable CalendarPart of(String name) {
    return Arrays.stream(values()).filter(part -> part.name().equals(name)).findAny().orElse(null);
  }

  static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /** Of a date, a timestamp without a zone, or one in UTC. */
  long of(Object value) {
    LocalDateTime time =
        value instanceof LocalDate date
            ? date.atStartOfDay()
            : value instanceof Instant instant ? Casts.wallClock(instant) : (LocalDateTime) value;
    return time.getLong(field);
  }
}
