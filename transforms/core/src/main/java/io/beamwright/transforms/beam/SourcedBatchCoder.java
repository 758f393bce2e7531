// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.tables.Batch;
import io.beamwright.tables.TableSchema;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.util.VarInt;

/** Batches of one schema, which is part of the coder and not of the elements. */
public final class SourcedBatchCoder extends CustomCoder<SourcedBatch> {

  private static final long serialVersionUID = 1L;

  private final SerializableSchema schema;

  /** Batches of {@code schema}. */
  public SourcedBatchCoder(TableSchema schema) {
    this.schema = SerializableSchema.of(schema);
  }

  @Override
  public void encode(SourcedBatch batch, OutputStream out) throws IOException {
    VarInt.encode(batch.source(), out);
    VarInt.encode(batch.sequence(), out);
    DataOutputStream data = new DataOutputStream(out);
    batch.rows().writeTo(data);
    data.flush();
  }

  @Override
  public SourcedBatch decode(InputStream in) throws IOException {
    long source = VarInt.decodeLong(in);
    long sequence = VarInt.decodeLong(in);
    Batch rows = Batch.readFrom(schema.schema(), new DataInputStream(in));
    return new SourcedBatch(source, sequence, rows);
  }

  // Equal batches give equal bytes: the format has one way to write each value.
  @Override
  public void verifyDeterministic() {}

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public List<? extends Coder<?>> getCoderArguments() {
    return List.of();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourcedBatchCoder that && schema.equals(that.schema);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }
}
