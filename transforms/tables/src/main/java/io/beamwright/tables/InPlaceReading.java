// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.apache.parquet.schema.Type.Repetition.REPEATED;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What has to be known of a table's Parquet files before DuckDB reads them in place, so that it
 * sees the rows that {@link TableReader} would: DuckDB does not compare pages with their checksums,
 * wraps and cuts timestamps of INT96, and skips row groups by bounds that leave NaN out, though it
 * takes NaN for the greatest number. Of a file that {@link TableWriter} wrote, none of this can be
 * so. Each footer is read once: a table may have hundreds of small files.
 *
 * @param columns the names of the first file's columns, in their order
 * @param isAlike whether the files say the same of their columns, word for word; if not, their
 *     facts have to be compared
 * @param unboundedNan floating columns whose bounds may leave NaN out: no condition on one may be
 *     answered by its bounds
 * @param hasNestedNan whether that is so of floating numbers inside of lists, maps or structs
 */
public record InPlaceReading(
    List<String> columns, boolean isAlike, Set<String> unboundedNan, boolean hasNestedNan) {

  /** 0001-01-01 and 10000-01-01, in microseconds. */
  private static final long FIRST = -62_135_596_800_000_000L;

  private static final long BEYOND = 253_402_300_800_000_000L;

  public InPlaceReading {
    columns = List.copyOf(columns);
    unboundedNan = Collections.unmodifiableSet(new TreeSet<>(unboundedNan));
  }

  /**
   * Looks at the footers, and of a file of another writer at the pages' checksums and the values of
   * INT96 columns.
   *
   * @param files at least one, by the names that messages give them
   * @throws UserFault if two columns of a file have one name, a page is not what its checksum was
   *     made of, or an INT96 timestamp is finer than a microsecond or not of the years 1 to 9999
   * @throws IOException if a source cannot be read
   */
  public static InPlaceReading of(Map<String, RandomAccessSource> files) throws IOException {
    List<SchemaElement> first = List.of();
    List<String> columns = List.of();
    boolean isAlike = true;
    Set<String> unbounded = new TreeSet<>();
    boolean nested = false;
    for (Map.Entry<String, RandomAccessSource> file : files.entrySet()) {
      ParquetFooter footer = ParquetFooter.read(file.getKey(), file.getValue());
      if (!footer.schemaElements().equals(first)) {
        List<String> names = names(footer);
        if (first.isEmpty()) {
          first = footer.schemaElements();
          columns = names;
        } else {
          isAlike = false;
        }
      }
      if (!footer.isOurs()) {
        List<ColumnDescriptor> leaves =
            footer.metadata().getFileMetaData().getSchema().getColumns();
        requireReadInPlace(footer, leaves);
        BitSet nan = floatsWithoutBounds(footer, leaves);
        nested |= nan.stream().anyMatch(i -> !isFlat(leaves.get(i)));
        nan.stream()
            .filter(i -> isFlat(leaves.get(i)))
            .forEach(i -> unbounded.add(leaves.get(i).getPath()[0]));
      }
    }
    return new InPlaceReading(columns, isAlike, unbounded, nested);
  }

  private static List<String> names(ParquetFooter footer) throws IOException {
    MessageType schema = footer.metadata().getFileMetaData().getSchema();
    return FooterSchema.of(schema, footer.file().name()).fields().stream()
        .map(FooterSchema.Field::name)
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

  private static void requireReadInPlace(ParquetFooter footer, List<ColumnDescriptor> leaves)
      throws IOException {
    PageChecksums.verify(footer);
    for (ColumnDescriptor leaf : leaves) {
      PrimitiveType type = leaf.getPrimitiveType();
      if (isFlat(leaf) && type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
        requireCommonYears(footer.file(), type.getName());
      }
    }
  }

  private static boolean isFloat(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
        || type.getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE
        || type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation;
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
