// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.fasterxml.jackson.core.io.NumberInput;
import io.beamwright.tables.ColumnBuilder;
import io.beamwright.tables.ColumnType;
import java.math.BigDecimal;
import java.util.Optional;

/** Readers of numbers. */
final class NumberReaders {

  /** Digits that a long holds whatever they are. */
  private static final int SURE_DIGITS = 18;

  /** No number of use is longer, and exact ones of more digits take long. */
  private static final int MOST_LENGTH = 1_000;

  /** Beside so few digits an exponent of five makes nothing but zero or infinity. */
  private static final int MOST_FOR_FAST = 100;

  /** Integers up to 2^53 are exact in a double. */
  private static final long MOST_EXACT = 1L << 53;

  private static final double BEYOND_LONG = 0x1p63;

  /** Powers of ten that are exact in a double. */
  private static final double[] POWERS = new double[23];

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private NumberReaders() {}

  /** A reader of numbers. */
  abstract static sealed class Reader extends CellReader {
    final Digits digits;

    Reader(Digits digits) {
      this.digits = digits;
    }
  }

  /** Whether a double is this integer exactly. */
  static boolean isExact(long value) {
    return value == 0
        || Long.SIZE
                - Long.numberOfLeadingZeros(Math.abs(value))
                - Long.numberOfTrailingZeros(value)
            <= 53;
  }

  static final class Integers extends Reader {
    private final long least;
    private final long greatest;
    private long value;

    Integers(Digits digits, long least, long greatest) {
      super(digits);
      this.least = least;
      this.greatest = greatest;
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      return (readsPlain(bytes, from, to) || readsAny(bytes, from, to))
          && value >= least
          && value <= greatest;
    }

    /** The usual case, without a text: few digits, the first of which is no zero. */
    private boolean readsPlain(byte[] bytes, int from, int to) {
      boolean negative = from < to && bytes[from] == '-';
      int at = negative ? from + 1 : from;
      int count = to - at;
      if (count < 1 || count > SURE_DIGITS || (bytes[at] == '0' && (count > 1 || negative))) {
        return false;
      }
      long sum = 0;
      for (; at < to; at++) {
        int digit = bytes[at] - '0';
        if (digit < 0 || digit > 9) {
          return false;
        }
        sum = 10 * sum + digit;
      }
      value = negative ? -sum : sum;
      return true;
    }

    private boolean readsAny(byte[] bytes, int from, int to) {
      if (!mayBeNumber(bytes, from, to)) {
        return false;
      }
      Optional<String> number = digits.integer(text(bytes, from, to));
      // A zero with a minus is a number that no integer is.
      if (number.isEmpty() || (!digits.lenient() && number.get().equals("-0"))) {
        return false;
      }
      try {
        value = Long.parseLong(number.get());
        return true;
      } catch (NumberFormatException e) {
        return false;
      }
    }

