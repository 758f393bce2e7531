// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column, with a stable name in text: {@code boolean}, {@code int32}, {@code int64},
 * {@code float32}, {@code float64}, {@code decimal(10,2)}, {@code date}, {@code timestamp[us,UTC]},
 * {@code timestamp[us]}, {@code text}, {@code binary}.
 */
public sealed interface ColumnType extends Serializable {

  /** What to switch over: one constant per alternative of {@link ColumnType}. */
  enum Kind {
    BOOLEAN,
    INT32,
    INT64,
    FLOAT32,
    FLOAT64,
    DECIMAL,
    DATE,
    TIMESTAMP,
    TEXT,
    BINARY
  }

  /** The types that have no parameters. */
  enum Simple implements ColumnType {
    BOOLEAN(Kind.BOOLEAN),
    INT32(Kind.INT32),
    INT64(Kind.INT64),
    FLOAT32(Kind.FLOAT32),
    FLOAT64(Kind.FLOAT64),
    /** Days since 1970-01-01 in the proleptic Gregorian calendar. */
    DATE(Kind.DATE),
    /** Unicode text, kept as UTF-8. */
    TEXT(Kind.TEXT),
    BINARY(Kind.BINARY);

    private final Kind kind;

    Simple(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An exact decimal number.
   *
   * @param precision digits in all, 1 to 38
   * @param scale digits after the point, 0 to {@code precision}
   */
  record Decimal(int precision, int scale) implements ColumnType {

    /** The widest decimal: what 16 bytes hold. */
    public static final int MAX_PRECISION = 38;

    public Decimal {
      if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
        throw new IllegalArgumentException(
            "decimal(%d,%d): the precision must be 1 to %d and the scale 0 to the precision"
                .formatted(precision, scale, MAX_PRECISION));
      }
    }

    @Override
    public Kind kind() {
      return Kind.DECIMAL;
    }

    @Override
    public String text() {
      return "decimal(" + precision + "," + scale + ")";
    }
  }

  /**
   * Microseconds since 1970-01-01T00:00.
   *
   * @param utc whether the value is an instant; otherwise it is a date and time of no known zone
   */
  record Timestamp(boolean utc) implements ColumnType {

    @Override
    public Kind kind() {
      return Kind.TIMESTAMP;
    }

    @Override
    public String text() {
      return utc ? "timestamp[us,UTC]" : "timestamp[us]";
    }
  }

  /** The alternative that this type is, for a switch. */
  Kind kind();

  /** The stable name, which {@link #parse} reads back. */
  String text();

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is no type's name; the message lists the names
   */
  static ColumnType parse(String text) {
    for (Simple simple : Simple.values()) {
      if (simple.text().equals(text)) {
        return simple;
      }
    }
    for (Timestamp timestamp : new Timestamp[] {new Timestamp(true), new Timestamp(false)}) {
      if (timestamp.text().equals(text)) {
        return timestamp;
      }
    }
    Matcher decimal = Pattern.compile("decimal\\((\\d{1,2}),(\\d{1,2})\\)").matcher(text);
    if (decimal.matches()) {
      return new Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    throw new IllegalArgumentException(
        "no column type is called \""
            + text
            + "\"; the types are boolean, int32, int64, float32,"
            + " float64, decimal(precision,scale), date, timestamp[us,UTC], timestamp[us], text and"
            + " binary");
  }
}
