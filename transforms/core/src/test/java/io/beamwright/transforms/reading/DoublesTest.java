// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A text is the double that the JDK reads, to the last bit. */
class DoublesTest {

  private static final int MANY = 20_000;

  private final NumberReaders.Doubles doubles =
      new NumberReaders.Doubles(new Digits(Optional.empty(), true));

  @Test
  void aDoubleIsReadBackFromEveryFormOfItsText() {
    Random random = new Random(4);
    for (int i = 0; i < MANY; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value) && value != 0) {
        assertReads(Double.toString(value), value);
        assertReads(new BigDecimal(value, new MathContext(17)).toString(), value);
        assertReads(new BigDecimal(value, new MathContext(25)).toString(), value);
      }
    }
  }

  @Test
  void halfBetweenTwoDoublesAndADigitToEitherSide() {
    Random random = new Random(5);
    for (int i = 0; i < MANY / 4; i++) {
      // Of all sizes, those that are not normal among them.
      double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
      double next = Math.nextUp(value);
      if (Double.isFinite(next)) {
        BigDecimal half =
            new BigDecimal(value).add(new BigDecimal(next)).divide(BigDecimal.valueOf(2));
        BigDecimal digit = half.ulp();
        assertAsTheJdk(half.toString());
        assertAsTheJdk(half.add(digit).toString());
        assertAsTheJdk(half.subtract(digit).toString());
      }
    }
  }

  @Test
  void zerosKeepTheirSignAndTheEndsOfTheRangeAreRead() {
    for (String text :
        new String[] {
          "-0.00000000000000000000",
          "0.00000000000000000000",
          "-0.0e5",
          "4.9E-324",
          "2.5e-324",
          "2.2250738585072011e-308",
          "2.2250738585072012e-308",
          "1.7976931348623157e308",
          "1.7976931348623158079e308",
          "9007199254740993",
          "-9007199254740993.0"
        }) {
      assertAsTheJdk(text);
    }
  }

  /** The fast parser alone reads 1.2345678901234568E18 here. */
  @Test
  void anExponentOfManyDigitsBesideManyDigitsIsRead() {
    String digits = "1234567890123456789" + "0".repeat(1030);
    assertThat(reads(digits + "e-10300")).as("it is less than any double").isFalse();
    assertReads(digits + "e-1030", Double.parseDouble("1234567890123456789"));
    assertThat(reads("1234567890123456789e-10300")).isFalse();
    assertThat(reads("1234567890123456789e10300")).isFalse();
  }

  @Test
  void textsOfAnyDigits() {
    Random random = new Random(6);
    for (int i = 0; i < MANY; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
      digits(random, 1 + random.nextInt(25), text);
      if (random.nextBoolean()) {
        digits(random, 1 + random.nextInt(25), text.append('.'));
      }
      if (random.nextBoolean()) {
        text.append(random.nextBoolean() ? "e" : "E-").append(random.nextInt(290));
      }
      assertAsTheJdk(text.toString());
    }
  }

  private static void digits(Random random, int count, StringBuilder text) {
    random.ints(count, 0, 10).forEach(text::append);
  }

  private void assertAsTheJdk(String text) {
    double expected = Double.parseDouble(text);
    boolean isLost =
        Double.isInfinite(expected) || (expected == 0 && text.matches("[^eE]*[1-9].*"));
    if (!isLost) {
      assertReads(text, expected);
    }
  }

  private void assertReads(String text, double expected) {
    assertThat(reads(text)).as(text).isTrue();
    assertThat(Double.doubleToRawLongBits(doubles.value()))
        .as(text)
        .isEqualTo(Double.doubleToRawLongBits(expected));
  }

  private boolean reads(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return doubles.reads(bytes, 0, bytes.length);
  }
}
