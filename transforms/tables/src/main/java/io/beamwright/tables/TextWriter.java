// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes batches of one schema as text, to a stream that the caller closes. */
public final class TextWriter {

  private static final int FLUSH_CHARS = 1 << 16;

  private final RowText rowText;
  private final TableSchema schema;
  private final OutputStream out;
  private final StringBuilder text = new StringBuilder();

  TextWriter(RowText rowText, TableSchema schema, OutputStream out) {
    this.rowText = rowText;
    this.schema = schema;
    this.out = out;
    rowText.appendHeader(text);
  }

  /**
   * Appends all rows of a batch.
   *
   * @throws IllegalArgumentException if the batch is of another schema
   */
  public void write(Batch batch) throws IOException {
    batch.requireSchema(schema);
    for (int row = 0; row < batch.rowCount(); row++) {
      rowText.appendRow(batch, row, text);
      if (text.length() >= FLUSH_CHARS) {
        drain();
      }
    }
  }

  /**
   * Appends all the rows that the reader still has, which the caller closes.
   *
   * @throws IllegalArgumentException if they are of another schema
   */
  public void write(TableReader rows) throws IOException {
    for (Optional<Batch> batch = rows.next(); batch.isPresent(); batch = rows.next()) {
      write(batch.get());
    }
  }

  /** Writes what is left. To be called after the last batch. */
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  private void drain() throws IOException {
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    text.setLength(0);
  }
}
