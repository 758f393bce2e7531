// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.ExternalSort;
import io.beamwright.tables.RowEncoding;
import io.beamwright.tables.RowHash;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * Divides rows by the hash of their canonical encoding. An element is a partition and any number of
 * its rows: each the length of its encoding (4 bytes) and the encoding.
 */
final class RowRecords extends DoFn<SourcedBatch, KV<Integer, byte[]>> {

  private static final long serialVersionUID = 1L;

  private final SerializableSchema schema;
  private final int partitions;
  private transient @Nullable RowEncoding encoding;

  RowRecords(SerializableSchema schema, int partitions) {
    this.schema = schema;
    this.partitions = partitions;
  }

  @Setup
  public void setUp() {
    encoding = new RowEncoding(schema.schema());
  }

  @ProcessElement
  public void process(@Element SourcedBatch batch, OutputReceiver<KV<Integer, byte[]>> out)
      throws IOException {
    @Nullable ByteArrayOutputStream[] blocks = new @Nullable ByteArrayOutputStream[partitions];
    for (int row = 0; row < batch.rows().rowCount(); row++) {
      byte[] encoded = Objects.requireNonNull(encoding).encode(batch.rows(), row);
      int partition = RowHash.of(encoded).partition(partitions);
      ByteArrayOutputStream block = blocks[partition];
      if (block == null) {
        block = new ByteArrayOutputStream();
        blocks[partition] = block;
      }
      DataOutputStream data = new DataOutputStream(block);
      data.writeInt(encoded.length);
      data.write(encoded);
    }
    for (int partition = 0; partition < partitions; partition++) {
      ByteArrayOutputStream block = blocks[partition];
      if (block != null) {
        out.output(KV.of(partition, block.toByteArray()));
      }
    }
  }

  /** Gives the encodings in a value that this function made to {@code sink}. */
  static void forEachRow(byte[] block, ExternalSort.Sink sink) throws IOException {
    ByteBuffer rows = ByteBuffer.wrap(block);
    while (rows.hasRemaining()) {
      byte[] row = new byte[rows.getInt()];
      rows.get(row);
      sink.accept(row);
    }
  }
}
