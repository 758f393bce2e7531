// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * Compares the pages of a Parquet file with their checksums, those that have one, for readers that
 * do not: {@link TableReader} does so as it reads, DuckDB does not. Nothing is unpacked.
 */
public final class PageChecksums {

  /** A header with the bounds of long texts may be large; the first try is what most fit in. */
  private static final int HEADER = 256;

  private static final int LARGEST_HEADER = 64 << 20;
  private static final int STEP = 1 << 20;

  private PageChecksums() {}

  /**
   * Verifies all pages of all columns.
   *
   * @param name the file's name, for messages
   * @throws UserFault if a page is not what its checksum was made of, or is not found where the
   *     footer says; the message has the file and the column
   * @throws IOException if the source cannot be read
   */
  public static void verify(String name, RandomAccessSource source) throws IOException {
    verify(ParquetFooter.read(name, source));
  }

  static void verify(ParquetFooter footer) throws IOException {
    String name = footer.file().name();
    ParquetFault.naming(
        name,
        () -> {
          for (BlockMetaData rowGroup : footer.metadata().getBlocks()) {
            for (ColumnChunkMetaData column : rowGroup.getColumns()) {
              verify(footer.file(), column);
            }
          }
          return name;
        });
  }

  private static void verify(SourceFile file, ColumnChunkMetaData column) throws IOException {
    long end = Math.addExact(column.getStartingPos(), column.getTotalSize());
    long values = 0;
    for (long at = column.getStartingPos(); values < column.getValueCount() && at < end; ) {
      Header header = Header.read(file, at, end);
      PageHeader page = header.page();
      long start = at + header.length();
      int size = page.getCompressed_page_size();
      if (size < 0 || start + size > end) {
        throw new IOException("%s: a page of %d bytes".formatted(named(column), size));
      }
      if (page.isSetCrc() && page.getCrc() != crc(file, start, size)) {
        throw new IOException(
            named(column) + ": could not verify page integrity, CRC checksum verification failed");
      }
      values += valuesOf(page);
      at = start + size;
    }
  }

  private static long valuesOf(PageHeader page) {
    if (page.isSetData_page_header_v2()) {
      return page.getData_page_header_v2().getNum_values();
    }
    return page.isSetData_page_header() ? page.getData_page_header().getNum_values() : 0;
  }

  /**
   * What stands before a page.
   *
   * @param length in bytes
   */
  private record Header(PageHeader page, int length) {

    static Header read(SourceFile file, long at, long end) throws IOException {
      for (int length = HEADER; ; length *= 16) {
        byte[] bytes = file.read(at, (int) Math.min(length, end - at));
        try (ByteArrayInputStream rest = new ByteArrayInputStream(bytes)) {
          PageHeader page = Util.readPageHeader(rest);
          return new Header(page, bytes.length - rest.available());
        } catch (IOException e) {
          if (bytes.length < length || length >= LARGEST_HEADER) {
            throw e;
          }
        }
      }
    }
  }

  private static int crc(SourceFile file, long start, int size) throws IOException {
    CRC32 crc = new CRC32();
    for (int done = 0; done < size; ) {
      byte[] bytes = file.read(start + done, Math.min(STEP, size - done));
      crc.update(bytes, 0, bytes.length);
      done += bytes.length;
    }
    return (int) crc.getValue();
  }

  private static String named(ColumnChunkMetaData column) {
    return "column \"" + column.getPath().toDotString() + "\"";
  }
}
