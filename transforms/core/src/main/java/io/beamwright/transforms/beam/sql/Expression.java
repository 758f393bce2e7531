// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What a query computes of one row. */
@FunctionalInterface
interface Expression extends Serializable {

  /**
   * The value for one row, from 0, of a batch, typed as {@link
   * io.beamwright.tables.ColumnVector#valueAt} has it; null for SQL's null.
   *
   * @throws io.beamwright.versioning.fault.UserFault if the row's values have no such result
   */
  @Nullable Object of(Batch batch, int row);

  /** A column of the row. */
  static Expression column(int index) {
    return (batch, row) -> batch.column(index).valueAt(row);
  }

  /** The same value for each row. */
  static Expression constant(@Nullable Serializable value) {
    return (batch, row) -> value;
  }

  /** A function of values that are no nulls; null if one is. */
  interface OfOne extends Serializable {
    Object of(Object value);
  }

  /** A function of two values that are no nulls. */
  interface OfTwo extends Serializable {
    Object of(Object left, Object right);
  }

  static Expression strict(Expression argument, OfOne function) {
    return (batch, row) -> {
      Object value = argument.of(batch, row);
      return value == null ? null : function.of(value);
    };
  }

  static Expression strict(Expression left, Expression right, OfTwo function) {
    return (batch, row) -> {
      Object first = left.of(batch, row);
      Object second = right.of(batch, row);
      return first == null || second == null ? null : function.of(first, second);
    };
  }
}
