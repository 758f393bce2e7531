// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Decimal;
import io.beamwright.transforms.beam.sql.Comparison.Numbers;
import io.beamwright.versioning.fault.UserFault;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Operations on numbers whose result is exact, or a fault that shows the operands. Doubles follow
 * IEEE 754.
 *
 * @param sign how a message shows the operation
 * @param type of the result
 * @param bits of an integer result: 8, 16, 32 or 64; else 0
 */
record Arithmetic(String sign, ColumnType type, int bits) implements Serializable {

  private static final String SIGNS = "+-*/%";

  /** The result of two values that are no nulls. */
  Object of(Object left, Object right) {
    return switch (type.kind()) {
      case INT32, INT64 -> fit(integers(integer(left), integer(right), left, right), left, right);
      case DECIMAL ->
          fit(decimals(Numbers.decimal(left), Numbers.decimal(right), left, right), left, right);
      case FLOAT32 -> {
        double exact = doubles(((Number) left).floatValue(), ((Number) right).floatValue());
        yield (float) exact;
      }
      case FLOAT64 -> doubles(((Number) left).doubleValue(), ((Number) right).doubleValue());
      default -> throw new IllegalStateException(type.text() + " has no " + sign);
    };
  }

  private static BigInteger integer(Object value) {
    return BigInteger.valueOf(((Number) value).longValue());
  }

  private BigInteger integers(BigInteger left, BigInteger right, Object first, Object second) {
    return switch (sign) {
      case "+" -> left.add(right);
      case "-" -> left.subtract(right);
      case "*" -> left.multiply(right);
      case "/" -> left.divide(nonZero(right, first, second));
      case "%" -> left.remainder(nonZero(right, first, second));
      default -> throw new IllegalStateException("none of " + SIGNS + ": " + sign);
    };
  }

  private BigInteger nonZero(BigInteger divisor, Object left, Object right) {
    if (divisor.signum() == 0) {
      throw byZero(left, right);
    }
    return divisor;
  }

  private UserFault byZero(Object left, Object right) {
    return Refusal.ofValue(
        "%s %s %s is a division by zero".formatted(left, sign, right),
        "Write NULLIF(…, 0) for the divisor, or leave such rows out by WHERE.");
  }

  private BigDecimal decimals(BigDecimal left, BigDecimal right, Object first, Object second) {
    return switch (sign) {
      case "+" -> left.add(right);
      case "-" -> left.subtract(right);
      case "*" -> left.multiply(right);
      case "%" -> {
        if (right.signum() == 0) {
          throw byZero(first, second);
        }
        yield left.remainder(right);
      }
      default -> throw new IllegalStateException("none of " + SIGNS + ": " + sign);
    };
  }

  private double doubles(double left, double right) {
    return switch (sign) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      default -> throw new IllegalStateException("none of " + SIGNS + ": " + sign);
    };
  }

  private Object fit(BigInteger value, Object left, Object right) {
    if (value.bitLength() >= bits) {
      throw Refusal.ofValue(
          "%s %s %s does not fit into an integer of %d bits".formatted(left, sign, right, bits),
          "Write CAST(… AS BIGINT), CAST(… AS DECIMAL(38, 0)) or CAST(… AS DOUBLE) for an operand.");
    }
    return boxed(value, bits);
  }

  static Object boxed(BigInteger value, int bits) {
    if (bits == Long.SIZE) {
      return value.longValueExact();
    }
    return value.intValueExact();
  }

  private Object fit(BigDecimal value, Object left, Object right) {
    Decimal decimal = (Decimal) type;
    BigDecimal scaled;
    try {
      scaled = value.setScale(decimal.scale(), RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw tooManyDigits(left, right);
    }
    if (scaled.precision() > decimal.precision()) {
      throw tooManyDigits(left, right);
    }
    return scaled;
  }

  private UserFault tooManyDigits(Object left, Object right) {
    return Refusal.ofValue(
        "%s %s %s has more digits than %s".formatted(left, sign, right, type.text()),
        "Cast an operand to a narrower DECIMAL or to DOUBLE.");
  }

  /** Minus a value. */
  Object negated(Object value) {
    return switch (type.kind()) {
      case INT32, INT64 -> one(integer(value).negate(), "-" + value);
      case DECIMAL -> ((BigDecimal) value).negate();
      case FLOAT32 -> -(Float) value;
      case FLOAT64 -> -(Double) value;
      default -> throw new IllegalStateException(type.text() + " has no minus");
    };
  }

  /** A value without its sign. */
  Object absolute(Object value) {
    return switch (type.kind()) {
      case INT32, INT64 -> one(integer(value).abs(), "ABS(" + value + ")");
      case DECIMAL -> ((BigDecimal) value).abs();
      case FLOAT32 -> Math.abs((Float) value);
      case FLOAT64 -> Math.abs((Double) value);
      default -> throw new IllegalStateException(type.text() + " has no ABS");
    };
  }

  private Object one(BigInteger value, String shown) {
    if (value.bitLength() >= bits) {
      throw Refusal.ofValue(
          shown + " does not fit into an integer of " + bits + " bits",
          "Write CAST(… AS BIGINT) or CAST(… AS DECIMAL(38, 0)) for the operand.");
    }
    return boxed(value, bits);
  }

  /** The next whole number below ({@code FLOOR}) or above ({@code CEILING}). */
  Object whole(Object value, RoundingMode mode) {
    return switch (type.kind()) {
      case INT32, INT64 -> value;
      case DECIMAL -> fit(Numbers.decimal(value).setScale(0, mode), value, 0);
      case FLOAT32 -> (float) whole(((Number) value).doubleValue(), mode);
      case FLOAT64 -> whole(((Number) value).doubleValue(), mode);
      default -> throw new IllegalStateException(type.text() + " is no number");
    };
  }

  private static double whole(double value, RoundingMode mode) {
    return mode == RoundingMode.FLOOR ? Math.floor(value) : Math.ceil(value);
  }
}
