// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.ColumnBuilder;
import io.beamwright.tables.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads cells of one type out of bytes of UTF-8. Holds the value of the last cell that it read, so
 * that it is asked and then appended without an object for each cell. Not for several threads.
 */
abstract sealed class CellReader
    permits NumberReaders.Reader, TimeReaders.Reader, CellReader.Plain {

  /** Whether the bytes between two places are a value of the type. */
  abstract boolean reads(byte[] bytes, int from, int to);

  /** Appends the value of the cell that {@link #reads} read last. */
  abstract void appendTo(ColumnBuilder column);

  /** The reader of cells of a declared type; blanks around them are passed over, but in texts. */
  static CellReader of(ColumnType type, Optional<String> format, Optional<Character> thousands) {
    Digits digits = new Digits(thousands, true);
    return switch (type.kind()) {
      case BOOLEAN -> new Booleans();
      case INT32 -> new NumberReaders.Integers(digits, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> new NumberReaders.Integers(digits, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT32 -> new NumberReaders.Floats(digits);
      case FLOAT64 -> new NumberReaders.Doubles(digits);
      case DECIMAL -> new NumberReaders.Decimals(digits, (ColumnType.Decimal) type);
      case DATE ->
          format.isPresent()
              ? new TimeReaders.FormattedDates(DateFormat.of(format.get()))
              : new TimeReaders.Dates();
      case TIMESTAMP -> timestamps((ColumnType.Timestamp) type, format);
      case TEXT -> new Texts();
      case BINARY -> throw new IllegalArgumentException("no cell is binary");
    };
  }

  private static CellReader timestamps(ColumnType.Timestamp type, Optional<String> format) {
    TimeReaders.Offset offset =
        type.utc() ? TimeReaders.Offset.MAY_BE : TimeReaders.Offset.MUST_NOT_BE;
    return format.isPresent()
        ? new TimeReaders.FormattedTimestamps(DateFormat.of(format.get()), offset)
        : new TimeReaders.Timestamps(offset);
  }

  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** Where the cell begins without the blanks before it. */
  static int withoutBlanksBefore(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  /** Where the cell ends without the blanks after it. */
  static int withoutBlanksAfter(byte[] bytes, int from, int to) {
    int at = to;
    while (at > from && isBlank(bytes[at - 1])) {
      at--;
    }
    return at;
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || (octet >= '\t' && octet <= '\r');
  }

  /** Readers of what is neither number nor time. */
  abstract static sealed class Plain extends CellReader {}

  /** {@code true} or {@code false} in any case. */
  static final class Booleans extends Plain {
    private boolean value;

    @Override
    boolean reads(byte[] bytes, int from, int to) {
      value = is("true", bytes, from, to);
      return value || is("false", bytes, from, to);
    }

    private static boolean is(String word, byte[] bytes, int from, int to) {
      boolean same = to - from == word.length();
      for (int i = 0; same && i < word.length(); i++) {
        same = (bytes[from + i] | 0x20) == word.charAt(i);
      }
      return same;
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendBoolean(value);
    }
  }

  static final class Texts extends Plain {
    private byte[] bytes = new byte[0];
    private int from;
    private int to;

    @Override
    boolean reads(byte[] cell, int start, int end) {
      bytes = cell;
      from = start;
      to = end;
      return true;
    }

    @Override
    void appendTo(ColumnBuilder column) {
      column.appendBytes(bytes, from, to - from);
    }
  }
}
