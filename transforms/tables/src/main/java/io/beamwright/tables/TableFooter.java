// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

/**
 * The end of a Parquet file, from the page indexes to the last magic, as the library wrote it but
 * for five things: it names our layout as the writer, it counts the nulls of every column, it lists
 * a column's encodings by their numbers, it has no bounds of columns with NaN, and it has a
 * checksum of its own.
 */
final class TableFooter {

  /**
   * Who wrote the file. The number is that of the layout, not of the program: it changes when the
   * bytes for the same rows change, and only then.
   */
  static final String CREATED_BY = "beamwright version 1.0.0 (build table-layout-1)";

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH_AND_MAGIC = Integer.BYTES + 4;

  private final byte[] indexes;
  private final FileMetaData metaData;

  private TableFooter(byte[] indexes, FileMetaData metaData) {
    this.indexes = indexes;
    this.metaData = metaData;
  }

  /**
   * Reads what the library wrote after the last row group.
   *
   * @param nulls the number of nulls by row group and column, for statistics that the library
   *     leaves out because a bound is too long
   */
  static TableFooter of(byte[] end, List<long[]> nulls) throws IOException {
    int lengthAt = end.length - LENGTH_AND_MAGIC;
    int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(lengthAt);
    int start = lengthAt - length;
    FileMetaData metaData = Util.readFileMetaData(new ByteArrayInputStream(end, start, length));
    metaData.setCreated_by(CREATED_BY);
    metaData.addToKey_value_metadata(new KeyValue(FooterCheck.KEY).setValue(FooterCheck.UNSEALED));
    for (int i = 0; i < metaData.getRow_groupsSize(); i++) {
      complete(metaData.getRow_groups().get(i), nulls.get(i));
    }
    return new TableFooter(Arrays.copyOf(end, start), metaData);
  }

  private static void complete(RowGroup rowGroup, long[] nulls) {
    for (int i = 0; i < nulls.length; i++) {
      ColumnMetaData column = rowGroup.getColumns().get(i).getMeta_data();
      if (!column.isSetStatistics()) {
        column.setStatistics(new Statistics());
      }
      column.getStatistics().setNull_count(nulls[i]);
      // The library lists them as a hash set of enums has them, which may differ between two JVMs.
      column.getEncodings().sort(Comparator.comparing(Encoding::getValue));
      if (column.getStatistics().getNan_count() > 0) {
        dropBounds(rowGroup.getColumns().get(i));
      }
    }
  }

  /**
   * The library's bounds leave NaN out, as the format asks, but readers for whom NaN is greater
   * than all numbers (DuckDB, Spark) skip by them rows that they should return.
   */
  private static void dropBounds(ColumnChunk column) {
    Statistics statistics = column.getMeta_data().getStatistics();
    statistics.unsetMin();
    statistics.unsetMax();
    statistics.unsetMin_value();
    statistics.unsetMax_value();
    column.unsetColumn_index_offset();
    column.unsetColumn_index_length();
  }

  FileMetaData metaData() {
    return metaData;
  }

  void writeTo(OutputStream out) throws IOException {
    ByteArrayOutputStream unsealed = new ByteArrayOutputStream();
    Util.writeFileMetaData(metaData, unsealed);
    byte[] footer = unsealed.toByteArray();
    FooterCheck.seal(footer);
    out.write(indexes);
    out.write(footer);
    byte[] length = new byte[Integer.BYTES];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putInt(footer.length);
    out.write(length);
    out.write(MAGIC);
  }
}
