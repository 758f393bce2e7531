// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.Column;
import io.beamwright.tables.ColumnType;
import io.beamwright.tables.ColumnType.Decimal;
import io.beamwright.tables.ColumnType.Simple;
import io.beamwright.tables.ColumnType.Timestamp;
import io.beamwright.tables.TableSchema;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataType;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.beam.vendor.calcite.v1_40_0.org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The types of the step {@code Sql}: decimals of 38 digits with their scale, timestamps in
 * microseconds, text in Unicode, sums and means that lose nothing.
 */
final class ExactTypes extends RelDataTypeSystemImpl {

  private static final int MICROS = 6;

  /** Where {@code CAST(… AS DECIMAL)} names neither digits nor scale: as in a sql stage. */
  private static final int DEFAULT_DECIMAL_PRECISION = 18;

  private static final int DEFAULT_DECIMAL_SCALE = 3;

  static RelDataTypeFactory factory() {
    return new SqlTypeFactoryImpl(new ExactTypes()) {
      @Override
      public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
      }

      @Override
      public @Nullable RelDataType leastRestrictive(
          List<RelDataType> types, SqlTypeMappingRule rule) {
        return withAllDigits(types, super.leastRestrictive(types, rule), this);
      }
    };
  }

  /**
   * Where whole digits and digits after the point would be more than 38, Calcite drops the latter:
   * 1.2549 and 1.25 would be equal. Here all of those stay, and a value that then has too many
   * digits is a fault where it is converted.
   */
  private static @Nullable RelDataType withAllDigits(
      List<RelDataType> types, @Nullable RelDataType common, RelDataTypeFactory factory) {
    if (common == null || common.getSqlTypeName() != SqlTypeName.DECIMAL) {
      return common;
    }
    int scale =
        types.stream()
            .filter(type -> type.getSqlTypeName() == SqlTypeName.DECIMAL)
            .mapToInt(RelDataType::getScale)
            .max()
            .orElse(0);
    return scale <= common.getScale()
        ? common
        : factory.createTypeWithNullability(
            factory.createSqlType(SqlTypeName.DECIMAL, Decimal.MAX_PRECISION, scale),
            common.isNullable());
  }

  static boolean isInteger(RelDataType type) {
    return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName());
  }

  static boolean isText(RelDataType type) {
    return SqlTypeName.CHAR_TYPES.contains(type.getSqlTypeName());
  }

  static RelDataType rowType(TableSchema schema, RelDataTypeFactory types) {
    RelDataTypeFactory.Builder row = types.builder();
    for (Column column : schema.columns()) {
      RelDataType type = relType(column.type(), types);
      row.add(column.name(), types.createTypeWithNullability(type, column.nullable()));
    }
    return row.build();
  }

  private static RelDataType relType(ColumnType type, RelDataTypeFactory types) {
    return switch (type.kind()) {
      case BOOLEAN -> types.createSqlType(SqlTypeName.BOOLEAN);
      case INT32 -> types.createSqlType(SqlTypeName.INTEGER);
      case INT64 -> types.createSqlType(SqlTypeName.BIGINT);
      case FLOAT32 -> types.createSqlType(SqlTypeName.REAL);
      case FLOAT64 -> types.createSqlType(SqlTypeName.DOUBLE);
      case DECIMAL ->
          types.createSqlType(
              SqlTypeName.DECIMAL, ((Decimal) type).precision(), ((Decimal) type).scale());
      case DATE -> types.createSqlType(SqlTypeName.DATE);
      case TIMESTAMP ->
          types.createSqlType(
              ((Timestamp) type).utc()
                  ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
                  : SqlTypeName.TIMESTAMP,
              MICROS);
      case TEXT -> types.createSqlType(SqlTypeName.VARCHAR);
      case BINARY -> types.createSqlType(SqlTypeName.VARBINARY);
    };
  }

  /** The column that holds values of a type; nothing if the step has no such values. */
  static Optional<ColumnType> columnType(RelDataType type) {
    return Optional.ofNullable(
        switch (type.getSqlTypeName()) {
          case BOOLEAN -> Simple.BOOLEAN;
          case TINYINT, SMALLINT, INTEGER -> Simple.INT32;
          case BIGINT -> Simple.INT64;
          case REAL -> Simple.FLOAT32;
          case DOUBLE -> Simple.FLOAT64;
          case DECIMAL -> decimal(type);
          case DATE -> Simple.DATE;
          case TIMESTAMP -> new Timestamp(false);
          case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> new Timestamp(true);
          case CHAR, VARCHAR -> Simple.TEXT;
          case VARBINARY, BINARY -> Simple.BINARY;
          default -> null;
        });
  }

  private static Decimal decimal(RelDataType type) {
    int scale = Math.max(0, type.getScale());
    return new Decimal(
        Math.min(Decimal.MAX_PRECISION, Math.max(Math.max(1, type.getPrecision()), scale)), scale);
  }

  @Override
  public int getMaxPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> Decimal.MAX_PRECISION;
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> MICROS;
      default -> super.getMaxPrecision(type);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? Decimal.MAX_PRECISION : super.getMaxScale(type);
  }

  @Override
  public int getMaxNumericPrecision() {
    return Decimal.MAX_PRECISION;
  }

  @Override
  public int getMaxNumericScale() {
    return Decimal.MAX_PRECISION;
  }

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    return switch (type) {
      case DECIMAL -> DEFAULT_DECIMAL_PRECISION;
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> MICROS;
      default -> super.getDefaultPrecision(type);
    };
  }

  @Override
  public int getDefaultScale(SqlTypeName type) {
    return type == SqlTypeName.DECIMAL ? DEFAULT_DECIMAL_SCALE : super.getDefaultScale(type);
  }

  // Otherwise the shorter of two texts, as in CASE, is filled with blanks.
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory types, RelDataType argument) {
    if (isInteger(argument)) {
      return as(types, types.createSqlType(SqlTypeName.BIGINT), argument);
    }
    if (argument.getSqlTypeName() == SqlTypeName.DECIMAL) {
      return as(
          types,
          types.createSqlType(SqlTypeName.DECIMAL, Decimal.MAX_PRECISION, argument.getScale()),
          argument);
    }
    return SqlTypeName.APPROX_TYPES.contains(argument.getSqlTypeName())
        ? as(types, types.createSqlType(SqlTypeName.DOUBLE), argument)
        : super.deriveSumType(types, argument);
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory types, RelDataType argument) {
    return SqlTypeName.NUMERIC_TYPES.contains(argument.getSqlTypeName())
        ? as(types, types.createSqlType(SqlTypeName.DOUBLE), argument)
        : super.deriveAvgAggType(types, argument);
  }

  private static RelDataType as(RelDataTypeFactory types, RelDataType type, RelDataType argument) {
    return types.createTypeWithNullability(type, argument.isNullable());
  }
}
