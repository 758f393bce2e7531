// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.ColumnType.Timestamp;
import java.util.Optional;

/**
 * What one column may still be, after some of its values: the first of boolean, int64, float64,
 * date, timestamp[us] and timestamp[us,UTC] that all of them are without loss, and otherwise text;
 * so is a column without any value.
 *
 * <p>Codes such as {@code 007} and integers beyond 64 bits are no numbers here: as such they would
 * lose digits. Nor is a column of doubles if one of its integers is not exact in a double.
 */
final class ColumnGuess {

  private static final int BOOLEAN = 1;
  private static final int INTEGER = 2;
  private static final int NUMBER = 4;
  private static final int DATE = 8;
  private static final int LOCAL_TIMESTAMP = 16;
  private static final int INSTANT = 32;
  private static final int TIME = DATE | LOCAL_TIMESTAMP | INSTANT;

  private final FormatColumn declared;
  private final CellReader.Booleans booleans = new CellReader.Booleans();
  private final NumberReaders.Integers integers;
  private final NumberReaders.Doubles doubles;
  private final TimeReaders.Dates dates = new TimeReaders.Dates();
  private final TimeReaders.Timestamps locals =
      new TimeReaders.Timestamps(TimeReaders.Offset.MUST_NOT_BE);
  private final TimeReaders.Timestamps instants =
      new TimeReaders.Timestamps(TimeReaders.Offset.MUST_BE);

  private int candidates = BOOLEAN | INTEGER | NUMBER | TIME;
  private boolean hasValue;
  private boolean hasNumber;

  ColumnGuess(FormatColumn declared, Optional<Character> thousands) {
    this.declared = declared;
    Digits digits = new Digits(thousands, false);
    this.integers = new NumberReaders.Integers(digits, Long.MIN_VALUE, Long.MAX_VALUE);
    this.doubles = new NumberReaders.Doubles(digits);
  }

  FormatColumn declared() {
    return declared;
  }

  /** Whether nothing that is yet to come can change the outcome. */
  boolean isSettled() {
    return candidates == 0 || declared.type().isPresent();
  }

  /** Looks at a cell of CSV, which may be a value of any type; blanks around it mean nothing. */
  void seeCell(byte[] bytes, int start, int end) {
    int from = CellReader.withoutBlanksBefore(bytes, start, end);
    int to = CellReader.withoutBlanksAfter(bytes, from, end);
    hasValue = true;
    hasNumber = true;
    if (may(INTEGER | NUMBER)) {
      narrowToNumber(bytes, from, to);
    }
    if (may(BOOLEAN) && !booleans.reads(bytes, from, to)) {
      candidates &= ~BOOLEAN;
    }
    if (may(TIME)) {
      narrowToTime(bytes, from, to);
    }
  }

  /** Looks at a boolean of JSON. */
  void seeBoolean() {
    hasValue = true;
    candidates &= BOOLEAN;
  }

  /** Looks at a number of JSON, as it is written. */
  void seeNumber(byte[] bytes, int from, int to) {
    hasValue = true;
    hasNumber = true;
    candidates &= INTEGER | NUMBER;
    narrowToNumber(bytes, from, to);
  }

  /** Looks at a string of JSON; those three that JSON has no number for may be one. */
  void seeString(byte[] bytes, int from, int to) {
    hasValue = true;
    boolean mayBeNumber = to > from && (bytes[to - 1] == 'N' || bytes[to - 1] == 'y');
    candidates &= TIME | NUMBER;
    if (may(NUMBER) && !(mayBeNumber && doubles.reads(bytes, from, to))) {
      candidates &= ~NUMBER;
    }
    narrowToTime(bytes, from, to);
  }

  /** Looks at an object or a list of JSON. */
  void seeNested() {
    hasValue = true;
    candidates = 0;
  }

  private boolean may(int kinds) {
    return (candidates & kinds) != 0;
  }

  private void narrowToNumber(byte[] bytes, int from, int to) {
    if (integers.reads(bytes, from, to)) {
      if (!NumberReaders.isExact(integers.value())) {
        candidates &= ~NUMBER;
      }
      return;
    }
    candidates &= ~INTEGER;
    if (may(NUMBER) && !doubles.reads(bytes, from, to)) {
      candidates &= ~NUMBER;
    }
  }

  private void narrowToTime(byte[] bytes, int from, int to) {
    if (may(DATE) && !dates.reads(bytes, from, to)) {
      candidates &= ~DATE;
    }
    if (may(LOCAL_TIMESTAMP) && !locals.reads(bytes, from, to)) {
      candidates &= ~LOCAL_TIMESTAMP;
    }
    if (may(INSTANT) && !instants.reads(bytes, from, to)) {
      candidates &= ~INSTANT;
    }
  }

  /** The column with its type, declared or found. */
  FormatColumn column() {
    return declared.type().isPresent() ? declared : declared.withType(found());
  }

  private ColumnType found() {
    int left = hasNumber ? candidates : candidates & ~NUMBER;
    return switch (hasValue ? Integer.lowestOneBit(left) : 0) {
      case BOOLEAN -> Simple.BOOLEAN;
      case INTEGER -> Simple.INT64;
      case NUMBER -> Simple.FLOAT64;
      case DATE -> Simple.DATE;
      case LOCAL_TIMESTAMP -> new Timestamp(false);
      case INSTANT -> new Timestamp(true);
      default -> Simple.TEXT;
    };
  }
}
