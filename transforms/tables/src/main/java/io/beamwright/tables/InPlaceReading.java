// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.apache.parquet.schema.Type.Repetition.REPEATED;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What has to be known of a Parquet file before DuckDB reads it in place, so that it sees the rows
 * that {@link TableReader} would: DuckDB does not compare pages with their checksums, wraps and
 * cuts timestamps of INT96, and skips row groups by bounds that leave NaN out, though it takes NaN
 * for the greatest number. Of a file that {@link TableWriter} wrote, none of this can be so.
 *
 * @param unboundedNan floating columns whose bounds may leave NaN out: no condition on one may be
 *     answered by its bounds
 * @param hasNestedNan whether that is so of floating numbers inside of lists, maps or structs
 */
public record InPlaceReading(List<String> unboundedNan, boolean hasNestedNan) {

  /** 0001-01-01 and 10000-01-01, in microseconds. */
  private static final long FIRST = -62_135_596_800_000_000L;

  private static final long BEYOND = 253_402_300_800_000_000L;

  public InPlaceReading {
    unboundedNan = List.copyOf(unboundedNan);
  }

  /**
   * Looks at the footer, and of a file of another writer at the pages' checksums and the values of
   * INT96 columns.
   *
   * @param name the file's name, for messages
   * @throws UserFault if a page is not what its checksum was made of, or an INT96 timestamp is
   *     finer than a microsecond or not of the years 1 to 9999
   * @throws IOException if the source cannot be read
   */
  public static InPlaceReading of(String name, RandomAccessSource source) throws IOException {
    ParquetFooter footer = ParquetFooter.read(name, source);
    if (footer.isOurs()) {
      return new InPlaceReading(List.of(), false);
    }
    PageChecksums.verify(name, source);
    List<String> unbounded = new ArrayList<>();
    boolean nested = false;
    List<ColumnDescriptor> leaves = footer.metadata().getFileMetaData().getSchema().getColumns();
    for (int i = 0; i < leaves.size(); i++) {
      PrimitiveType type = leaves.get(i).getPrimitiveType();
      boolean isFlat = leaves.get(i).getPath().length == 1 && !type.isRepetition(REPEATED);
      if (isFlat && type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
        requireCommonYears(name, source, type.getName());
      } else if (isFloat(type) && footer.nanUnknown().get(i)) {
        nested |= !isFlat;
        if (isFlat) {
          unbounded.add(type.getName());
        }
      }
    }
    return new InPlaceReading(unbounded, nested);
  }

  private static boolean isFloat(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
        || type.getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE
        || type.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation;
  }

  private static void requireCommonYears(String name, RandomAccessSource source, String column)
      throws IOException {
    try (TableReader reader = TableReader.open(name, source, List.of(column))) {
      for (Optional<Batch> rows = reader.next(); rows.isPresent(); rows = reader.next()) {
        ColumnVector times = rows.get().column(0);
        for (int row = 0; row < times.size(); row++) {
          if (!times.isNull(row) && (times.longAt(row) < FIRST || times.longAt(row) >= BEYOND)) {
            throw new UserFault(
                "%s: column \"%s\" has the INT96 timestamp %s, which a query cannot read."
                    .formatted(name, column, CellText.of(times, row)),
                "Write the column as a timestamp of microseconds where the file is written.");
          }
        }
      }
    }
  }
}
