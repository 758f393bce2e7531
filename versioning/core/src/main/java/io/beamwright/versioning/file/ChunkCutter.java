// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.file.PendingFile.Chunk;
import io.beamwright.versioning.file.PendingFile.InChunks;
import io.beamwright.versioning.file.PendingFile.InObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts the bytes of one file into chunks, and has each stored as soon as it has ended. */
final class ChunkCutter implements AutoCloseable {

  private final Blocks.Pool pool;
  private final ObjectWriter writer;
  private final FastCdc cuts = new FastCdc();
  private final List<Chunk> chunks = new ArrayList<>();
  private Blocks chunk;

  ChunkCutter(Blocks.Pool pool, ObjectWriter writer) {
    this.pool = pool;
    this.writer = writer;
    this.chunk = new Blocks(pool);
  }

  /** Takes a copy of {@code bytes}. */
  void append(Blocks bytes) {
    bytes.forEachBlock(
        (block, length) -> {
          for (int at = 0; at < length; ) {
            byte[] target = chunk.open();
            int end = chunk.end();
            int copied = Math.min(length - at, Blocks.BLOCK - end);
            System.arraycopy(block, at, target, end, copied);
            grew(copied);
            at += copied;
          }
        });
  }

  /** Where the next bytes of the file are to be written, at its end. */
  Blocks open() {
    return chunk;
  }

  /** Takes {@code length} bytes, which were written to the end of {@link #open} uncounted. */
  void grew(int length) {
    byte[] block = chunk.open();
    int from = chunk.end();
    int to = from + length;
    chunk.grow(length);
    for (int cut = cuts.scan(block, from, to); cut >= 0; cut = cuts.scan(block, from, to)) {
      Blocks rest = new Blocks(pool);
      rest.append(block, cut, to);
      chunk.shrink(to - cut);
      end();
      // A block holds less than a chunk has at least, so what is left is one block.
      chunk = rest;
      block = rest.open();
      from = 0;
      to -= cut;
    }
  }

  private void end() {
    InObject object = new InObject();
    chunks.add(new Chunk(object, chunk.size()));
    writer.write(chunk, Optional.empty(), object::created);
  }

  /** The file ends here. */
  InChunks finish() {
    if (chunk.size() > 0) {
      end();
      chunk = new Blocks(pool);
    }
    return new InChunks(List.copyOf(chunks));
  }

  @Override
  public void close() {
    chunk.release();
  }
}
