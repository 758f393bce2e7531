// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.apache.parquet.schema.Type.Repetition.REPEATED;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What has to be known of a table's Parquet files before DuckDB reads them in place, so that it
 * sees the rows that {@link TableReader} would: DuckDB does not compare pages with their checksums,
 * wraps and cuts timestamps of INT96, cuts those of nanoseconds with a zone, reads decimals of more
 * than 38 digits as floating numbers, takes the types of the first of several files for all, and
 * skips row groups by bounds that leave NaN out, though it takes NaN for the greatest number, or
 * that an old writer took by signed bytes. Of a file that {@link TableWriter} wrote, none of this
 * can be so. Each footer is read once: a table may have hundreds of small files.
 *
 * @param columns the first file's columns, in their order
 * @param kinds for each file, in their order, the first file that says the same of its columns,
 *     word for word: files of different kinds have to be compared, and are not read together
 * @param unboundedNan floating columns whose bounds may leave NaN out: no condition on one may be
 *     answered by its bounds
 * @param isToBeCopied whether bounds are wrong that no expression hides: of numbers inside of
 *     lists, maps or structs, and of texts
 */
public record InPlaceReading(
    List<Field> columns, List<Integer> kinds, Set<String> unboundedNan, boolean isToBeCopied) {

  /**
   * A column.
   *
   * @param type as ours; empty if it is of a type that tables do not have
   */
  public record Field(String name, Optional<ColumnType> type) {}

  /** 0001-01-01 and 10000-01-01, in microseconds. */
  private static final long FIRST = -62_135_596_800_000_000L;

  private static final long BEYOND = 253_402_300_800_000_000L;

  public InPlaceReading {
    columns = List.copyOf(columns);
    kinds = List.copyOf(kinds);
    unboundedNan = Collections.unmodifiableSet(new TreeSet<>(unboundedNan));
  }

  /** Whether the files say the same of their columns, word for word. */
  public boolean isAlike() {
    return kinds.stream().allMatch(kind -> kind == 0);
  }

  /**
   * Looks at the footers, and of a file of another writer at the pages' checksums and the values of
   * timestamps that DuckDB would change.
   *
   * @param files at least one, by the names that messages give them
   * @throws UserFault if two columns of a file have one name, a page is not what its checksum was
   *     made of, a timestamp is finer than a microsecond where that would be lost, or not of the
   *     years 1 to 9999, or decimals have more than 38 digits
   * @throws IOException if a source cannot be read
   */
  public static InPlaceReading of(Map<String, RandomAccessSource> files) throws IOException {
    Map<List<SchemaElement>, Integer> known = new HashMap<>();
    List<Field> columns = List.of();
    List<Integer> kinds = new ArrayList<>();
    Set<String> unbounded = new TreeSet<>();
    boolean copied = false;
    List<Nanoseconds> nanoseconds = new ArrayList<>();
    for (Map.Entry<String, RandomAccessSource> file : files.entrySet()) {
      ParquetFooter footer = ParquetFooter.read(file.getKey(), file.getValue());
      Integer kind = known.putIfAbsent(footer.schemaElements(), kinds.size());
      if (kind == null) {
        List<Field> own = fields(footer);
        columns = kinds.isEmpty() ? own : columns;
      }
      kinds.add(kind == null ? kinds.size() : kind);
      if (!footer.isOurs()) {
        List<ColumnDescriptor> leaves =
            footer.metadata().getFileMetaData().getSchema().getColumns();
        requireReadInPlace(footer, leaves, nanoseconds);
        BitSet nan = floatsWithoutBounds(footer, leaves);
        copied |= nan.stream().anyMatch(i -> !isFlat(leaves.get(i)));
        copied |= footer.hasSignedBounds();
        nan.stream()
            .filter(i -> isFlat(leaves.get(i)))
            .forEach(i -> unbounded.add(leaves.get(i).getPath()[0]));
      }
    }
    InPlaceReading reading = new InPlaceReading(columns, kinds, unbounded, copied);
    if (!reading.isAlike()) {
      // Files of several kinds are cast to our types, which have microseconds.
      for (Nanoseconds column : nanoseconds) {
        requireMicroseconds(column.file(), column.name());
      }
    }
    return reading;
  }

  /** A column of timestamps of nanoseconds without a zone, which DuckDB keeps. */
  private record Nanoseconds(SourceFile file, String name) {}

  private static List<Field> fields(ParquetFooter footer) throws IOException {
    MessageType schema = footer.metadata().getFileMetaData().getSchema();
    return FooterSchema.of(schema, footer.file().name()).fields().stream()
        .map(field -> new Field(field.name(), field.column().map(Column::type)))
        .toList();
  }

  private static boolean isFlat(ColumnDescriptor leaf) {
    return leaf.getPath().length == 1 && !leaf.getPrimitiveType().isRepetition(REPEATED);
  }

  /** By leaf column. */
  private static BitSet floatsWithoutBounds(ParquetFooter footer, List<ColumnDescriptor> leaves) {
    BitSet floats = new BitSet();
    for (int i = 0; i < leaves.size(); i++) {
      floats.set(i, isFloat(leaves.get(i).getPrimitiveType()));
    }
    floats.and(footer.nanUnknown());
    return floats;
  }

  private static void requireReadInPlace(
      ParquetFooter footer, List<ColumnDescriptor> leaves, List<Nanoseconds> nanoseconds)
      throws IOException {
    PageChecksums.verify(footer);
    for (ColumnDescriptor leaf : leaves) {
      PrimitiveType type = leaf.getPrimitiveType();
      LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
      if (isFlat(leaf) && type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
        requireCommonYears(footer.file(), type.getName());
      }
      if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
        requireDigits(footer.file(), leaf, decimal);
      }
      if (logical instanceof TimestampLogicalTypeAnnotation timestamp
          && timestamp.getUnit() == TimeUnit.NANOS) {
        if (!timestamp.isAdjustedToUTC()) {
          if (isFlat(leaf)) {
            nanoseconds.add(new Nanoseconds(footer.file(), type.getName()));
          }
        } else if (isFlat(leaf)) {
          requireMicroseconds(footer.file(), type.getName());
        } else {
          throw new UserFault(
              "%s: \"%s\" has timestamps of nanoseconds inside of a column, which a query would cut."
                  .formatted(footer.file().name(), String.join(".", leaf.getPath())),
              "Write them as timestamps of microseconds where the file is written.");
        }
      }
    }
  }

  private static void requireDigits(
      SourceFile file, ColumnDescriptor leaf, DecimalLogicalTypeAnnotation decimal) {
    if (decimal.getPrecision() > ColumnType.Decimal.MAX_PRECISION) {
      throw new UserFault(
          "%s: column \"%s\" has decimals of %d digits, and %d are the most that a query can read."
              .formatted(
                  file.name(),
                  String.join(".", leaf.getPath()),
                  decimal.getPrecision(),
                  ColumnType.Decimal.MAX_PRECISION),
          "Write it as a decimal of fewer digits, or as text, where the file is written.");
    }
  }

  private static boolean isFloat(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
        || type.getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE
        || type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation;
  }

  /** Reading the column refuses what is finer. */
  private static void requireMicroseconds(SourceFile file, String column) throws IOException {
    try (TableReader reader = TableReader.open(file.name(), file.source(), List.of(column))) {
      Optional<Batch> rows = reader.next();
      while (rows.isPresent()) {
        rows = reader.next();
      }
    }
  }

  private static void requireCommonYears(SourceFile file, String column) throws IOException {
    try (TableReader reader = TableReader.open(file.name(), file.source(), List.of(column))) {
      for (Optional<Batch> rows = reader.next(); rows.isPresent(); rows = reader.next()) {
        ColumnVector times = rows.get().column(0);
        for (int row = 0; row < times.size(); row++) {
          if (!times.isNull(row) && (times.longAt(row) < FIRST || times.longAt(row) >= BEYOND)) {
            throw new UserFault(
                "%s: column \"%s\" has the INT96 timestamp %s, which a query cannot read."
                    .formatted(file.name(), column, CellText.of(times, row)),
                "Write the column as a timestamp of microseconds where the file is written.");
          }
        }
      }
    }
  }
}
