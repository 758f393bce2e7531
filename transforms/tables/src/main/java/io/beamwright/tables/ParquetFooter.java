// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.RandomAccessSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.jspecify.annotations.Nullable;

/** The footer of a Parquet file. */
final class ParquetFooter {

  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED_MAGIC = "PARE";
  private static final int TAIL = Integer.BYTES + MAGIC.length();

  /** Parsed, a footer takes some ten times its bytes in memory. */
  static final int LARGEST = 128 << 20;

  /** Thrift refuses lists and strings that announce more than a message may have. */
  private static final int LEAST_MESSAGE_LIMIT = 1 << 16;

  private final SourceFile file;
  private final FileMetaData thrift;
  private @Nullable ParquetMetadata metadata;

  private ParquetFooter(SourceFile file, FileMetaData thrift) {
    this.file = file;
    this.thrift = thrift;
  }

  /**
   * Reads a footer, and nothing else.
   *
   * @throws UserFault if there is none, it is damaged, encrypted or larger than {@link #LARGEST}
   * @throws IOException if the source cannot be read
   */
  static ParquetFooter read(String name, RandomAccessSource source) throws IOException {
    SourceFile file = new SourceFile(name, source, source.size());
    return ParquetFault.naming(name, () -> read(file));
  }

  private static ParquetFooter read(SourceFile file) throws IOException {
    if (file.size() < MAGIC.length() + TAIL) {
      throw new IOException("it has only " + file.size() + " bytes");
    }
    ByteBuffer tail = ByteBuffer.wrap(file.read(file.size() - TAIL, TAIL));
    int length = tail.order(ByteOrder.LITTLE_ENDIAN).getInt();
    requireMagic(StandardCharsets.ISO_8859_1.decode(tail).toString(), file.name());
    if (length < 0 || length > file.size() - TAIL - MAGIC.length()) {
      throw new IOException(
          "its footer of %d bytes does not fit its %d bytes".formatted(length, file.size()));
    }
    if (length > LARGEST) {
      throw new IOException(
          "its footer has %d bytes, and %d are the most that are read".formatted(length, LARGEST));
    }
    byte[] footer = file.read(file.size() - TAIL - length, length);
    FileMetaData thrift =
        Util.readFileMetaData(
            new ByteArrayInputStream(footer), Math.max(length, LEAST_MESSAGE_LIMIT));
    requireRows(thrift);
    requireReadable(thrift, file.name());
    thrift.getRow_groups().forEach(ParquetFooter::dropInexactBounds);
    ParquetFooter read = new ParquetFooter(file, thrift);
    if (!read.isOurs()) {
      // It may say what no reader understands.
      read.metadata();
    } else if (!FooterCheck.holds(footer)) {
      throw new IOException("its footer was changed after it was written");
    }
    return read;
  }

  SourceFile file() {
    return file;
  }

  /**
   * What it says, in the words of the library that reads rows.
   *
   * @throws UserFault if the library does not understand it
   */
  ParquetMetadata metadata() throws IOException {
    if (metadata == null) {
      metadata =
          ParquetFault.naming(
              file.name(), () -> new ParquetMetadataConverter().fromParquetMetadata(thrift));
    }
    return metadata;
  }

  /** The schema in the file's own words. */
  List<SchemaElement> schemaElements() {
    return thrift.getSchema();
  }

  /**
   * The schema, as ours.
   *
   * @throws UserFault if there is a column that tables do not have
   */
  TableSchema schema() throws IOException {
    return ParquetSchemas.fromParquet(metadata().getFileMetaData().getSchema(), file.name());
  }

  /**
   * The same, where only these columns are to be read; others may be such as tables do not have.
   *
   * @throws UserFault if one of these is
   */
  TableSchema schema(List<String> names) throws IOException {
    List<Column> ours =
        FooterSchema.of(metadata().getFileMetaData().getSchema(), file.name()).fields().stream()
            .flatMap(field -> field.column().stream())
            .filter(column -> names.contains(column.name()))
            .toList();
    return ours.size() == names.size() ? new TableSchema(ours) : schema();
  }

  /** Whether {@link TableWriter} wrote the file; its footer is then as it was written. */
  boolean isOurs() {
    return TableFooter.CREATED_BY.equals(thrift.getCreated_by());
  }

