// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** The exact sum of any number of 64-bit integers, and how many they are. */
final class IntegerTally {

  /**
   * Enough for the mean to be rounded once: a sum of 127 bits by a count of 63 that is no tie
   * between two doubles differs from it by 2^-180 at least.
   */
  private static final MathContext DIGITS = new MathContext(80);

  private BigInteger carried = BigInteger.ZERO;
  private long sum;
  private long count;

  /** Adds one value. */
  void add(long value) {
    addToSum(value);
    count++;
  }

  private void addToSum(long value) {
    long next = sum + value;
    if (((sum ^ next) & (value ^ next)) < 0) {
      carried = carried.add(BigInteger.valueOf(sum));
      sum = value;
    } else {
      sum = next;
    }
  }

  /** Adds all that was added to another. */
  void add(IntegerTally other) {
    addToSum(other.sum);
    carried = carried.add(other.carried);
    count += other.count;
  }

  /** How many values were added. */
  long count() {
    return count;
  }

  /** Their sum. */
  BigInteger sum() {
    return carried.add(BigInteger.valueOf(sum));
  }

  /** Their mean, the nearest double; there must be one value at least. */
  double mean() {
    return new BigDecimal(sum()).divide(BigDecimal.valueOf(count), DIGITS).doubleValue();
  }

  void writeTo(DataOutput out) throws IOException {
    byte[] bytes = sum().toByteArray();
    out.writeByte(bytes.length);
    out.write(bytes);
    out.writeLong(count);
  }

  static IntegerTally readFrom(DataInput in) throws IOException {
    IntegerTally tally = new IntegerTally();
    byte[] bytes = new byte[in.readByte()];
    in.readFully(bytes);
    tally.carried = new BigInteger(bytes);
    tally.count = in.readLong();
    return tally;
  }
}
