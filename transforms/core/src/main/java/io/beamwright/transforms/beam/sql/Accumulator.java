// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import io.beamwright.tables.BatchBuilder;
import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.RowEncoding;
import io.beamwright.tables.TableSchema;
import io.beamwright.versioning.fault.UserFault;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an aggregate knows of the values that it has met, in any order and in parts. */
abstract sealed class Accumulator {

  /**
   * One aggregate of a query. {@link Kind#COUNT} counts the values that are no nulls; without any
   * value all others are null.
   *
   * @param kind what is computed
   * @param argument the type of its argument
   */
  record Aggregate(Kind kind, ColumnType argument) implements Serializable {

    Accumulator accumulator() {
      return switch (kind) {
        case COUNT -> new Count();
        case LEAST -> new Extreme(argument, -1);
        case GREATEST -> new Extreme(argument, 1);
        case SUM, MEAN ->
            switch (argument.kind()) {
              case INT32, INT64 -> new Integers(kind);
              case FLOAT32, FLOAT64 -> new Doubles(kind);
              case DECIMAL -> new Decimals(kind, (ColumnType.Decimal) argument);
              default -> throw new IllegalStateException("no " + kind + " of " + argument.text());
            };
      };
    }
  }

  /** What is computed. */
  enum Kind {
    COUNT,
    SUM,
    MEAN,
    LEAST,
    GREATEST
  }

  /** Adds a value, which is no null, of a batch of one column. */
  abstract void add(Batch column, int row);

  /** Adds all that another of this kind has written. */
  abstract void add(DataInput written) throws IOException;

  abstract void writeTo(DataOutput out) throws IOException;

  /**
   * The result.
   *
   * @throws UserFault if its type does not hold it
   */
  abstract @Nullable Object result();

  private static final class Count extends Accumulator {

    private long count;

    @Override
    void add(Batch column, int row) {
      count++;
    }

    @Override
    void add(DataInput written) throws IOException {
      count += written.readLong();
    }

    @Override
    void writeTo(DataOutput out) throws IOException {
      out.writeLong(count);
    }

    @Override
    Object result() {
      return count;
    }
  }

  private static final class Integers extends Accumulator {

    private final Kind kind;
    private final IntegerTally tally = new IntegerTally();

    Integers(Kind kind) {
      this.kind = kind;
    }

    @Override
    void add(Batch column, int row) {
      tally.add(
          column.schema().column(0).type().kind() == ColumnType.Kind.INT32
              ? column.column(0).intAt(row)
              : column.column(0).longAt(row));
    }

    @Override
    void add(DataInput written) throws IOException {
      tally.add(IntegerTally.readFrom(written));
    }

    @Override
    void writeTo(DataOutput out) throws IOException {
      tally.writeTo(out);
    }

    @Override
    @Nullable Object result() {
      if (tally.count() == 0) {
        return null;
      }
      if (kind == Kind.MEAN) {
        return tally.mean();
      }
      BigInteger sum = tally.sum();
      if (sum.bitLength() >= Long.SIZE) {
        throw Refusal.ofValue(
            "a SUM of integers is " + sum + ", which 64 bits do not hold",
            "Sum CAST(… AS DECIMAL(38, 0)) or CAST(… AS DOUBLE) instead.");
      }
      return sum.longValue();
    }
  }

  private static final class Doubles extends Accumulator {

    private final Kind kind;
    private ExactSum sum = new ExactSum();

    Doubles(Kind kind) {
      this.kind = kind;
    }

    @Override
    void add(Batch column, int row) {
      sum.add(
          column.schema().column(0).type().kind() == ColumnType.Kind.FLOAT32
              ? column.column(0).floatAt(row)
              : column.column(0).doubleAt(row));
    }

    @Override
    void add(DataInput written) throws IOException {
      ExactSum other = ExactSum.readFrom(written);
      if (sum.count() == 0) {
        sum = other;
      } else {
        sum.add(other);
      }
    }

    @Override
    void writeTo(DataOutput out) throws IOException {
      sum.writeTo(out);
    }

    @Override
    @Nullable Object result() {
      if (sum.count() == 0) {
        return null;
      }
      return kind == Kind.MEAN ? sum.mean() : sum.sum();
    }
  }

  private static final class Decimals extends Accumulator {

    /**
     * Enough for the mean to be rounded once: a sum of 190 bits by a count of 63 and a power of ten
     * of 127 that is no tie between two doubles differs from it by more than 10^-130 of it.
     */
    private static final MathContext DIGITS = new MathContext(150);

    private final Kind kind;
    private final ColumnType.Decimal type;
    private BigDecimal sum;
    private long count;

    Decimals(Kind kind, ColumnType.Decimal type) {
      this.kind = kind;
      this.type = type;
      this.sum = BigDecimal.valueOf(0, type.scale());
    }

    @Override
    void add(Batch column, int row) {
      sum = sum.add(column.column(0).decimalAt(row));
      count++;
    }

    @Override
    void add(DataInput written) throws IOException {
      byte[] bytes = new byte[written.readInt()];
      written.readFully(bytes);
      sum = sum.add(new BigDecimal(new BigInteger(bytes), type.scale()));
      count += written.readLong();
    }

    @Override
    void writeTo(DataOutput out) throws IOException {
      byte[] bytes = sum.unscaledValue().toByteArray();
      out.writeInt(bytes.length);
      out.write(bytes);
      out.writeLong(count);
    }

    @Override
    @Nullable Object result() {
      if (count == 0) {
        return null;
      }
      if (kind == Kind.MEAN) {
        return sum.divide(BigDecimal.valueOf(count), DIGITS).doubleValue();
      }
      if (sum.precision() > ColumnType.Decimal.MAX_PRECISION) {
        throw Refusal.ofValue(
            "a SUM of decimals is " + sum.toPlainString() + ", which has more than 38 digits",
            "Sum CAST(… AS DOUBLE) instead.");
      }
      return sum;
    }
  }

  /** The least or greatest by the canonical encoding, which is in the order of the values. */
  private static final class Extreme extends Accumulator {

    private final RowEncoding encoding;
    private final int sign;
    private byte @Nullable [] best;

    Extreme(ColumnType type, int sign) {
      this.encoding = new RowEncoding(schema(type));
      this.sign = sign;
    }

    @Override
    void add(Batch column, int row) {
      keep(encoding.encode(column, row));
    }

    private void keep(byte[] value) {
      byte[] known = best;
      if (known == null || Integer.signum(Arrays.compareUnsigned(value, known)) == sign) {
        best = value;
      }
    }

    @Override
    void add(DataInput written) throws IOException {
      int length = written.readInt();
      if (length > 0) {
        byte[] value = new byte[length];
        written.readFully(value);
        keep(value);
      }
    }

    @Override
    void writeTo(DataOutput out) throws IOException {
      byte[] value = best;
      out.writeInt(value == null ? 0 : value.length);
      if (value != null) {
        out.write(value);
      }
    }

    @Override
    @Nullable Object result() {
      byte[] value = best;
      if (value == null) {
        return null;
      }
      BatchBuilder rows = new BatchBuilder(encoding.schema());
      encoding.decode(value, rows);
      return rows.build().column(0).valueAt(0);
    }
  }

  /** The schema of the batch of one column that holds an argument. */
  static TableSchema schema(ColumnType type) {
    return new TableSchema(List.of(new Column("value", type, true, 1)));
  }
}
