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
  private final @Nullable Widening widening;
  private @Nullable RowGroupReader rowGroup;

  private TableReader(
      ParquetFooter footer, TableSchema schema, MessageType projection, @Nullable Widening widening)
      throws IOException {
    this.name = footer.file().name();
    this.schema = schema;
    this.widening = widening;
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
    return open(footer, footer.schema(), null);
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
    return open(footer, project(footer.schema(columns), columns, name), null);
  }

  /**
   * As {@link #open(String, RandomAccessSource)}, with batches of the schema {@code as}: its
   * columns, found by their names, in its order, and values widened to its types.
   *
   * @param as the {@link CommonSchema} of files of which this is one
   * @throws UserFault also if a column is missing or has a type that is not widened so; {@link
   *     #next} also if a value is not exact in its column of {@code as}
   */
  public static TableReader openAs(TableSchema as, String name, RandomAccessSource source)
      throws IOException {
    ParquetFooter footer = ParquetFooter.read(name, source);
    TableSchema own =
        project(footer.schema(), as.columns().stream().map(Column::name).toList(), name);
    for (int i = 0; i < own.width(); i++) {
      requireWider(own.column(i), as.column(i), name);
    }
    return open(footer, own, own.equals(as) ? null : new Widening(own, as));
  }

  private static void requireWider(Column own, Column as, String file) {
    boolean fits =
        CommonType.of(List.of(own.type(), as.type())).equals(Optional.of(as.type()))
            && (as.nullable() || !own.nullable());
    if (!fits) {
      throw new UserFault(
          "%s: column \"%s\" is %s%s, which cannot be read as %s%s."
              .formatted(
                  file,
                  own.name(),
                  own.type().text(),
                  own.nullable() ? " with nulls" : "",
                  as.type().text(),
                  as.nullable() ? "" : " without nulls"),
          "Fetch or write the file again: it is not the one that was planned for.");
    }
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

  private static TableReader open(
      ParquetFooter footer, TableSchema schema, @Nullable Widening widening) throws IOException {
    MessageType all = footer.metadata().getFileMetaData().getSchema();
    MessageType projection =
        new MessageType(
            all.getName(),
            schema.columns().stream().map(column -> all.getType(column.name())).toList());
    return ParquetFault.naming(
        footer.file().name(), () -> new TableReader(footer, schema, projection, widening));
  }

  /** The columns of the batches. */
  public TableSchema schema() {
    return widening == null ? schema : widening.schema();
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
    Batch rows = rowGroup.next(BATCH_ROWS);
    return Optional.of(widening == null ? rows : widening.apply(rows));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
