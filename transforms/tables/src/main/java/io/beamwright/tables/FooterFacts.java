// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** What a footer says of its table. */
final class FooterFacts {

  /** The key of the footer's metadata that holds {@link RowDigest#text}. */
  static final String ROW_DIGEST = "beamwright.row-digest";

  private FooterFacts() {}

  static TableFacts of(ParquetFooter footer) throws IOException {
    return of(footer.metadata(), footer.file().name(), footer.nanUnknown());
  }

  /** What the footer of a file that we have just written says. */
  static TableFacts ofOurs(ParquetMetadata footer) {
    return of(footer, "", new BitSet());
  }

  private static TableFacts of(ParquetMetadata footer, String file, BitSet nanUnknown) {
    long rows = 0;
    for (BlockMetaData rowGroup : footer.getBlocks()) {
      rows = Math.addExact(rows, rowGroup.getRowCount());
    }
    MessageType parquet = footer.getFileMetaData().getSchema();
    FooterSchema schema = FooterSchema.of(parquet, file);
    List<ColumnFacts> columns = new ArrayList<>();
    int leaf = 0;
    for (int i = 0; i < parquet.getFieldCount(); i++) {
      columns.add(columnFacts(schema.fields().get(i), footer, leaf, nanUnknown));
      leaf += leaves(parquet.getType(i));
    }
    return new TableFacts(schema.json(), rows, rowDigest(footer.getFileMetaData()), columns);
  }

  private static ColumnFacts columnFacts(
      FooterSchema.Field field, ParquetMetadata footer, int leaf, BitSet nanUnknown) {
    return field
        .column()
        .map(column -> columnFacts(column, chunks(footer, leaf), nanUnknown.get(leaf)))
        .orElseGet(
            () ->
                new ColumnFacts(field.id(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private static int leaves(Type field) {
    return field.isPrimitive()
        ? 1
        : field.asGroupType().getFields().stream().mapToInt(FooterFacts::leaves).sum();
  }

  /** Only of a file of ours: tools that rewrite files may keep the metadata and change the rows. */
  private static Optional<String> rowDigest(FileMetaData footer) {
    return TableFooter.CREATED_BY.equals(footer.getCreatedBy())
        ? Optional.ofNullable(footer.getKeyValueMetaData().get(ROW_DIGEST))
        : Optional.empty();
  }

  private static List<ColumnChunkMetaData> chunks(ParquetMetadata footer, int column) {
    return footer.getBlocks().stream().map(rowGroup -> rowGroup.getColumns().get(column)).toList();
  }

  private static ColumnFacts columnFacts(
      Column column, List<ColumnChunkMetaData> chunks, boolean nanUnknown) {
    List<? extends Statistics<?>> statistics =
        chunks.stream().<Statistics<?>>map(ColumnChunkMetaData::getStatistics).toList();
    boolean nullsKnown = statistics.stream().allMatch(Statistics::isNumNullsSet);
    Optional<Long> nulls =
        nullsKnown
            ? Optional.of(statistics.stream().mapToLong(Statistics::getNumNulls).sum())
            : Optional.empty();
    boolean isOrdered =
        chunks.stream()
            .noneMatch(
                chunk ->
                    chunk.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96);
    boolean boundsKnown =
        isOrdered
            && chunks.stream()
                .allMatch(chunk -> isAllNull(chunk) || hasBounds(chunk.getStatistics()));
    if (!boundsKnown) {
      return new ColumnFacts(column.fieldId(), nulls, Optional.empty(), Optional.empty());
    }
    Optional<Statistics<?>> all =
        statistics.stream()
            .filter(FooterFacts::hasBounds)
            .<Statistics<?>>map(Statistics::copy)
            .reduce(FooterFacts::merge);
    return new ColumnFacts(
        column.fieldId(),
        nulls,
        all.flatMap(bounds -> text(column, bounds.type(), bounds.genericGetMin())),
        mayHoldNan(column, nanUnknown)
            ? Optional.empty()
            : all.flatMap(bounds -> text(column, bounds.type(), bounds.genericGetMax())));
  }

  private static boolean mayHoldNan(Column column, boolean nanUnknown) {
    return nanUnknown && isFloat(column);
  }

  private static boolean isFloat(Column column) {
    return column.type() == ColumnType.Simple.FLOAT32 || column.type() == ColumnType.Simple.FLOAT64;
  }

  private static boolean isAllNull(ColumnChunkMetaData chunk) {
    Statistics<?> statistics = chunk.getStatistics();
    return statistics.isNumNullsSet() && statistics.getNumNulls() == chunk.getValueCount();
  }

  private static boolean hasBounds(Statistics<?> statistics) {
    return statistics.hasNonNullValue();
  }

  private static Statistics<?> merge(Statistics<?> left, Statistics<?> right) {
    left.mergeStatistics(right);
    return left;
  }

  /** Nothing, if a bound is no value of the column, as a truncated text need not be. */
  private static Optional<String> text(Column column, PrimitiveType type, Comparable<?> bound) {
    CellReader reader = CellReader.of(type).orElseThrow();
    ColumnBuilder builder = ColumnBuilder.of(column);
    try {
      reader.copy().copy(new BoundReader(bound), builder);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String text = CellText.of(builder.build(), 0);
    if (!isFloat(column)) {
      return Optional.of(text);
    }
    if (text.equals("NaN")) {
      return Optional.empty();
    }
    // Parquet widens a lower bound of 0.0 to -0.0 and an upper one the other way: no sign is meant.
    return Optional.of(text.equals("-0.0") ? "0.0" : text);
  }
}
