// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Values of cells as objects of the JDK, both ways. */
final class CellValues {

  private static final long MICROS_PER_SECOND = 1_000_000;

  private CellValues() {}

  /** The object of a cell that is not null. */
  static Object of(ColumnVector vector, int row) {
    return switch (vector.type().kind()) {
      case BOOLEAN -> vector.booleanAt(row);
      case INT32 -> vector.intAt(row);
      case INT64 -> vector.longAt(row);
      case FLOAT32 -> vector.floatAt(row);
      case FLOAT64 -> vector.doubleAt(row);
      case DECIMAL -> vector.decimalAt(row);
      case DATE -> LocalDate.ofEpochDay(vector.intAt(row));
      case TIMESTAMP ->
          ((ColumnType.Timestamp) vector.type()).utc()
              ? instant(vector.longAt(row))
              : localDateTime(vector.longAt(row));
      case TEXT -> vector.textAt(row);
      case BINARY -> vector.bytesAt(row);
    };
  }

  static void append(ColumnBuilder builder, ColumnType type, Object value) {
    switch (type.kind()) {
      case BOOLEAN -> builder.appendBoolean((Boolean) value);
      case INT32 -> builder.appendInt((Integer) value);
      case INT64 -> builder.appendLong((Long) value);
      case FLOAT32 -> builder.appendFloat((Float) value);
      case FLOAT64 -> builder.appendDouble((Double) value);
      case DECIMAL -> builder.appendDecimal((BigDecimal) value);
      case DATE -> builder.appendInt(Math.toIntExact(((LocalDate) value).toEpochDay()));
      case TIMESTAMP ->
          builder.appendLong(
              micros(
                  ((ColumnType.Timestamp) type).utc()
                      ? (Instant) value
                      : ((LocalDateTime) value).toInstant(ZoneOffset.UTC)));
      case TEXT -> builder.appendText((String) value);
      case BINARY -> builder.appendBytes((byte[]) value);
    }
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  static LocalDateTime localDateTime(long micros) {
    return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
  }

  private static long micros(Instant instant) {
    if (!instant.equals(instant.truncatedTo(ChronoUnit.MICROS))) {
      throw new IllegalArgumentException(
          instant + " is finer than a microsecond; truncate it on purpose");
    }
    // ChronoUnit.MICROS.between goes by nanoseconds, which overflow before 1677 and after 2262.
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }
}
