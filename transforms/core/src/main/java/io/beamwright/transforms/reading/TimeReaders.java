// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.ColumnBuilder;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

/** Readers of dates and timestamps. */
final class TimeReaders {

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;
  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

  private TimeReaders() {}

  /** Whether a cell must say how far its clock is from UTC. */
  enum Offset {
    MUST_BE,
    MAY_BE,
    MUST_NOT_BE;

    private boolean admits(boolean hasOffset) {
      return this == MAY_BE || hasOffset == (this == MUST_BE);
    }
  }

  /** A reader of dates or timestamps. */
  abstract static sealed class Reader extends CellReader {}

  /** Dates of ISO 8601: {@code 2017-09-05}; years beyond 9999 with a sign. */
  static final class Dates extends Reader {
    private int epochDay;

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      int year = new IsoText(bytes, from, to).yearLength();
      if (year == 0 || to - from != year + 6) {
        return false;
      }
      IsoText text = new IsoText(bytes, from, to);
      long day = text.date();
      epochDay = (int) day;
      return text.isGood() && text.isAtEnd() && day == epochDay;
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendInt(epochDay);
    }
  }

  /**
   * Timestamps of ISO 8601: a date, {@code T} or a blank, hours and minutes, and as needed seconds,
   * a fraction, and {@code Z} or an offset.
   */
  static final class Timestamps extends Reader {
    private final Offset offset;
    private long micros;

    Timestamps(Offset offset) {
      this.offset = offset;
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      IsoText text = new IsoText(bytes, from, to);
      if (text.yearLength() == 0) {
        return false;
      }
      long day = text.date();
      long second = text.time();
      int fraction = text.fraction();
      boolean hasOffset = !text.isAtEnd();
      int ahead = hasOffset ? text.offset() : 0;
      if (!text.isGood() || !text.isAtEnd() || !offset.admits(hasOffset)) {
        return false;
      }
      try {
        long seconds = day * SECONDS_PER_DAY + second - ahead;
        micros = Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), fraction);
        return true;
      } catch (ArithmeticException e) {
        return false;
      }
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendLong(micros);
    }
  }

  /** Goes through a date or time in ASCII; once something does not fit, it is not good any more. */
  private static final class IsoText {
    private static final int[] DAYS = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int USUAL_YEAR = 4;
    private static final int LONGEST_YEAR = 9;

    private final byte[] bytes;
    private final int to;
    private int at;
    private boolean good = true;
    private boolean hasSeconds;

    IsoText(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.at = from;
      this.to = to;
    }

    boolean isGood() {
      return good;
    }

    boolean isAtEnd() {
      return at == to;
    }

    /** How long the year is, with its sign; 0 if none stands here. */
    int yearLength() {
      boolean signed = at < to && (bytes[at] == '-' || bytes[at] == '+');
      int end = signed ? at + 1 : at;
      while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
        end++;
      }
      int digits = end - at - (signed ? 1 : 0);
      boolean isPlus = signed && bytes[at] == '+';
      boolean fits =
          digits == USUAL_YEAR
              ? !isPlus
              : signed && digits > USUAL_YEAR && digits <= LONGEST_YEAR && bytes[at + 1] != '0';
      return fits ? end - at : 0;
    }

    long date() {
      int length = yearLength();
      boolean signed = length > 0 && bytes[at] < '0';
      boolean negative = signed && bytes[at] == '-';
      at += signed ? 1 : 0;
      int size = number(length - (signed ? 1 : 0));
      int year = negative ? -size : size;
      expect('-');
      int month = number(2);
      expect('-');
      int day = number(2);
      good &= length > 0 && month >= 1 && month <= 12 && day >= 1 && !(negative && size == 0);
      boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
      good &= good && day <= DAYS[month] + (leap && month == 2 ? 1 : 0);
      return good ? epochDay(year, month, day) : 0;
    }

    /** Counts from 1 March of the year 0, so that a leap day is the last of its year. */
    private static long epochDay(long year, int month, int day) {
      long years = month > 2 ? year : year - 1;
      long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
      long leaps =
          Math.floorDiv(years, 4L) - Math.floorDiv(years, 100L) + Math.floorDiv(years, 400L);
      return 365 * years + leaps + dayOfYear - 719_468;
    }

    /** The second of the day. */
    long time() {
      good &= at < to && (bytes[at] == 'T' || bytes[at] == ' ');
      at++;
      int hour = number(2);
      expect(':');
      int minute = number(2);
      int second = 0;
      if (at < to && bytes[at] == ':') {
        at++;
        hasSeconds = true;
        second = number(2);
      }
      good &= hour < 24 && minute < 60 && second < 60;
      return (hour * 60L + minute) * 60 + second;
    }

    /** The microseconds of a fraction, if one stands here; finer ones must be zero. */
    int fraction() {
      if (at >= to || bytes[at] != '.') {
        return 0;
      }
      good &= hasSeconds;
      at++;
      int sum = 0;
      int digits = 0;
      for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++, digits++) {
        sum = digits < 6 ? 10 * sum + bytes[at] - '0' : sum;
        good &= digits < 6 || bytes[at] == '0';
      }
      good &= digits >= 1 && digits <= 9;
      for (int i = digits; i < 6; i++) {
        sum *= 10;
      }
      return sum;
    }

    /** How many seconds the clock is ahead of UTC. */
    int offset() {
      if (at >= to) {
        good = false;
        return 0;
      }
      if (bytes[at] == 'Z') {
        at++;
        return 0;
      }
      boolean negative = bytes[at] == '-';
      good &= negative || bytes[at] == '+';
      at++;
      int hours = number(2);
      expect(':');
      int minutes = number(2);
      int ahead = (hours * 60 + minutes) * 60;
      good &= minutes < 60 && ahead <= 18 * 3_600;
      return negative ? -ahead : ahead;
    }

    private void expect(char character) {
      good &= at < to && bytes[at] == character;
      at++;
    }

    private int number(int digits) {
      int sum = 0;
      for (int i = 0; i < digits; i++, at++) {
        int digit = at < to ? bytes[at] - '0' : -1;
        good &= digit >= 0 && digit <= 9;
        sum = 10 * sum + digit;
      }
      return sum;
    }
  }

  /** Dates of a declared format. */
  static final class FormattedDates extends Reader {
    private final DateTimeFormatter format;
    private int epochDay;

    FormattedDates(DateTimeFormatter format) {
      this.format = format;
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      try {
        LocalDate date = LocalDate.parse(text(bytes, from, to), format);
        epochDay = Math.toIntExact(date.toEpochDay());
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

  /** Timestamps of a declared format. */
  static final class FormattedTimestamps extends Reader {
    private final DateTimeFormatter format;
    private final Offset offset;
    private long micros;

    FormattedTimestamps(DateTimeFormatter format, Offset offset) {
      this.format = format;
      this.offset = offset;
    }

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      try {
        TemporalAccessor parsed = format.parse(text(bytes, from, to));
        boolean hasOffset = parsed.isSupported(ChronoField.OFFSET_SECONDS);
        LocalDateTime local = LocalDateTime.from(parsed);
        int ahead = hasOffset ? parsed.get(ChronoField.OFFSET_SECONDS) : 0;
        micros = ChronoUnit.MICROS.between(EPOCH, local) - ahead * MICROS_PER_SECOND;
        return offset.admits(hasOffset) && local.truncatedTo(ChronoUnit.MICROS).equals(local);
      } catch (DateTimeException | ArithmeticException e) {
        return false;
      }
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendLong(micros);
    }
  }
}
