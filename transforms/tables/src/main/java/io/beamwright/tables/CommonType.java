// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The type of a column whose type differs from file to file. It depends on the types alone. */
final class CommonType {

  private static final int INT32_DIGITS = 10;
  private static final int INT64_DIGITS = 19;

  private CommonType() {}

  /**
   * The one type to which values of all these may be widened, each if it is exact in it; nothing if
   * there is none. Integers and floats meet in {@code float64}, integers and decimals in a decimal
   * that has the digits of all, and where that would be more than 38, in one of 38 with the scale
   * of all.
   */
  static Optional<ColumnType> of(Collection<ColumnType> types) {
    ColumnType first = types.iterator().next();
    if (types.stream().allMatch(first::equals)) {
      return Optional.of(first);
    }
    Set<ColumnType.Kind> kinds = new TreeSet<>(types.stream().map(ColumnType::kind).toList());
    if (areAllOf(kinds, ColumnType.Kind.INT32, ColumnType.Kind.INT64)) {
      return Optional.of(ColumnType.Simple.INT64);
    }
    if (areAllOf(
        kinds,
        ColumnType.Kind.INT32,
        ColumnType.Kind.INT64,
        ColumnType.Kind.FLOAT32,
        ColumnType.Kind.FLOAT64)) {
      return Optional.of(ColumnType.Simple.FLOAT64);
    }
    if (areAllOf(kinds, ColumnType.Kind.INT32, ColumnType.Kind.INT64, ColumnType.Kind.DECIMAL)) {
      return Optional.of(decimal(types));
    }
    return Optional.empty();
  }

  private static boolean areAllOf(Set<ColumnType.Kind> kinds, ColumnType.Kind... allowed) {
    return Set.of(allowed).containsAll(kinds);
  }

  private static ColumnType decimal(Collection<ColumnType> types) {
    int scale = types.stream().mapToInt(CommonType::scale).max().orElseThrow();
    int digits = types.stream().mapToInt(CommonType::digitsBeforePoint).max().orElseThrow();
    return new ColumnType.Decimal(
        Math.min(digits + scale, ColumnType.Decimal.MAX_PRECISION), scale);
  }

  private static int scale(ColumnType type) {
    return type instanceof ColumnType.Decimal decimal ? decimal.scale() : 0;
  }

  private static int digitsBeforePoint(ColumnType type) {
    if (type instanceof ColumnType.Decimal decimal) {
      return decimal.precision() - decimal.scale();
    }
    return type == ColumnType.Simple.INT32 ? INT32_DIGITS : INT64_DIGITS;
  }

  /** Whether every value of {@code from} is one of the common type {@code to}, whatever it is. */
  static boolean holdsAll(ColumnType from, ColumnType to) {
    if (from.equals(to)) {
      return true;
    }
    return switch (to.kind()) {
      case DECIMAL -> digitsBeforePoint(from) <= digitsBeforePoint(to);
      case FLOAT64 -> from != ColumnType.Simple.INT64;
      default -> true;
    };
  }
}
