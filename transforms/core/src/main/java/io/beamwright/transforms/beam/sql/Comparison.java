// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * The order of the values of one kind. NaN is equal to itself and above all numbers, -0.0 is equal
 * to 0.0, text is ordered by code points: the order of a sql stage.
 */
enum Comparison implements Serializable {
  INTEGERS {
    @Override
    int of(Object left, Object right) {
      return Long.compare(((Number) left).longValue(), ((Number) right).longValue());
    }
  },
  DECIMALS {
    @Override
    int of(Object left, Object right) {
      return Numbers.decimal(left).compareTo(Numbers.decimal(right));
    }
  },
  DOUBLES {
    @Override
    int of(Object left, Object right) {
      // Adding 0 makes -0.0 the same as 0.0.
      return Double.compare(
          ((Number) left).doubleValue() + 0.0, ((Number) right).doubleValue() + 0.0);
    }
  },
  TEXTS {
    @Override
    int of(Object left, Object right) {
      return codePoints((String) left, (String) right);
    }
  },
  BYTES {
    @Override
    int of(Object left, Object right) {
      return Arrays.compareUnsigned((byte[]) left, (byte[]) right);
    }
  },
  /** Dates and timestamps of different kinds; what has no zone is in UTC. */
  TIMES {
    @Override
    int of(Object left, Object right) {
      return Casts.instant(left).compareTo(Casts.instant(right));
    }
  },
  /** Truth values, and dates and timestamps of one kind: as Java has it. */
  NATURAL {
    @Override
    @SuppressWarnings("unchecked")
    int of(Object left, Object right) {
      return ((Comparable<Object>) left).compareTo(right);
    }
  };

  /** Less than, equal to or greater than 0, as {@link java.util.Comparator#compare}. */
  abstract int of(Object left, Object right);

  private static int codePoints(String left, String right) {
    int end = Math.min(left.length(), right.length());
    for (int i = 0; i < end; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // A surrogate is half of a character above all others.
        boolean mixed = Character.isSurrogate(a) != Character.isSurrogate(b);
        return mixed ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** Exact numbers as one type. */
  static final class Numbers {

    private Numbers() {}

    static BigDecimal decimal(Object number) {
      return number instanceof BigDecimal decimal
          ? decimal
          : BigDecimal.valueOf(((Number) number).longValue());
    }
  }
}
