// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Against BigDecimal, which holds every double exactly and rounds once when it is asked for one.
 */
final class ExactSumProperties {

  @Provide
  Arbitrary<List<Double>> finite() {
    Arbitrary<Double> anyBits =
        Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
    Arbitrary<Double> plain = Arbitraries.doubles().between(-1e6, 1e6).ofScale(4);
    Arbitrary<Double> edges =
        Arbitraries.of(
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -0.0,
            0.0,
            -Double.MAX_VALUE,
            1.0,
            Math.ulp(1.0),
            Math.ulp(1.0) / 2,
            -Math.ulp(1.0) / 4);
    return Arbitraries.oneOf(anyBits, plain, edges).list().ofMinSize(1).ofMaxSize(60);
  }

  @Property(tries = 500)
  void theSumIsTheExactOneRoundedOnce(@ForAll("finite") List<Double> values) {
    assertThat(of(values).sum()).isEqualTo(exact(values).doubleValue() + 0.0);
  }

  @Property(tries = 500)
  void theMeanIsTheExactOneRoundedOnce(@ForAll("finite") List<Double> values) {
    // 1,200 digits tell every tie of two doubles from what lies beside it.
    BigDecimal mean =
        exact(values).divide(BigDecimal.valueOf(values.size()), new MathContext(1_200));
    assertThat(of(values).mean()).isEqualTo(mean.doubleValue() + 0.0);
  }

  @Property(tries = 200)
  void orderGroupingAndTransportChangeNothing(
      @ForAll("finite") List<Double> values, @ForAll long seed) throws IOException {
    List<Double> shuffled = new java.util.ArrayList<>(values);
    Collections.shuffle(shuffled, new Random(seed));
    int cut = new Random(seed).nextInt(values.size());
    ExactSum merged = copy(of(shuffled.subList(0, cut)));
    merged.add(copy(of(shuffled.subList(cut, values.size()))));

    ExactSum whole = of(values);
    assertThat(bytes(merged)).isEqualTo(bytes(whole));
    assertThat(merged.least()).isEqualTo(Collections.min(values));
    assertThat(merged.greatest()).isEqualTo(Collections.max(values));
  }

  @Example
  void whatIsNotFiniteFollowsIeee754() {
    assertThat(of(List.of(1.0, Double.NaN)).sum()).isNaN();
    assertThat(of(List.of(1.0, Double.POSITIVE_INFINITY)).mean()).isInfinite();
    assertThat(of(List.of(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)).sum()).isNaN();
    assertThat(of(List.of(Double.MAX_VALUE, Double.MAX_VALUE)).sum()).isInfinite();
    assertThat(of(List.of(Double.MAX_VALUE, Double.MAX_VALUE)).mean()).isEqualTo(Double.MAX_VALUE);
    assertThat(of(List.of(1.0, Double.NaN)).greatest()).isNaN();
  }

  @Example
  void aMillionTenthsAreNotWhatAddingThemOneByOneGives() {
    double tenth = 0.1;
    ExactSum sum = new ExactSum();
    DoubleStream.generate(() -> tenth).limit(1_000_000).forEach(sum::add);
    assertThat(sum.sum()).isEqualTo(new BigDecimal(tenth).movePointRight(6).doubleValue());
    assertThat(sum.mean()).isEqualTo(0.1);
  }

  private static BigDecimal exact(List<Double> values) {
    return values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static ExactSum of(List<Double> values) {
    ExactSum sum = new ExactSum();
    values.forEach(sum::add);
    return sum;
  }

  private static ExactSum copy(ExactSum sum) throws IOException {
    return ExactSum.readFrom(new DataInputStream(new ByteArrayInputStream(bytes(sum))));
  }

  private static byte[] bytes(ExactSum sum) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sum.writeTo(new DataOutputStream(out));
    return out.toByteArray();
  }
}
