// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.util.Arrays;
import java.util.List;

/**
 * The canonical encoding of a row of a schema: one row, one byte string, whatever made it.
 *
 * <p>Encodings compared as unsigned bytes ({@link Arrays#compareUnsigned(byte[], byte[])}) order
 * the rows column by column, nulls last. No encoding is the beginning of another of the same
 * schema, so encodings one after the other can be told apart. Names, field ids and whether a column
 * is nullable do not enter.
 *
 * <p>Each column in the schema's order is one byte, 1 for a value or 2 for a null, and, if it is no
 * null, the value, big-endian:
 *
 * <table>
 *   <caption>Values</caption>
 *   <tr><td>boolean</td><td>1 byte: 0 or 1</td></tr>
 *   <tr><td>int32, date</td><td>4 bytes, two's complement with the sign bit inverted; a date as days
 *       since 1970-01-01</td></tr>
 *   <tr><td>int64, timestamp</td><td>8 bytes, likewise; a timestamp as microseconds since
 *       1970-01-01T00:00</td></tr>
 *   <tr><td>decimal</td><td>the unscaled value at the column's scale, likewise, in 8 bytes up to 18
 *       digits and in 16 beyond</td></tr>
 *   <tr><td>float32, float64</td><td>the 4 or 8 bytes of IEEE 754: the sign bit inverted if it is
 *       clear, all bits inverted if it is set; so -0.0 is before 0.0. NaN is the one with only the
 *       first bit of the fraction set, after infinity</td></tr>
 *   <tr><td>text, binary</td><td>the UTF-8 or the bytes, with 00 written as 00 FF, and then 00
 *       00</td></tr>
 * </table>
 */
public final class RowEncoding {

  private final TableSchema schema;
  private final List<CellEncoding> cells;

  /** The encoding of rows of this schema. */
  public RowEncoding(TableSchema schema) {
    this.schema = schema;
    this.cells = schema.columns().stream().map(column -> CellEncoding.of(column.type())).toList();
  }

  /** The schema whose rows are encoded. */
  public TableSchema schema() {
    return schema;
  }

  /** The canonical encoding of one row, from 0, of a batch of this schema. */
  public byte[] encode(Batch batch, int row) {
    RowBytes bytes = new RowBytes();
    encode(batch, row, bytes);
    return bytes.toByteArray();
  }

  /**
   * Appends the row that {@link #encode} encoded.
   *
   * @throws IllegalArgumentException if the bytes are not the encoding of one row of the schema, or
   *     a value does not fit its column
   */
  public void decode(byte[] encoded, BatchBuilder rows) {
    RowInput input = new RowInput(encoded);
    for (int i = 0; i < cells.size(); i++) {
      ColumnBuilder builder = rows.column(i);
      if (input.nextIsNull()) {
        builder.appendNull();
      } else {
        cells.get(i).decode(input, builder);
      }
    }
    input.expectEnd();
  }

  /** Writes the encoding of one row after what {@code bytes} holds. */
  void encode(Batch batch, int row, RowBytes bytes) {
    encode(batch, row, 0, cells.size(), bytes);
  }

  /** The same with the columns {@code from} to before {@code to} alone. */
  void encode(Batch batch, int row, int from, int to, RowBytes bytes) {
    for (int i = from; i < to; i++) {
      ColumnVector vector = batch.column(i);
      if (vector.isNull(row)) {
        bytes.put(RowBytes.NULL);
      } else {
        bytes.put(RowBytes.VALUE);
        cells.get(i).encode(vector, row, bytes);
      }
    }
  }
}