    long value() {
      return value;
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

  private static boolean mayBeNumber(byte[] bytes, int from, int to) {
    return from < to && bytes[from] <= '9' && bytes[to - 1] <= '9';
  }

  /** The three words for what is no number of digits; none if it is none of them. */
  private static Optional<Double> special(byte[] bytes, int from, int to) {
    boolean may = to > from && (bytes[to - 1] == 'N' || bytes[to - 1] == 'y');
    return switch (may ? CellReader.text(bytes, from, to) : "") {
      case "NaN" -> Optional.of(Double.NaN);
      case "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
      default -> Optional.empty();
    };
  }

  /** Whether a number that is not zero became zero, or infinite. */
  private static boolean isLost(String number, double value) {
    return Double.isInfinite(value) || (value == 0 && !isZero(number));
  }

  private static boolean isZero(String number) {
    for (int i = 0; i < number.length() && (number.charAt(i) | 0x20) != 'e'; i++) {
      if (number.charAt(i) >= '1' && number.charAt(i) <= '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Numbers with or without a fraction and an exponent; {@code NaN} and infinities by name. Where
   * the type is inferred, an integer that no double is exactly is none of them.
   */
  static final class Doubles extends Reader {
    private double value;

    Doubles(Digits digits) {
      super(digits);
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      return readsPlain(bytes, from, to) || readsAny(bytes, from, to);
    }

    /**
     * The usual case, without a text: the digits are an integer that is exact in a double, and so
     * is the power of ten that it is multiplied or divided by, so that the result is rounded once
     * (Clinger, How to read floating point numbers accurately, 1990).
     */
    private boolean readsPlain(byte[] bytes, int from, int to) {
      boolean negative = from < to && bytes[from] == '-';
      int first = negative ? from + 1 : from;
      long sum = 0;
      int point = -1;
      int at = first;
      for (; at < to; at++) {
        int digit = bytes[at] - '0';
        if (digit >= 0 && digit <= 9) {
          sum = 10 * sum + digit;
        } else if (bytes[at] == '.' && point < 0) {
          point = at;
        } else {
          break;
        }
      }
      int whole = (point < 0 ? at : point) - first;
      int fraction = point < 0 ? 0 : at - point - 1;
      if (whole < 1
          || whole + fraction > SURE_DIGITS
          || sum > MOST_EXACT
          || (whole > 1 && bytes[first] == '0')
          || (point >= 0 && fraction == 0)) {
        return false;
      }
      int power = at == to ? 0 : exponent(bytes, at, to);
      return power != Integer.MIN_VALUE && scale(negative, sum, power - fraction);
    }

    /** The exponent that stands here, of at most three digits; else the least integer. */
    private static int exponent(byte[] bytes, int from, int to) {
      int at = from + 1;
      boolean signed = at < to && (bytes[at] == '-' || bytes[at] == '+');
      int first = signed ? at + 1 : at;
      if ((bytes[from] | 0x20) != 'e' || to <= first || to - first > 3) {
        return Integer.MIN_VALUE;
      }
      int sum = 0;
      for (int i = first; i < to; i++) {
        int digit = bytes[i] - '0';
        if (digit < 0 || digit > 9) {
          return Integer.MIN_VALUE;
        }
        sum = 10 * sum + digit;
      }
      return signed && bytes[at] == '-' ? -sum : sum;
    }

    private boolean scale(boolean negative, long sum, int power) {
      if (Math.abs(power) >= POWERS.length) {
        return false;
      }
      double size = power < 0 ? sum / POWERS[-power] : sum * POWERS[power];
      value = negative ? -size : size;
      return true;
    }

    private boolean readsAny(byte[] bytes, int from, int to) {
      if (!mayBeNumber(bytes, from, to)) {
        Optional<Double> special = special(bytes, from, to);
        value = special.orElse(Double.NaN);
        return special.isPresent();
      }
      Optional<String> number = digits.decimal(text(bytes, from, to));
      if (number.isEmpty()) {
        return false;
      }
      value = parse(number.get());
      return !isLost(number.get(), value)
          && (digits.lenient() || !isInteger(number.get()) || isExact(number.get()));
    }

    /**
     * The double that is nearest, in a third of the JDK's time (Lemire, Number parsing at a
     * gigabyte per second, 2021). Of an exponent the library takes four digits: where a text has so
     * many digits that they could make up for more, the JDK reads it.
     */
    private static double parse(String number) {
      return number.length() <= MOST_FOR_FAST
          ? NumberInput.parseDouble(number, true)
          : Double.parseDouble(number);
    }

    /** Whether it is written as an integer, or as one with zeros behind the point. */
    private static boolean isInteger(String number) {
      boolean onlyZeros = true;
      for (int i = number.indexOf('.'); i >= 0 && i < number.length(); i++) {
        onlyZeros &= number.charAt(i) == '0' || number.charAt(i) == '.';
      }
      return onlyZeros && number.indexOf('e') < 0 && number.indexOf('E') < 0;
    }

    /** Beyond 64 bits an integer is no number here, even one that a double is exactly. */
    private boolean isExact(String number) {
      boolean fits = number.indexOf('.') >= 0 || Math.abs(value) < BEYOND_LONG;
      return fits
          && number.length() <= MOST_LENGTH
          && new BigDecimal(value).compareTo(new BigDecimal(number)) == 0;
    }

    double value() {
      return value;
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendDouble(value);
    }
  }

  /** As doubles, rounded once: a double would be rounded a second time. */
  static final class Floats extends Reader {
    private float value;

    Floats(Digits digits) {
      super(digits);
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      Optional<Double> special = special(bytes, from, to);
      if (special.isPresent()) {
        value = special.get().floatValue();
        return true;
      }
      Optional<String> number = digits.decimal(text(bytes, from, to));
      if (number.isEmpty()) {
        return false;
      }
      value = Float.parseFloat(number.get());
      return !isLost(number.get(), value);
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendFloat(value);
    }
  }

  static final class Decimals extends Reader {

    private final ColumnType.Decimal type;
    private BigDecimal value = BigDecimal.ZERO;

    Decimals(Digits digits, ColumnType.Decimal type) {
      super(digits);
      this.type = type;
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      Optional<String> number =
          to - from > MOST_LENGTH ? Optional.empty() : digits.decimal(text(bytes, from, to));
      if (number.isEmpty()) {
        return false;
      }
      try {
        value = new BigDecimal(number.get()).stripTrailingZeros();
      } catch (NumberFormatException e) {
        return false; // Its exponent is beyond an int.
      }
      return value.scale() <= type.scale()
          && (long) value.precision() - value.scale() <= type.precision() - type.scale();
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendDecimal(value);
    }
  }
}
