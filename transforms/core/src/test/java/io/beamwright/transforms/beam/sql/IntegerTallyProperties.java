// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;

/** Sums and means of integers, however they are divided and carried. */
final class IntegerTallyProperties {

  @Property
  void sumAndMeanAreThoseOfBigNumbers(
      @ForAll @NotEmpty List<Long> values, @ForAll @IntRange(max = 20) int at) throws IOException {
    int cut = Math.min(at, values.size());
    IntegerTally tally = carried(tallyOf(values.subList(0, cut)));
    tally.add(carried(tallyOf(values.subList(cut, values.size()))));

    BigInteger sum =
        values.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
    assertThat(tally.count()).isEqualTo(values.size());
    assertThat(tally.sum()).isEqualTo(sum);
    BigDecimal exact =
        new BigDecimal(sum).divide(BigDecimal.valueOf(values.size()), new MathContext(400));
    assertThat(tally.mean()).isEqualTo(exact.doubleValue());
  }

  @Example
  void aMeanIsRoundedOnce() {
    // 2^53 + 1 lies between two doubles; a sum of doubles would have lost it.
    IntegerTally tally = tallyOf(List.of((1L << 53) + 1, (1L << 53) + 1, (1L << 53) + 2));
    assertThat(tally.mean()).isEqualTo(0x1.0000000000001p53);
    assertThat(tallyOf(List.of(Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE)).sum())
        .isEqualTo(Long.MAX_VALUE - 1);
  }

  private static IntegerTally tallyOf(List<Long> values) {
    IntegerTally tally = new IntegerTally();
    values.forEach(tally::add);
    return tally;
  }

  private static IntegerTally carried(IntegerTally tally) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    tally.writeTo(new DataOutputStream(bytes));
    return IntegerTally.readFrom(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }
}
