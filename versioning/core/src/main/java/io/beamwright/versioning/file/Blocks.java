// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Bytes in memory that grow without being copied: what is to become an object. Not safe for several
 * threads at once; whoever hands it to another thread does not touch it any more.
 */
final class Blocks {

  /** Bytes in a block. */
  static final int BLOCK = 1 << 20;

  private final Pool pool;
  private final List<byte[]> blocks = new ArrayList<>();
  private int size;

  Blocks(Pool pool) {
    this.pool = pool;
  }

  /**
   * Blocks that are used again, so that a large file does not leave its size as garbage. Safe for
   * many threads.
   */
  static final class Pool {

    private final BlockingQueue<byte[]> free;

    /** Keeps at most {@code most} blocks that nobody uses. */
    Pool(int most) {
      this.free = new ArrayBlockingQueue<>(most);
    }

    private byte[] take() {
      byte[] block = free.poll();
      return block == null ? new byte[BLOCK] : block;
    }

    private void giveBack(byte[] block) {
      var unused = free.offer(block);
    }
  }

  /** Number of bytes. */
  int size() {
    return size;
  }

  /** The block that {@link #end} lies in, with room for at least a byte. */
  byte[] open() {
    if (size == blocks.size() * BLOCK) {
      blocks.add(pool.take());
    }
    return blocks.get(blocks.size() - 1);
  }

  /** Where in the {@link #open} block the next byte goes. */
  int end() {
    return size - (blocks.size() - 1) * BLOCK;
  }

  /** Counts {@code length} bytes that were written to the {@link #open} block at its end. */
  void grow(int length) {
    size += length;
  }

  void append(byte[] bytes, int from, int to) {
    for (int at = from; at < to; ) {
      byte[] block = open();
      int length = Math.min(to - at, BLOCK - end());
      System.arraycopy(bytes, at, block, end(), length);
      grow(length);
      at += length;
    }
  }

  /** Takes the last {@code length} bytes, which lie in one block, away. */
  void shrink(int length) {
    size -= length;
  }

  /** Takes a block, and how many bytes of it count. */
  @FunctionalInterface
  interface BlockConsumer {
    void accept(byte[] block, int length);
  }

  /** Gives every block to {@code consumer}, in order. */
  void forEachBlock(BlockConsumer consumer) {
    for (int i = 0; i < blocks.size(); i++) {
      consumer.accept(blocks.get(i), length(i));
    }
  }

  /** The digest of everything. */
  Sha256 sha256() {
    MessageDigest digest = Sha256.messageDigest();
    forEachBlock((block, length) -> digest.update(block, 0, length));
    return Sha256.ofDigest(digest.digest());
  }

  private int length(int index) {
    return Math.min(BLOCK, size - index * BLOCK);
  }

  /** Everything, to be read before {@link #release}. */
  Content content() {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return new BlocksStream();
      }
    };
  }

  /** The bytes are not needed any more. */
  void release() {
    blocks.forEach(pool::giveBack);
    blocks.clear();
    size = 0;
  }

  private final class BlocksStream extends InputStream {

    private int position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (position == size) {
        return -1;
      }
      int within = position % BLOCK;
      int read = Math.min(length, Math.min(BLOCK - within, size - position));
      System.arraycopy(blocks.get(position / BLOCK), within, target, offset, read);
      position += read;
      return read;
    }
  }
}
