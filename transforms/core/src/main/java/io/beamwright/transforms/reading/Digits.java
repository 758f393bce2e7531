// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.util.Optional;

/**
 * The grammar of numbers: a sign, digits that may be grouped by three, a fraction, an exponent.
 *
 * @param thousands what groups digits, where it may; groups must be right: {@code 1,23} is no
 *     number
 * @param lenient whether {@code +1} and {@code 007} are numbers; where a type is inferred they are
 *     not, because such a column holds codes and a number would lose their zeros
 */
record Digits(Optional<Character> thousands, boolean lenient) {

  private static final int GROUP = 3;

  /** The number in a form that {@link Long#parseLong} reads, if {@code cell} is an integer. */
  Optional<String> integer(String cell) {
    int sign = signLength(cell);
    return sign >= 0 ? plain(cell, sign, cell.length()) : Optional.empty();
  }

  /** The number in a form that {@link Double#parseDouble} reads, if {@code text} is one. */
  Optional<String> decimal(String text) {
    int sign = signLength(text);
    int exponent = exponentAt(text);
    int point = text.indexOf('.');
    int wholeEnd = point >= 0 && point < exponent ? point : exponent;
    if (sign < 0 || !isExponent(text, exponent)) {
      return Optional.empty();
    }
    boolean hasFraction = wholeEnd < exponent;
    if (hasFraction && !isFraction(text, wholeEnd, exponent, sign)) {
      return Optional.empty();
    }
    // ".5" is a number; "." is not, which the fraction has made sure of.
    Optional<String> whole =
        hasFraction && wholeEnd == sign && lenient
            ? Optional.of(text.substring(0, sign) + "0")
            : plain(text, sign, wholeEnd);
    return whole.map(
        digits ->
            digits.length() == wholeEnd && text.startsWith(digits)
                ? text
                : digits + text.substring(wholeEnd));
  }

  private boolean isFraction(String text, int point, int end, int sign) {
    boolean mayBeBare = lenient && point > sign;
    return (end > point + 1 || mayBeBare) && isDigits(text, point + 1, end);
  }

  private int signLength(String text) {
    if (text.startsWith("-")) {
      return 1;
    }
    return text.startsWith("+") ? (lenient ? 1 : -1) : 0;
  }

  private static int exponentAt(String text) {
    int lower = text.indexOf('e');
    int upper = text.indexOf('E');
    int at = lower < 0 ? upper : lower;
    return at < 0 ? text.length() : at;
  }

  private static boolean isExponent(String text, int at) {
    if (at == text.length()) {
      return true;
    }
    int digits = at + 1;
    if (digits < text.length() && "+-".indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    return digits < text.length() && isDigits(text, digits, text.length());
  }

  private static boolean isDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Sign and digits without separators, if the digits from {@code from} to {@code to} are right.
   */
  private Optional<String> plain(String text, int from, int to) {
    boolean grouped = thousands.isPresent() && text.indexOf(thousands.get(), from) >= 0;
    Optional<String> plain =
        grouped
            ? ungrouped(text, from, to)
            : Optional.of(text.substring(0, to)).filter(all -> isDigits(all, from, to));
    return plain.filter(all -> all.length() > from && !isCode(all, from));
  }

  private boolean isCode(String plain, int from) {
    return plain.length() > from + 1 && plain.charAt(from) == '0' && !lenient;
  }

  private Optional<String> ungrouped(String text, int from, int to) {
    boolean isFirstWrong = (to - from) % (GROUP + 1) == 0; // It is empty or has four digits.
    // A thousand of nothing is none: the separator of 0,123 is a decimal comma.
    if (isFirstWrong || text.charAt(from) == '0') {
      return Optional.empty();
    }
    StringBuilder plain = new StringBuilder(to).append(text, 0, from);
    for (int i = from; i < to; i++) {
      char ch = text.charAt(i);
      boolean separatorHere = i > from && (to - i) % (GROUP + 1) == 0;
      if (separatorHere ? ch != thousands.orElseThrow() : ch < '0' || ch > '9') {
        return Optional.empty();
      }
      if (!separatorHere) {
        plain.append(ch);
      }
    }
    return Optional.of(plain.toString());
  }
}
