// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.ColumnBuilder;
import io.beamwright.tables.ColumnType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/**
 * Reads cells of one type. Holds the value of the last cell that it read, so that it is asked and
 * then appended without an object for each cell. Not for several threads.
 */
abstract sealed class CellReader {

  /** Whether the cell, without the blanks around it, is a value of the type. */
  abstract boolean reads(String cell);

  /** Appends the value of the cell that {@link #reads} read last. */
  abstract void appendTo(ColumnBuilder column);

  /** The reader of cells of a declared type. */
  static CellReader of(ColumnType type, Optional<String> format, Optional<Character> thousands) {
    Digits digits = new Digits(thousands, true);
    return switch (type.kind()) {
      case BOOLEAN -> new Booleans();
      case INT32 -> new Integers(digits, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> new Integers(digits, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT32, FLOAT64 -> new Doubles(digits, type.kind() == ColumnType.Kind.FLOAT32);
      case DECIMAL -> new Decimals(digits, (ColumnType.Decimal) type);
      case DATE -> new Dates(format.map(DateFormat::of).orElse(DateTimeFormatter.ISO_LOCAL_DATE));
      case TIMESTAMP -> timestamps((ColumnType.Timestamp) type, format);
      case TEXT -> new Texts();
      case BINARY -> throw new IllegalArgumentException("no cell is binary");
    };
  }

  private static CellReader timestamps(ColumnType.Timestamp type, Optional<String> format) {
    return new Timestamps(
        format.map(DateFormat::of).orElse(IsoTimestamps.WITH_OR_WITHOUT_OFFSET),
        type.utc() ? Timestamps.Offset.MAY_BE : Timestamps.Offset.MUST_NOT_BE);
  }

  /** {@code true} or {@code false} in any case. */
  static final class Booleans extends CellReader {
    private boolean value;

    @Override
    boolean reads(String cell) {
      String text = cell.strip();
      value = text.equalsIgnoreCase("true");
      return value || text.equalsIgnoreCase("false");
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendBoolean(value);
    }
  }

  static final class Integers extends CellReader {
    private final Digits digits;
    private final long least;
    private final long greatest;
    private long value;

    Integers(Digits digits, long least, long greatest) {
      this.digits = digits;
      this.least = least;
      this.greatest = greatest;
    }

    @Override
    boolean reads(String cell) {
      Optional<String> number = digits.integer(cell);
      if (number.isEmpty()) {
        return false;
      }
      try {
        value = Long.parseLong(number.get());
      } catch (NumberFormatException e) {
        return false;
      }
      return value >= least && value <= greatest;
    }

    @Override
    void appendTo(ColumnBuilder column) {
      if (greatest == Integer.MAX_VALUE) {
        column.appendInt(Math.toIntExact(value));
      } else {
        column.appendLong(value);
      }
    }
  }

  /** Numbers with or without a fraction and an exponent; {@code NaN} and infinities by name. */
  static final class Doubles extends CellReader {
    private final Digits digits;
    private final boolean narrow;
    private double value;

    Doubles(Digits digits, boolean narrow) {
      this.digits = digits;
      this.narrow = narrow;
    }

    @Override
    boolean reads(String cell) {
      String text = cell.strip();
      switch (text) {
        case "NaN", "Infinity", "-Infinity" -> value = Double.parseDouble(text);
        default -> {
          Optional<String> number = digits.decimal(text);
          if (number.isEmpty() || (!digits.lenient() && losesDigits(text))) {
            return false;
          }
          value = Double.parseDouble(number.get());
          if (Double.isInfinite(value)) {
            return false;
          }
          // Rounding to double first and then to float would round twice.
          value = narrow ? Float.parseFloat(number.get()) : value;
        }
      }
      return true;
    }

    private boolean losesDigits(String text) {
      return digits.integer(text).isPresent()
          && !new Integers(digits, Long.MIN_VALUE, Long.MAX_VALUE).reads(text);
    }

    @Override
    void appendTo(ColumnBuilder column) {
      if (narrow) {
        column.appendFloat((float) value);
      } else {
        column.appendDouble(value);
      }
    }
  }

  static final class Decimals extends CellReader {
    private final Digits digits;
    private final ColumnType.Decimal type;
    private BigDecimal value = BigDecimal.ZERO;

    Decimals(Digits digits, ColumnType.Decimal type) {
      this.digits = digits;
      this.type = type;
    }

    @Override
    boolean reads(String cell) {
      Optional<String> number = digits.decimal(cell.strip());
      if (number.isEmpty()) {
        return false;
      }
      value = new BigDecimal(number.get()).stripTrailingZeros();
      return value.scale() <= type.scale()
          && value.precision() - value.scale() <= type.precision() - type.scale();
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendDecimal(value);
    }
  }

  static final class Dates extends CellReader {
    private final DateTimeFormatter format;
    private int epochDay;

    Dates(DateTimeFormatter format) {
      this.format = format;
    }

    @Override
    boolean reads(String cell) {
      try {
        epochDay = Math.toIntExact(LocalDate.parse(cell.strip(), format).toEpochDay());
        return true;
      } catch (DateTimeException | ArithmeticException e) {
        return false;
      }
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendInt(epochDay);
    }
  }

  static final class Timestamps extends CellReader {

    /** Whether a cell must say how far its clock is from UTC. */
    enum Offset {
      MUST_BE,
      MAY_BE,
      MUST_NOT_BE
    }

    private final DateTimeFormatter format;
    private final Offset offset;
    private long micros;

    Timestamps(DateTimeFormatter format, Offset offset) {
      this.format = format;
      this.offset = offset;
    }

    @Override
    boolean reads(String cell) {
      try {
        TemporalAccessor parsed = format.parse(cell.strip());
        boolean hasOffset = parsed.isSupported(ChronoField.OFFSET_SECONDS);
        if (offset != Offset.MAY_BE && hasOffset != (offset == Offset.MUST_BE)) {
          return false;
        }
        LocalDateTime local = LocalDateTime.from(parsed);
        int seconds = hasOffset ? parsed.get(ChronoField.OFFSET_SECONDS) : 0;
        micros =
            ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), local)
                - Math.multiplyExact(seconds, 1_000_000L);
        return local.truncatedTo(ChronoUnit.MICROS).equals(local);
      } catch (DateTimeException | ArithmeticException e) {
        return false;
      }
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendLong(micros);
    }
  }

  static final class Texts extends CellReader {
    private String value = "";

    @Override
    boolean reads(String cell) {
      value = cell;
      return true;
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendText(value);
    }
  }
}
