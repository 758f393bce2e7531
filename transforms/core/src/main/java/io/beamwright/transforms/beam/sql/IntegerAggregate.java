// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.versioning.fault.UserFault;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.jspecify.annotations.Nullable;

/** Sums integers to 64 bits, or gives their mean as a double; nulls do not count. */
final class IntegerAggregate extends CombineFn<@Nullable Number, IntegerTally, @Nullable Number> {

  private static final long serialVersionUID = 1L;

  /** What is computed; without any value all are null but {@link #SUM_OR_ZERO}. */
  enum Kind {
    SUM,
    SUM_OR_ZERO,
    MEAN
  }

  private final Kind kind;
  private final String step;

  /** {@code step}: what messages call the step. */
  IntegerAggregate(Kind kind, String step) {
    this.kind = kind;
    this.step = step;
  }

  @Override
  public IntegerTally createAccumulator() {
    return new IntegerTally();
  }

  @Override
  public IntegerTally addInput(IntegerTally tally, @Nullable Number value) {
    if (value != null) {
      tally.add(value.longValue());
    }
    return tally;
  }

  @Override
  public IntegerTally mergeAccumulators(Iterable<IntegerTally> tallies) {
    IntegerTally total = new IntegerTally();
    tallies.forEach(total::add);
    return total;
  }

  @Override
  public @Nullable Number extractOutput(IntegerTally tally) {
    if (tally.count() == 0 && kind != Kind.SUM_OR_ZERO) {
      return null;
    }
    if (kind == Kind.MEAN) {
      return tally.mean();
    }
    BigInteger sum = tally.sum();
    if (sum.bitLength() >= Long.SIZE) {
      throw new UserFault(
          "Step " + step + ": a SUM of integers is " + sum + ", which 64 bits do not hold.",
          "Sum CAST(… AS DOUBLE) or CAST(… AS DECIMAL) instead.");
    }
    return sum.longValue();
  }

  @Override
  public Coder<IntegerTally> getAccumulatorCoder(
      CoderRegistry registry, Coder<@Nullable Number> inputCoder) {
    return new TallyCoder();
  }

  private static final class TallyCoder extends AtomicCoder<IntegerTally> {

    private static final long serialVersionUID = 1L;

    @Override
    public void encode(IntegerTally tally, OutputStream out) throws IOException {
      DataOutputStream data = new DataOutputStream(out);
      tally.writeTo(data);
      data.flush();
    }

    @Override
    public IntegerTally decode(InputStream in) throws IOException {
      return IntegerTally.readFrom(new DataInputStream(in));
    }
  }
}
