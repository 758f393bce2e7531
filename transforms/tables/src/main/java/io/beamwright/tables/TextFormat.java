// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A table as text, for programs that do not read Parquet: UTF-8, the same bytes for the same rows.
 *
 * <table>
 *   <caption>Values</caption>
 *   <tr><td>boolean</td><td>{@code true}, {@code false}</td></tr>
 *   <tr><td>int32, int64</td><td>decimal digits</td></tr>
 *   <tr><td>float32, float64</td><td>the decimal that reads back as the same number, as {@link
 *       Double#toString(double)} prints it: {@code 100.0}, {@code 1.0E-5}, {@code -0.0}, {@code NaN},
 *       {@code Infinity}, {@code -Infinity}; in JSON the last three are strings</td></tr>
 *   <tr><td>decimal</td><td>plain digits with all digits of the scale: {@code 1.50}; a number in
 *       JSON</td></tr>
 *   <tr><td>date</td><td>{@code 2017-09-05}; with a sign where the year has more than four digits or
 *       is before 0: {@code +10000-01-01}, {@code -0001-12-31}</td></tr>
 *   <tr><td>timestamp</td><td>{@code 2017-09-05T12:00:00}, with six digits of fraction if there is
 *       one, and a {@code Z} if it is UTC</td></tr>
 *   <tr><td>text</td><td>itself</td></tr>
 *   <tr><td>binary</td><td>lower-case hexadecimal digits</td></tr>
 * </table>
 */
public enum TextFormat {

  /**
   * RFC 4180 with {@code \n} as the line end: a header of the columns' names, then a line per row.
   * Quoted is what holds a comma, a quote or a line end, begins with a {@code #} or U+FEFF, or
   * begins or ends with a blank or a control character; within quotes nothing is changed, and a
   * quote is doubled. A null is empty, the empty text is {@code ""}. In a table of one column,
   * where readers skip empty lines, that is so for texts alone: any other null is {@code ""}.
   */
  CSV("csv") {
    @Override
    RowText rowText(TableSchema schema) {
      return new CsvRowText(schema);
    }
  },

  /**
   * JSON lines: an object per row, its members in the columns' order; a null is {@code null}.
   * Integers and decimals are numbers with all their digits, which not every reader keeps: Python's
   * does for integers, and for decimals with {@code parse_float=decimal.Decimal}.
   */
  JSON("json") {
    @Override
    RowText rowText(TableSchema schema) {
      return new JsonRowText(schema);
    }
  };

  private final String extension;

  TextFormat(String extension) {
    this.extension = extension;
  }

  abstract RowText rowText(TableSchema schema);

  /** What a file's name ends in, without the dot: {@code csv} or {@code json}. */
  public String extension() {
    return extension;
  }

  /** A writer of this format, which has written the header if there is one. */
  public TextWriter writer(TableSchema schema, OutputStream out) throws IOException {
    return new TextWriter(rowText(schema), schema, out);
  }

  /** Writes all the rows that the reader still has, and the header; closes neither. */
  public void write(TableReader table, OutputStream out) throws IOException {
    TextWriter writer = writer(table.schema(), out);
    writer.write(table);
    writer.flush();
  }
}
