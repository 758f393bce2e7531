// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Rows as JSON lines; {@link TextFormat#JSON} documents it. */
record JsonRowText(TableSchema schema) implements RowText {

  @Override
  public void appendHeader(StringBuilder text) {}

  @Override
  public void appendRow(Batch batch, int row, StringBuilder text) {
    text.append('{');
    for (int i = 0; i < schema.width(); i++) {
      if (i > 0) {
        text.append(',');
      }
      appendString(schema.column(i).name(), text);
      text.append(':');
      appendValue(batch.column(i), row, text);
    }
    text.append("}\n");
  }

  static void appendValue(ColumnVector vector, int row, StringBuilder text) {
    if (vector.isNull(row)) {
      text.append("null");
      return;
    }
    String value = CellText.of(vector, row);
    boolean bare =
        switch (vector.type().kind()) {
          case BOOLEAN, INT32, INT64, DECIMAL -> true;
          case FLOAT32 -> Float.isFinite(vector.floatAt(row));
          case FLOAT64 -> Double.isFinite(vector.doubleAt(row));
          case DATE, TIMESTAMP, TEXT, BINARY -> false;
        };
    if (bare) {
      text.append(value);
    } else {
      appendString(value, text);
    }
  }

  private static void appendString(String value, StringBuilder text) {
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
  }
}
