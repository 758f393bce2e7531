// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries the rows of one file over to the common schema of several: columns by name, and values of
 * a narrower type widened, each only if it is exact in the wider one.
 */
final class Widening {

  /** Beyond it not every integer is a double. */
  static final long EXACT_IN_DOUBLE = 1L << 53;

  /** 2^63, which is what the greatest long rounds to, and no long. */
  private static final double BEYOND_LONG = 0x1p63;

  private final TableSchema to;
  private final int[] sources;

  /**
   * From {@code from} to {@code to}, whose columns are among those of {@code from}, with types that
   * {@link CommonType} widens theirs to.
   */
  Widening(TableSchema from, TableSchema to) {
    this.to = to;
    this.sources =
        to.columns().stream()
            .mapToInt(column -> from.indexOf(column.name()).orElseThrow())
            .toArray();
  }

  /** The schema of what {@link #apply} gives. */
  TableSchema schema() {
    return to;
  }

  /**
   * The same rows, in the wider schema.
   *
   * @throws UnfitValueException if a value is not exact in its column's type
   */
  Batch apply(Batch batch) {
    List<ColumnVector> columns = new ArrayList<>(sources.length);
    for (int i = 0; i < sources.length; i++) {
      columns.add(column(batch.column(sources[i]), to.column(i)));
    }
    return new Batch(to, batch.rowCount(), columns);
  }

  private static ColumnVector column(ColumnVector vector, Column wider) {
    if (vector.type().equals(wider.type())) {
      return vector;
    }
    Cell cell = cell(vector.type(), wider);
    ColumnBuilder builder = ColumnBuilder.of(wider);
    for (int row = 0; row < vector.size(); row++) {
      if (vector.isNull(row)) {
        builder.appendNull();
      } else {
        cell.widen(vector, row, builder);
      }
    }
    return builder.build();
  }

  /** Appends the value of a row, which is no null, to a column of the wider type. */
  @FunctionalInterface
  private interface Cell {
    void widen(ColumnVector vector, int row, ColumnBuilder builder);
  }

  private static Cell cell(ColumnType from, Column wider) {
    boolean isInt = from == ColumnType.Simple.INT32;
    boolean isLong = from == ColumnType.Simple.INT64;
    return switch (wider.type().kind()) {
      case INT64 -> (vector, row, builder) -> builder.appendLong(vector.intAt(row));
      case FLOAT64 -> {
        if (isLong) {
          yield (vector, row, builder) -> builder.appendDouble(exact(vector.longAt(row), wider));
        }
        yield isInt
            ? (vector, row, builder) -> builder.appendDouble(vector.intAt(row))
            : (vector, row, builder) -> builder.appendDouble(vector.floatAt(row));
      }
      case DECIMAL -> {
        if (isLong) {
          yield (vector, row, builder) ->
              builder.appendDecimal(BigDecimal.valueOf(vector.longAt(row)));
        }
        yield isInt
            ? (vector, row, builder) -> builder.appendDecimal(BigDecimal.valueOf(vector.intAt(row)))
            : (vector, row, builder) -> builder.appendDecimal(vector.decimalAt(row));
      }
      default ->
          throw new IllegalArgumentException(
              "%s is no wider type than %s".formatted(wider.type().text(), from.text()));
    };
  }

  private static double exact(long value, Column wider) {
    double rounded = (double) value;
    if ((long) rounded != value || rounded == BEYOND_LONG) {
      throw new UnfitValueException(
          "column \"%s\": %d is not exact as %s"
              .formatted(wider.name(), value, wider.type().text()));
    }
    return rounded;
  }
}
