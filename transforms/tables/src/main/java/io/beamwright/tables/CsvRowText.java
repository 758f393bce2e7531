// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

/** Rows as CSV; {@link TextFormat#CSV} documents it. */
record CsvRowText(TableSchema schema) implements RowText {

  /** At the beginning of a file it says that the file is UTF-8, and is no part of a name. */
  private static final char MARK = '\uFEFF';

  @Override
  public void appendHeader(StringBuilder text) {
    for (int i = 0; i < schema.width(); i++) {
      separate(i, text);
      appendQuoted(schema.column(i).name(), text);
    }
    text.append('\n');
  }

  @Override
  public void appendRow(Batch batch, int row, StringBuilder text) {
    for (int i = 0; i < schema.width(); i++) {
      separate(i, text);
      ColumnVector vector = batch.column(i);
      if (!vector.isNull(row)) {
        appendQuoted(CellText.of(vector, row), text);
      } else if (schema.width() == 1 && vector.type() != ColumnType.Simple.TEXT) {
        text.append("\"\"");
      }
    }
    text.append('\n');
  }

  private static void separate(int column, StringBuilder text) {
    if (column > 0) {
      text.append(',');
    }
  }

  private static void appendQuoted(String value, StringBuilder text) {
    if (needsQuotes(value)) {
      text.append('"').append(value.replace("\"", "\"\"")).append('"');
    } else {
      text.append(value);
    }
  }

  private static boolean needsQuotes(String value) {
    if (value.isEmpty() || isMisread(value)) {
      return true;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }

  /**
   * What RFC 4180 lets stand bare, and some readers trim, skip as a comment, or take for a mark.
   */
  private static boolean isMisread(String value) {
    char first = value.charAt(0);
    return first <= ' ' || first == '#' || first == MARK || value.charAt(value.length() - 1) <= ' ';
  }
}
