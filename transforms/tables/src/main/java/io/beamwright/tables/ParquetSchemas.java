// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.ColumnOrder;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.parquet.schema.Types.PrimitiveBuilder;

/** Our schemas as Parquet's, and any flat Parquet schema as one of ours. */
final class ParquetSchemas {

  private static final int INT32_PRECISION = 9;

  private ParquetSchemas() {}

  /** The Parquet schema that a table of this schema is written with. */
  static MessageType toParquet(TableSchema schema) {
    List<Type> fields = new ArrayList<>();
    for (Column column : schema.columns()) {
      fields.add(field(column));
    }
    return new MessageType("table", fields);
  }

  private static PrimitiveType field(Column column) {
    Type.Repetition repetition =
        column.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
    PrimitiveBuilder<PrimitiveType> field = Types.primitive(physical(column.type()), repetition);
    logical(column.type()).ifPresent(field::as);
    if (physical(column.type()) == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
      field.length(bytesFor(((ColumnType.Decimal) column.type()).precision()));
    }
    // Readers of today know this order; the library's own default for floats is a newer one.
    field.columnOrder(ColumnOrder.typeDefined());
    return field.id(column.fieldId()).named(column.name());
  }

  static PrimitiveTypeName physical(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> PrimitiveTypeName.BOOLEAN;
      case INT32, DATE -> PrimitiveTypeName.INT32;
      case INT64, TIMESTAMP -> PrimitiveTypeName.INT64;
      case FLOAT32 -> PrimitiveTypeName.FLOAT;
      case FLOAT64 -> PrimitiveTypeName.DOUBLE;
      case TEXT, BINARY -> PrimitiveTypeName.BINARY;
      case DECIMAL -> {
        if (!Decimals.isNarrow(type)) {
          yield PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        }
        yield ((ColumnType.Decimal) type).precision() <= INT32_PRECISION
            ? PrimitiveTypeName.INT32
            : PrimitiveTypeName.INT64;
      }
    };
  }

  private static Optional<LogicalTypeAnnotation> logical(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, INT32, INT64, FLOAT32, FLOAT64, BINARY -> Optional.empty();
      case DATE -> Optional.of(LogicalTypeAnnotation.dateType());
      case TEXT -> Optional.of(LogicalTypeAnnotation.stringType());
      case TIMESTAMP ->
          Optional.of(
              LogicalTypeAnnotation.timestampType(
                  ((ColumnType.Timestamp) type).utc(), TimeUnit.MICROS));
      case DECIMAL -> {
        ColumnType.Decimal decimal = (ColumnType.Decimal) type;
        yield Optional.of(LogicalTypeAnnotation.decimalType(decimal.scale(), decimal.precision()));
      }
    };
  }

  /** The fewest bytes that hold every unscaled value of this many digits, as Iceberg asks for. */
  static int bytesFor(int precision) {
    return BigInteger.TEN.pow(precision).subtract(BigInteger.ONE).bitLength() / Byte.SIZE + 1;
  }

  /**
   * The schema of a Parquet file. Field ids are the file's if each column has one of its own, else
   * the columns' positions from 1.
   *
   * @param file the file's name, for the message
   * @throws UserFault if a column is nested or of a type that we do not have
   */
  static TableSchema fromParquet(MessageType parquet, String file) {
    return TableSchema.of(file, FooterSchema.of(parquet, file).json());
  }

  static boolean hasFieldIds(MessageType parquet) {
    long ids =
        parquet.getFields().stream()
            .filter(field -> field.getId() != null && field.getId().intValue() > 0)
            .map(field -> field.getId().intValue())
            .distinct()
            .count();
    return ids == parquet.getFieldCount();
  }

  /**
   * A column as ours; nothing if it is nested or of a type that we do not have.
   *
   * @throws UserFault if it has a name that no column can have
   */
  static Optional<Column> column(Type field, int fieldId, String file) {
    if (!field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
      return Optional.empty();
    }
    boolean nullable = field.isRepetition(Type.Repetition.OPTIONAL);
    try {
      return CellReader.columnType(field.asPrimitiveType())
          .map(type -> new Column(field.getName(), type, nullable, fieldId));
    } catch (IllegalArgumentException e) {
      throw new UserFault(file + ": " + e.getMessage() + ".", "Rename the column.", e);
    }
  }
}