  /**
   * By leaf column, whether NaN may be among the values though no bound says so: our own bounds
   * leave no NaN out; others' do, and few count them.
   */
  BitSet nanUnknown() {
    BitSet unknown = new BitSet();
    if (isOurs()) {
      return unknown;
    }
    for (RowGroup rowGroup : thrift.getRow_groups()) {
      for (int i = 0; i < rowGroup.getColumnsSize(); i++) {
        Statistics statistics = rowGroup.getColumns().get(i).getMeta_data().getStatistics();
        boolean none =
            statistics != null && statistics.isSetNan_count() && statistics.getNan_count() == 0;
        if (!none) {
          unknown.set(i);
        }
      }
    }
    return unknown;
  }

  /**
   * Whether there are bounds of bytes or of integers without a sign that were perhaps taken as if
   * they had one, so that {@code é} is less than {@code a}: those in the fields that were there
   * before an order was written down.
   */
  boolean hasSignedBounds() {
    List<SchemaElement> leaves =
        thrift.getSchema().stream().filter(SchemaElement::isSetType).toList();
    for (RowGroup rowGroup : thrift.getRow_groups()) {
      for (int i = 0; i < rowGroup.getColumnsSize(); i++) {
        if (isUnsigned(leaves.get(i)) && hasOldBounds(rowGroup.getColumns().get(i))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isUnsigned(SchemaElement leaf) {
    boolean isBytes =
        leaf.getType() == Type.BYTE_ARRAY || leaf.getType() == Type.FIXED_LEN_BYTE_ARRAY;
    boolean isInteger =
        leaf.isSetLogicalType()
            && leaf.getLogicalType().isSetINTEGER()
            && !leaf.getLogicalType().getINTEGER().isIsSigned();
    return isBytes
        || isInteger
        || (leaf.isSetConverted_type() && leaf.getConverted_type().name().startsWith("UINT"));
  }

  private static boolean hasOldBounds(ColumnChunk column) {
    Statistics statistics = column.getMeta_data().getStatistics();
    return statistics != null
        && ((statistics.isSetMin() && !statistics.isSetMin_value())
            || (statistics.isSetMax() && !statistics.isSetMax_value()));
  }

  private static void requireReadable(FileMetaData footer, String file) throws IOException {
    for (RowGroup rowGroup : footer.getRow_groups()) {
      for (ColumnChunk column : rowGroup.getColumns()) {
        if (column.isSetCrypto_metadata()) {
          throw encrypted(file, "some of its columns are encrypted");
        }
        if (!column.isSetMeta_data()) {
          throw new IOException("a row group does not say where a column is");
        }
      }
    }
  }

  private static UserFault encrypted(String file, String how) {
    return new UserFault(
        file + ": " + how + ", and tables are read without keys.", "Write it unencrypted.");
  }

  private static void requireMagic(String magic, String file) throws IOException {
    if (magic.equals(ENCRYPTED_MAGIC)) {
      throw encrypted(file, "it is encrypted");
    }
    if (!magic.equals(MAGIC)) {
      throw new IOException("it does not end in " + MAGIC);
    }
  }

  private static void requireRows(FileMetaData footer) throws IOException {
    long rows = 0;
    int width =
        Math.toIntExact(footer.getSchema().stream().filter(element -> element.isSetType()).count());
    for (RowGroup rowGroup : footer.getRow_groups()) {
      if (rowGroup.getNum_rows() < 0) {
        throw new IOException("a row group has " + rowGroup.getNum_rows() + " rows");
      }
      if (rowGroup.getColumnsSize() != width) {
        throw new IOException(
            "a row group has %d columns, and the schema %d"
                .formatted(rowGroup.getColumnsSize(), width));
      }
      rows = Math.addExact(rows, rowGroup.getNum_rows());
    }
    if (rows != footer.getNum_rows()) {
      throw new IOException(
          "its row groups have %d rows, and its footer says %d"
              .formatted(rows, footer.getNum_rows()));
    }
  }

  /** A bound that was cut short is no value of the column. */
  private static void dropInexactBounds(RowGroup rowGroup) {
    for (ColumnChunk column : rowGroup.getColumns()) {
      Statistics statistics = column.getMeta_data().getStatistics();
      if (statistics == null) {
        continue;
      }
      boolean minCut = statistics.isSetIs_min_value_exact() && !statistics.isIs_min_value_exact();
      boolean maxCut = statistics.isSetIs_max_value_exact() && !statistics.isIs_max_value_exact();
      if (minCut || maxCut) {
        statistics.unsetMin_value();
        statistics.unsetMax_value();
        statistics.unsetMin();
        statistics.unsetMax();
      }
    }
  }

  /** Without Hadoop's configuration and codecs, and with page checksums verified. */
  static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new Codecs())
        .usePageChecksumVerification()
        .withUseHadoopVectoredIo(false)
        .build();
  }
}
