// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.ColumnType.Decimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Which type can be made which other; what is not here is refused. */
final class CastRules {

  private static final Set<SqlTypeName> INTEGERS = EnumSet.copyOf(SqlTypeName.INT_TYPES);
  private static final Set<SqlTypeName> TEXTS = EnumSet.of(SqlTypeName.CHAR, SqlTypeName.VARCHAR);
  private static final Set<SqlTypeName> NO_TEXTS = EnumSet.noneOf(SqlTypeName.class);
  private static final Set<SqlTypeName> NUMBERS =
      EnumSet.of(
          SqlTypeName.TINYINT,
          SqlTypeName.SMALLINT,
          SqlTypeName.INTEGER,
          SqlTypeName.BIGINT,
          SqlTypeName.DECIMAL,
          SqlTypeName.REAL,
          SqlTypeName.DOUBLE);

  private CastRules() {}

  /** The function that converts values that are no nulls; nothing if there is none. */
  static Optional<Expression.OfOne> rule(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    Expression.OfOne rule =
        switch (to.getSqlTypeName()) {
          case TINYINT, SMALLINT, INTEGER, BIGINT ->
              isNumberOr(source, TEXTS) || source == SqlTypeName.BOOLEAN
                  ? new Casts.ToInteger(bits(to))
                  : null;
          case DECIMAL ->
              isNumberOr(source, isOfCalcite(to) ? NO_TEXTS : TEXTS)
                      || source == SqlTypeName.BOOLEAN
                  ? new Casts.ToDecimal(decimal(to).precision(), decimal(to).scale())
                  : null;
          case DOUBLE -> isNumberOr(source, TEXTS) ? Casts::toDouble : null;
          case REAL -> isNumberOr(source, TEXTS) ? Casts::toFloat : null;
          case BOOLEAN -> toBoolean(source);
          case CHAR, VARCHAR -> toText(from, to);
          case DATE -> toDate(source);
          case TIMESTAMP -> toTimestamp(from, to);
          case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> toInstant(from, to);
          case VARBINARY -> source == SqlTypeName.VARBINARY ? value -> value : null;
          default -> null;
        };
    return Optional.ofNullable(rule);
  }

  private static Decimal decimal(RelDataType type) {
    return (Decimal) ExactTypes.columnType(type).orElseThrow(IllegalStateException::new);
  }

  /** The bits of an integer type. */
  static int bits(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case TINYINT -> Byte.SIZE;
      case SMALLINT -> Short.SIZE;
      case INTEGER -> Integer.SIZE;
      case BIGINT -> Long.SIZE;
      default -> 0;
    };
  }

  // The decimal that Calcite makes a text by itself, as in SUM(text): it would be rounded unseen.
  private static boolean isOfCalcite(RelDataType type) {
    return type.getPrecision() == Decimal.MAX_PRECISION
        && type.getScale() == Decimal.MAX_PRECISION / 2;
  }

  private static boolean isNumberOr(SqlTypeName type, Set<SqlTypeName> others) {
    return NUMBERS.contains(type) || others.contains(type);
  }

  private static Expression.@Nullable OfOne toBoolean(SqlTypeName source) {
    if (source == SqlTypeName.BOOLEAN) {
      return value -> value;
    }
    return INTEGERS.contains(source) || TEXTS.contains(source) ? Casts::toBoolean : null;
  }

  // Numbers of floating point have no one form in text.
  private static Expression.@Nullable OfOne toText(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    boolean isUnbounded =
        to.getSqlTypeName() == SqlTypeName.VARCHAR
            && to.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED;
    if (TEXTS.contains(source)) {
      return isUnbounded || isAsLong(from, to) ? value -> value : null;
    }
    boolean hasText =
        INTEGERS.contains(source)
            || source == SqlTypeName.DECIMAL
            || source == SqlTypeName.BOOLEAN
            || source == SqlTypeName.DATE
            || source == SqlTypeName.TIMESTAMP;
    return isUnbounded && hasText ? Casts::toText : null;
  }

  /** Whether nothing is cut off, and nothing filled with blanks. */
  private static boolean isAsLong(RelDataType from, RelDataType to) {
    int known = from.getPrecision();
    if (known == RelDataType.PRECISION_NOT_SPECIFIED) {
      return false;
    }
    return to.getSqlTypeName() == SqlTypeName.VARCHAR
        ? known <= to.getPrecision()
        : from.getSqlTypeName() == SqlTypeName.CHAR && known == to.getPrecision();
  }

  private static Expression.@Nullable OfOne toDate(SqlTypeName source) {
    if (source == SqlTypeName.DATE) {
      return value -> value;
    }
    return TEXTS.contains(source) || isTimestamp(source) ? Casts::toDate : null;
  }

  private static boolean isTimestamp(SqlTypeName type) {
    return type == SqlTypeName.TIMESTAMP || type == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static Expression.@Nullable OfOne toTimestamp(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    if (!keepsMicros(from, to)) {
      return null;
    }
    if (source == SqlTypeName.TIMESTAMP) {
      return value -> value;
    }
    return TEXTS.contains(source) || source == SqlTypeName.DATE || isTimestamp(source)
        ? Casts::toTimestamp
        : null;
  }

  private static Expression.@Nullable OfOne toInstant(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    if (!keepsMicros(from, to)) {
      return null;
    }
    if (source == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      return value -> value;
    }
    return TEXTS.contains(source) || source == SqlTypeName.DATE || isTimestamp(source)
        ? Casts::toInstant
        : null;
  }

  private static boolean keepsMicros(RelDataType from, RelDataType to) {
    return from.getSqlTypeName() == SqlTypeName.DATE
        || to.getPrecision() >= (isTimestamp(from.getSqlTypeName()) ? from.getPrecision() : 6);
  }
}
