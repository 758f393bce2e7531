// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.TableFacts;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/**
 * Writes rows in their order to one Parquet file: ZSTD, checksums on pages, field ids, and the row
 * digest in the footer. The same rows give the same bytes in every JVM and however they were
 * divided into batches, as long as the versions of parquet-hadoop and zstd-jni are the same.
 *
 * <p>The file is a table only after {@link #finish}. Not for several threads.
 */
public final class TableWriter implements Closeable {

  /** A row group ends after this many rows. */
  static final int ROW_GROUP_ROWS = 131_072;

  /** A row group also ends once the canonical encodings of its rows add up to this. */
  static final long ROW_GROUP_BYTES = 128L << 20;

  private static final int PAGE_BYTES = 1 << 20;
  private static final int PAGE_ROWS = 20_000;

  private final TableSchema schema;
  private final OutputStream out;
  private final PartOutput part;
  private final MessageType parquet;
  private final ParquetProperties properties;
  private final ParquetFileWriter file;
  private final RowEncoding encoding;
  private final RowBytes rowBytes = new RowBytes();
  private final List<long[]> nulls = new ArrayList<>();
  private RowGroupWriter rowGroup;
  private long rowGroupBytes;
  private RowDigest digest = RowDigest.EMPTY;
  private boolean finished;

  /**
   * A writer to a stream, which {@link #close} closes.
   *
   * @throws IllegalArgumentException if the schema has no column
   */
  public TableWriter(OutputStream out, TableSchema schema) throws IOException {
    if (schema.width() == 0) {
      throw new IllegalArgumentException("a table file needs at least one column");
    }
    this.schema = schema;
    this.out = new BufferedOutputStream(out, 1 << 16);
    this.part = new PartOutput(this.out);
    this.parquet = ParquetSchemas.toParquet(schema);
    this.properties = properties();
    this.encoding = new RowEncoding(schema);
    this.file =
        new ParquetFileWriter(
            part, parquet, ParquetFileWriter.Mode.CREATE, ROW_GROUP_BYTES, 0, null, properties);
    file.start();
    this.rowGroup = new RowGroupWriter(schema, parquet, properties, 0);
  }

  /**
   * A writer to a new local file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static TableWriter create(Path file, TableSchema schema) throws IOException {
    OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    try {
      return new TableWriter(out, schema);
    } catch (IOException | RuntimeException e) {
      out.close();
      throw e;
    }
  }

  /**
   * All that shapes the bytes is said here, so that another default of the library changes none.
   */
  private static ParquetProperties properties() {
    return ParquetProperties.builder()
        .withWriterVersion(WriterVersion.PARQUET_1_0)
        .withPageSize(PAGE_BYTES)
        .withPageRowCountLimit(PAGE_ROWS)
        .withDictionaryEncoding(true)
        .withDictionaryPageSize(PAGE_BYTES)
        .withPageWriteChecksumEnabled(true)
        .withSizeStatisticsEnabled(false)
        .build();
  }

  /**
   * Appends all rows of a batch.
   *
   * @throws IllegalArgumentException if the batch is of another schema
   */
  public void write(Batch batch) throws IOException {
    batch.requireSchema(schema);
    for (int row = 0; row < batch.rowCount(); row++) {
      append(batch, row);
    }
  }

  /** Appends one row, from 0, of a batch that is known to be of this schema; its hash. */
  RowHash append(Batch batch, int row) throws IOException {
    if (finished) {
      throw new IllegalStateException("the table is finished");
    }
    rowBytes.clear();
    encoding.encode(batch, row, rowBytes);
    RowHash hash = RowHash.of(rowBytes.array(), rowBytes.length());
    rowGroup.write(batch, row);
    digest = digest.plus(hash);
    rowGroupBytes += rowBytes.length();
    if (rowGroup.rows() == ROW_GROUP_ROWS || rowGroupBytes >= ROW_GROUP_BYTES) {
      flushRowGroup();
      rowGroup = new RowGroupWriter(schema, parquet, properties, nulls.size());
    }
    return hash;
  }

  /** How many rows were written. */
  public long rows() {
    return digest.rows();
  }

  /** The bytes of the row that was written last, in the canonical encoding. */
  int lastRowBytes() {
    return rowBytes.length();
  }

  /**
   * Writes the footer; the stream holds a whole table then. To be called once.
   *
   * @return what {@link TableInspector} will say of the file
   */
  public TableFacts finish() throws IOException {
    if (finished) {
      throw new IllegalStateException("the table is finished");
    }
    finished = true;
    if (rowGroup.rows() > 0) {
      flushRowGroup();
    }
    part.holdBack();
    file.end(Map.of(FooterFacts.ROW_DIGEST, digest.text()));
    TableFooter footer = TableFooter.of(part.heldBack(), nulls);
    footer.writeTo(out);
    out.flush();
    return FooterFacts.ofOurs(
        new ParquetMetadataConverter().fromParquetMetadata(footer.metaData()));
  }

  private void flushRowGroup() throws IOException {
    rowGroup.flushTo(file);
    rowGroup.close();
    nulls.add(rowGroup.nulls());
    rowGroupBytes = 0;
  }

  /** Closes the stream; before {@link #finish} was called, what is in it is no table. */
  @Override
  public void close() throws IOException {
    rowGroup.close();
    out.close();
  }
}
