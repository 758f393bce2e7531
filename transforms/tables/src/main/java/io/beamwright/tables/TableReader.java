// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one Parquet file in their order, whoever wrote it, with every page checksum
 * verified that is there.
 *
 * <p>Types of other writers: integers of fewer bits widen to {@code int32}, unsigned ones to the
 * next type that holds them ({@code int64}, {@code decimal(20,0)}); enums, JSON and UUIDs are
 * {@code text}; BSON and plain byte arrays {@code binary}; float16 is {@code float32}; timestamps
 * in milliseconds, nanoseconds and INT96 (of no zone) become microseconds, and one that is finer is
 * refused. Nested columns, times of day and intervals are refused.
 *
 * <p>Not for several threads.
 */
public final class TableReader implements Closeable {

  /** A batch has at most this many rows; batches do not cross row groups. */
  public static final int BATCH_ROWS = 4_096;

  private final String name;
  private final TableSchema schema;
  private final long rows;
  private final MessageType projection;
  private final String createdBy;
  private final ParquetFileReader file;
  private @Nullable RowGroupReader rowGroup;

  private TableReader(ParquetFooter footer, TableSchema schema, MessageType projection)
      throws IOException {
    this.name = footer.file().name();
    this.schema = schema;
    this.rows = footer.metadata().getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
    this.projection = projection;
    this.createdBy = footer.metadata().getFileMetaData().getCreatedBy();
    this.file =
        new ParquetFileReader(
            footer.file(), footer.metadata(), ParquetFooter.options(), footer.file().newStream());
    file.setRequestedSchema(projection);
  }

  /**
   * Reads the footer; every column will be read.
   *
   * @param name the file's name, for messages
   * @throws UserFault if the bytes are no Parquet file with flat columns
   * @throws IOException if the source cannot be read
   */
  public static TableReader open(String name, RandomAccessSource source) throws IOException {
    ParquetFooter footer = ParquetFooter.read(name, source);
    return open(footer, footer.schema());
  }

  /** As {@link #open(String, RandomAccessSource)}, of a local file. */
  public static TableReader open(Path file) throws IOException {
    return open(file.toString(), RandomAccessSource.of(file));
  }

  /**
   * As {@link #open(String, RandomAccessSource)}, reading these columns alone, in this order.
   *
   * @param columns at least one name
   * @throws UserFault also if there is no column of such a name
   */
  public static TableReader open(String name, RandomAccessSource source, List<String> columns)
      throws IOException {
    ParquetFooter footer = ParquetFooter.read(name, source);
    return open(footer, project(footer.schema(), columns, name));
  }

  private static TableSchema project(TableSchema schema, List<String> names, String file) {
    return new TableSchema(names.stream().map(name -> column(schema, name, file)).toList());
  }

  private static Column column(TableSchema schema, String name, String file) {
    OptionalInt index = schema.indexOf(name);
    if (index.isEmpty()) {
      throw new UserFault(
          file + ": there is no column \"" + name + "\".",
          "The columns are "
              + String.join(", ", schema.columns().stream().map(Column::name).toList())
              + ".");
    }
    return schema.column(index.getAsInt());
  }

  private static TableReader open(ParquetFooter footer, TableSchema schema) throws IOException {
    MessageType all = footer.metadata().getFileMetaData().getSchema();
    MessageType projection =
        new MessageType(
            all.getName(),
            schema.columns().stream().map(column -> all.getType(column.name())).toList());
    return ParquetFault.naming(
        footer.file().name(), () -> new TableReader(footer, schema, projection));
  }

  /** The columns that are read. */
  public TableSchema schema() {
    return schema;
  }

  /** How many rows the file has, by its footer. */
  public long rows() {
    return rows;
  }

  /**
   * The next rows, at least one; nothing at the end.
   *
   * @throws UserFault if the file is damaged or has a value that its column cannot hold; the
   *     message names the file, and the column where one is at fault
   * @throws IOException if the source cannot be read
   */
  public Optional<Batch> next() throws IOException {
    return ParquetFault.naming(name, this::nextBatch);
  }

  private Optional<Batch> nextBatch() throws IOException {
    while (rowGroup == null || !rowGroup.hasNext()) {
      PageReadStore pages = file.readNextRowGroup();
      if (pages == null) {
        return Optional.empty();
      }
      rowGroup = new RowGroupReader(schema, projection, pages, createdBy);
    }
    return Optional.of(rowGroup.next(BATCH_ROWS));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
