// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam.sql;

import io.beamwright.tables.ExternalSort;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;

/**
 * Records on their way to buckets, many to an element: the DirectRunner spends some milliseconds on
 * each element of a group. A block is any number of records, each its length (4 bytes) and its
 * bytes. A record of {@link #keyed} begins with the length of its key (4 bytes) and the key, so
 * that records of one key lie together once they are sorted.
 */
final class Blocks {

  private static final int BLOCK_BYTES = 64 << 10;

  private final Map<Integer, ByteArrayOutputStream> open = new HashMap<>();

  /** Takes a block of a bucket. */
  interface Receiver {
    void accept(KV<Integer, byte[]> block);
  }

  static KvCoder<Integer, byte[]> coder() {
    return KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of());
  }

  void add(int bucket, byte[] record, Receiver out) {
    ByteArrayOutputStream block = open.computeIfAbsent(bucket, any -> new ByteArrayOutputStream());
    block.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(record.length).array());
    block.writeBytes(record);
    if (block.size() >= BLOCK_BYTES) {
      out.accept(KV.of(bucket, block.toByteArray()));
      block.reset();
    }
  }

  void flush(Receiver out) {
    open.forEach(
        (bucket, block) -> {
          if (block.size() > 0) {
            out.accept(KV.of(bucket, block.toByteArray()));
          }
        });
    open.clear();
  }

  /** Gives each record of a block to {@code sink}. */
  static void forEach(byte[] block, ExternalSort.Sink sink) throws IOException {
    ByteBuffer records = ByteBuffer.wrap(block);
    while (records.hasRemaining()) {
      byte[] record = new byte[records.getInt()];
      records.get(record);
      sink.accept(record);
    }
  }

  /** What follows the key of a record. */
  interface Payload {
    void writeTo(DataOutputStream out) throws IOException;
  }

  static byte[] keyed(byte[] key, Payload payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(key.length);
      out.write(key);
      payload.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /** Where the payload of a record begins. */
  static int payload(byte[] record) {
    return Integer.BYTES + ByteBuffer.wrap(record).getInt();
  }
}
