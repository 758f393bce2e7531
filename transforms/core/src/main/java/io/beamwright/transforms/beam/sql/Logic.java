// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions that do not compute all of their operands, or have more than two. */
final class Logic {

  private Logic() {}

  /** AND: false if one is false, null if none is and one is null; from the left. */
  record All(List<Expression> operands) implements Expression {
    All {
      operands = List.copyOf(operands);
    }

    @Override
    public @Nullable Object of(Batch batch, int row) {
      return decided(operands, false, batch, row);
    }
  }

  /** OR: true if one is true, null if none is and one is null; from the left. */
  record Any(List<Expression> operands) implements Expression {
    Any {
      operands = List.copyOf(operands);
    }

    @Override
    public @Nullable Object of(Batch batch, int row) {
      return decided(operands, true, batch, row);
    }
  }

  private static @Nullable Object decided(
      List<Expression> operands, boolean deciding, Batch batch, int row) {
    boolean hasNull = false;
    for (Expression operand : operands) {
      Object value = operand.of(batch, row);
      if (value == null) {
        hasNull = true;
      } else if ((Boolean) value == deciding) {
        return deciding;
      }
    }
    return hasNull ? null : !deciding;
  }

  /**
   * CASE.
   *
   * @param branches condition, value, condition, value, … and the value of ELSE
   */
  record Case(List<Expression> branches) implements Expression {
    Case {
      branches = List.copyOf(branches);
    }

    @Override
    public @Nullable Object of(Batch batch, int row) {
      int last = branches.size() - 1;
      for (int i = 0; i < last; i += 2) {
        if (Boolean.TRUE.equals(branches.get(i).of(batch, row))) {
          return branches.get(i + 1).of(batch, row);
        }
      }
      return branches.get(last).of(batch, row);
    }
  }

  /** COALESCE: the first value that is no null. */
  record FirstValue(List<Expression> values) implements Expression {
    FirstValue {
      values = List.copyOf(values);
    }

    @Override
    public @Nullable Object of(Batch batch, int row) {
      for (Expression expression : values) {
        Object value = expression.of(batch, row);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
  }

  /** REPLACE: each occurrence of a text by another; no text occurs nowhere. */
  record Replace(Expression text, Expression wanted, Expression by) implements Expression {
    @Override
    public @Nullable Object of(Batch batch, int row) {
      Object in = text.of(batch, row);
      Object what = wanted.of(batch, row);
      Object with = by.of(batch, row);
      if (in == null || what == null || with == null) {
        return null;
      }
      return ((String) what).isEmpty() ? in : ((String) in).replace((String) what, (String) with);
    }
  }

  /** SUBSTRING: from a place, from 1, so many characters. */
  record Substring(Expression text, Expression from, Expression length) implements Expression {
    @Override
    public @Nullable Object of(Batch batch, int row) {
      Object of = text.of(batch, row);
      Object start = from.of(batch, row);
      Object count = length.of(batch, row);
      if (of == null || start == null || count == null) {
        return null;
      }
      return Texts.substring(
          (String) of, ((Number) start).longValue(), ((Number) count).longValue());
    }
  }
}
