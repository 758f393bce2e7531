// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The one text form of a value by its type, used in statistics and text views:
 *
 * <table>
 *   <caption>Forms</caption>
 *   <tr><td>boolean</td><td>{@code true}, {@code false}</td></tr>
 *   <tr><td>int32, int64</td><td>decimal digits</td></tr>
 *   <tr><td>float32, float64</td><td>a decimal that reads back as the same number, as
 *       {@link Double#toString(double)} prints it: {@code 100.0}, {@code 1.0E-5}, {@code -0.0},
 *       {@code NaN}, {@code Infinity}</td></tr>
 *   <tr><td>decimal</td><td>plain digits with all digits of the scale: {@code 1.50}</td></tr>
 *   <tr><td>date</td><td>{@code 2017-09-05}; with a sign where the year has more than four digits or
 *       is before 0: {@code +10000-01-01}, {@code -0001-12-31}</td></tr>
 *   <tr><td>timestamp</td><td>{@code 2017-09-05T12:00:00}, with six digits of fraction if there is
 *       one, and a {@code Z} if it is UTC</td></tr>
 *   <tr><td>text</td><td>itself</td></tr>
 *   <tr><td>binary</td><td>lower-case hexadecimal digits</td></tr>
 * </table>
 */
final class CellText {

  private static final long MICROS_PER_SECOND = 1_000_000;

  private static final DateTimeFormatter SECONDS =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .appendPattern("HH:mm:ss")
          .toFormatter(Locale.ROOT);
  private static final DateTimeFormatter MICROS =
      new DateTimeFormatterBuilder()
          .append(SECONDS)
          .appendFraction(ChronoField.MICRO_OF_SECOND, 6, 6, true)
          .toFormatter(Locale.ROOT);

  private CellText() {}

  /** The text of a cell that is not null. */
  static String of(ColumnVector vector, int row) {
    return switch (vector.type().kind()) {
      case BOOLEAN -> Boolean.toString(vector.booleanAt(row));
      case INT32 -> Integer.toString(vector.intAt(row));
      case INT64 -> Long.toString(vector.longAt(row));
      case FLOAT32 -> Float.toString(vector.floatAt(row));
      case FLOAT64 -> Double.toString(vector.doubleAt(row));
      case DECIMAL -> vector.decimalAt(row).toPlainString();
      case DATE -> LocalDate.ofEpochDay(vector.intAt(row)).toString();
      case TIMESTAMP -> timestamp(vector.longAt(row), (ColumnType.Timestamp) vector.type());
      case TEXT -> vector.textAt(row);
      case BINARY -> HexFormat.of().formatHex(vector.bytesAt(row));
    };
  }

  /**
   * The value that {@link #of} wrote, as {@link CellValues} has it.
   *
   * @throws IllegalArgumentException if it is the text of no value of this type
   */
  static Object parse(ColumnType type, String text) {
    try {
      return switch (type.kind()) {
        case BOOLEAN -> Boolean.valueOf(text);
        case INT32 -> Integer.valueOf(text);
        case INT64 -> Long.valueOf(text);
        case FLOAT32 -> Float.valueOf(text);
        case FLOAT64 -> Double.valueOf(text);
        case DECIMAL -> new BigDecimal(text);
        case DATE -> LocalDate.parse(text);
        case TIMESTAMP -> timestamp(text, ((ColumnType.Timestamp) type).utc());
        case TEXT -> text;
        case BINARY -> HexFormat.of().parseHex(text);
      };
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("no " + type.text() + " is \"" + text + "\"", e);
    }
  }

  private static Object timestamp(String text, boolean utc) {
    LocalDateTime time =
        LocalDateTime.parse(
            utc && text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
    return utc ? time.toInstant(ZoneOffset.UTC) : time;
  }

  private static String timestamp(long micros, ColumnType.Timestamp type) {
    LocalDateTime time = CellValues.localDateTime(micros);
    boolean whole = micros % MICROS_PER_SECOND == 0;
    return (whole ? SECONDS : MICROS).format(time) + (type.utc() ? "Z" : "");
  }
}
