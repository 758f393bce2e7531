// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.Batch;
import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.TableSchema;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Writes the sources of one key, each in its order to files of its own. */
final class WriteSources extends TableSink.Write<KV<Integer, Iterable<byte[]>>> {

  private static final long serialVersionUID = 1L;
  private static final long MEMORY_BYTES = 64L << 20;

  WriteSources(SerializableSchema schema, StageFiles.Opener opener) {
    super(schema, opener);
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<byte[]>> group, OutputReceiver<TablePart> out)
      throws IOException {
    try (ExternalSort sort = new ExternalSort(MEMORY_BYTES);
        Sources sources = new Sources(schema(), out)) {
      for (byte[] record : group.getValue()) {
        sort.add(record);
      }
      sort.sortTo(sources::write);
      sources.finish();
    }
  }

  /** Takes records in order and begins anew with each source. */
  private final class Sources implements Closeable {

    private final TableSchema schema;
    private final OutputReceiver<TablePart> out;
    private long source = -1;
    private @Nullable PartWriter writer;

    Sources(TableSchema schema, OutputReceiver<TablePart> out) {
      this.schema = schema;
      this.out = out;
    }

    void write(byte[] record) throws IOException {
      long from = ByteBuffer.wrap(record).getLong();
      PartWriter current = writer;
      if (current == null || from != source) {
        finish();
        source = from;
        current = writer(source, schema);
        writer = current;
      }
      current.write(batch(record));
    }

    private Batch batch(byte[] record) throws IOException {
      int header = SourceRecords.HEADER_BYTES;
      return Batch.readFrom(
          schema,
          new DataInputStream(new ByteArrayInputStream(record, header, record.length - header)));
    }

    void finish() throws IOException {
      if (writer != null) {
        writer.finish().forEach(out::output);
        close();
      }
    }

    @Override
    public void close() throws IOException {
      if (writer != null) {
        PartWriter done = writer;
        writer = null;
        done.close();
      }
    }
  }
}
