// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A comparison of a column with a value, by which a planner leaves out files without opening them.
 * Values are ordered as SQL engines do: numbers with NaN as the greatest and 0.0 equal to -0.0,
 * text and binary by unsigned bytes. A null fulfils no condition. Needs no library of Parquet.
 *
 * @param column the column's name
 * @param operator how it is compared
 * @param value typed as {@link ColumnVector#valueAt} returns it; a decimal of any scale
 */
public record ColumnCondition(String column, Operator operator, Object value) {

  /** How the column stands to the value. */
  public enum Operator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }

  /**
   * Whether the file with these facts may have a row that fulfils this. If not, it has none.
   *
   * @throws IllegalArgumentException if there is no such column, or the value is not of its type
   */
  public boolean mayHoldIn(TableFacts facts) {
    Optional<Column> known = TableSchema.knownColumn(facts, column);
    if (known.isEmpty()) {
      return true;
    }
    ColumnType type = known.get().type();
    if (!classOf(type).isInstance(value)) {
      throw new IllegalArgumentException(
          "column \"%s\" is %s, and is compared with a %s"
              .formatted(column, type.text(), value.getClass().getSimpleName()));
    }
    ColumnFacts of =
        facts.columns().stream()
            .filter(candidate -> candidate.fieldId() == known.get().fieldId())
            .findFirst()
            .orElseThrow();
    boolean onlyNulls = of.nulls().filter(nulls -> nulls == facts.rows()).isPresent();
    return facts.rows() > 0 && !onlyNulls && mayHoldWithin(least(of, type), greatest(of, type));
  }

  private boolean mayHoldWithin(OptionalInt least, OptionalInt greatest) {
    // Where a bound is not known, it may be anything that lets the condition hold.
    return switch (operator) {
      case EQUAL -> least.orElse(0) <= 0 && greatest.orElse(0) >= 0;
      case NOT_EQUAL -> least.orElse(-1) != 0 || greatest.orElse(1) != 0;
      case LESS -> least.orElse(-1) < 0;
      case LESS_OR_EQUAL -> least.orElse(-1) <= 0;
      case GREATER -> greatest.orElse(1) > 0;
      case GREATER_OR_EQUAL -> greatest.orElse(1) >= 0;
    };
  }

  /** How the least value of the column stands to ours: negative if it is less. */
  private OptionalInt least(ColumnFacts of, ColumnType type) {
    return of.min().map(text -> OptionalInt.of(compare(type, text))).orElse(OptionalInt.empty());
  }

  private OptionalInt greatest(ColumnFacts of, ColumnType type) {
    return of.max().map(text -> OptionalInt.of(compare(type, text))).orElse(OptionalInt.empty());
  }

  private int compare(ColumnType type, String bound) {
    Object parsed = CellText.parse(type, bound);
    return switch (type.kind()) {
      case BOOLEAN -> ((Boolean) parsed).compareTo((Boolean) value);
      case INT32 -> ((Integer) parsed).compareTo((Integer) value);
      case INT64 -> ((Long) parsed).compareTo((Long) value);
      // Adding zero makes one of both zeros.
      case FLOAT32 -> Float.compare((Float) parsed + 0f, (Float) value + 0f);
      case FLOAT64 -> Double.compare((Double) parsed + 0d, (Double) value + 0d);
      case DECIMAL -> ((BigDecimal) parsed).compareTo((BigDecimal) value);
      case DATE -> ((LocalDate) parsed).compareTo((LocalDate) value);
      case TIMESTAMP ->
          ((ColumnType.Timestamp) type).utc()
              ? ((Instant) parsed).compareTo((Instant) value)
              : ((LocalDateTime) parsed).compareTo((LocalDateTime) value);
      case TEXT -> Arrays.compareUnsigned(utf8(parsed), utf8(value));
      case BINARY -> Arrays.compareUnsigned((byte[]) parsed, (byte[]) value);
    };
  }

  private static byte[] utf8(Object text) {
    return ((String) text).getBytes(StandardCharsets.UTF_8);
  }

  private static Class<?> classOf(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.class;
      case INT32 -> Integer.class;
      case INT64 -> Long.class;
      case FLOAT32 -> Float.class;
      case FLOAT64 -> Double.class;
      case DECIMAL -> BigDecimal.class;
      case DATE -> LocalDate.class;
      case TIMESTAMP -> ((ColumnType.Timestamp) type).utc() ? Instant.class : LocalDateTime.class;
      case TEXT -> String.class;
      case BINARY -> byte[].class;
    };
  }
}
