// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.ColumnType.Decimal;
import io.beamwright.transforms.beam.sql.Comparison.Numbers;
import io.beamwright.versioning.fault.UserFault;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conversions of one value. What the wanted type cannot hold is a fault that shows the value. */
final class Casts {

  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,40}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern TIMESTAMP =
      Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[ T](\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?)");

  private static final int FIRST_YEAR = 1;
  private static final int LAST_YEAR = 9999;

  private Casts() {}

  /** To an integer of 8, 16, 32 or 64 bits; decimals round half up, doubles half to even. */
  record ToInteger(int bits) implements Expression.OfOne {
    @Override
    public Object of(Object value) {
      BigInteger integer = integer(value, "an integer");
      if (integer.bitLength() >= bits) {
        throw unfit(value, "an integer of " + bits + " bits");
      }
      return Arithmetic.boxed(integer, bits);
    }
  }

  private static BigInteger integer(Object value, String wanted) {
    if (value instanceof Boolean truth) {
      return truth ? BigInteger.ONE : BigInteger.ZERO;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.setScale(0, RoundingMode.HALF_UP).toBigInteger();
    }
    if (value instanceof Double || value instanceof Float) {
      return finite(value, wanted).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    }
    if (value instanceof String text) {
      if (!INTEGER.matcher(text).matches()) {
        throw unfit(value, wanted);
      }
      return new BigInteger(text);
    }
    return BigInteger.valueOf(((Number) value).longValue());
  }

  private static BigDecimal finite(Object value, String wanted) {
    double number = ((Number) value).doubleValue();
    if (!Double.isFinite(number)) {
      throw unfit(value, wanted);
    }
    return new BigDecimal(number);
  }

  /** To a decimal, rounded half up where it has more digits after the point. */
  record ToDecimal(int precision, int scale) implements Expression.OfOne {
    @Override
    public Object of(Object value) {
      Decimal type = new Decimal(precision, scale);
      BigDecimal decimal = exact(value, type.text()).setScale(scale, RoundingMode.HALF_UP);
      if (decimal.precision() > precision) {
        throw unfit(value, type.text());
      }
      return decimal;
    }

    private static BigDecimal exact(Object value, String wanted) {
      if (value instanceof Boolean truth) {
        return truth ? BigDecimal.ONE : BigDecimal.ZERO;
      }
      if (value instanceof Double || value instanceof Float) {
        return finite(value, wanted);
      }
      return value instanceof String text ? number(text, wanted) : Numbers.decimal(value);
    }
  }

  private static BigDecimal number(String text, String wanted) {
    if (!NUMBER.matcher(text).matches()) {
      throw unfit(text, wanted);
    }
    return new BigDecimal(text);
  }

  /** To the nearest double. */
  static Object toDouble(Object value) {
    if (value instanceof String text) {
      return finite(number(text, "a DOUBLE").doubleValue(), text, "a DOUBLE");
    }
    return value instanceof Boolean truth ? (truth ? 1.0 : 0.0) : ((Number) value).doubleValue();
  }

  private static double finite(double converted, Object value, String wanted) {
    if (Double.isInfinite(converted)) {
      throw unfit(value, wanted);
    }
    return converted;
  }

  /** To the nearest float; a finite number stays one. */
  static Object toFloat(Object value) {
    float converted =
        value instanceof String text
            ? number(text, "a REAL").floatValue()
            : value instanceof Boolean truth ? (truth ? 1f : 0f) : ((Number) value).floatValue();
    boolean wasInfinite = value instanceof Double number && number.isInfinite();
    if (Float.isInfinite(converted) && !wasInfinite && !(value instanceof Float)) {
      throw unfit(value, "a REAL");
    }
    return converted;
  }

  static Object toBoolean(Object value) {
    if (value instanceof String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw unfit(value, "a BOOLEAN");
      };
    }
    return value instanceof BigDecimal decimal
        ? decimal.signum() != 0
        : ((Number) value).longValue() != 0;
  }

  /** Integers, decimals, truth values, dates and timestamps without a zone as a sql stage does. */
  static Object toText(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof LocalDate date) {
      return of(date.getYear(), value, date.toString());
    }
    return value instanceof LocalDateTime time
        ? of(time.getYear(), value, shown(time))
        : value.toString();
  }

  private static String of(int year, Object value, String text) {
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw unfit(value, "a text with a year of four digits");
    }
    return text;
  }

  private static String shown(LocalDateTime time) {
    String micros = String.format(Locale.ROOT, "%06d", time.getNano() / 1_000);
    int end = micros.length();
    while (end > 0 && micros.charAt(end - 1) == '0') {
      end--;
    }
    String seconds =
        String.format(
            Locale.ROOT,
            "%s %02d:%02d:%02d",
            time.toLocalDate(),
            time.getHour(),
            time.getMinute(),
            time.getSecond());
    return end == 0 ? seconds : seconds + "." + micros.substring(0, end);
  }

  static Object toDate(Object value) {
    if (value instanceof LocalDateTime time) {
      return time.toLocalDate();
    }
    if (value instanceof Instant instant) {
      return wallClock(instant).toLocalDate();
    }
    String text = (String) value;
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      throw unfit(value, "a DATE, such as 2024-02-29");
    }
    throw unfit(value, "a DATE, such as 2024-02-29");
  }

  static Object toTimestamp(Object value) {
    if (value instanceof LocalDateTime) {
      return value;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof Instant instant) {
      return wallClock(instant);
    }
    String text = (String) value;
    Matcher parts = TIMESTAMP.matcher(text);
    try {
      if (parts.matches()) {
        return LocalDateTime.parse(parts.group(1) + "T" + parts.group(2));
      }
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text).atStartOfDay();
      }
    } catch (DateTimeException e) {
      throw unfit(value, "a TIMESTAMP, such as 2024-02-29 12:30:00");
    }
    throw unfit(value, "a TIMESTAMP, such as 2024-02-29 12:30:00");
  }

  /** To an instant; what has no zone is in UTC. */
  static Object toInstant(Object value) {
    return instant(value);
  }

  static Instant instant(Object value) {
    return value instanceof Instant instant
        ? instant
        : ((LocalDateTime) toTimestamp(value)).toInstant(ZoneOffset.UTC);
  }

  static LocalDateTime wallClock(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  private static UserFault unfit(Object value, String wanted) {
    String shown = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    return Refusal.ofValue(
        shown + " cannot be made " + wanted,
        "Correct the value, or leave such rows out by WHERE or CASE before the CAST.");
  }
}
