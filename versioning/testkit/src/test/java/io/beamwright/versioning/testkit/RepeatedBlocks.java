// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Content;
import java.io.InputStream;
import java.util.Random;

/**
 * A large content that a ZIP file makes small, and that is cut into chunks where its bytes say:
 * some blocks of random bytes, each over and over.
 *
 * @param size bytes
 */
record RepeatedBlocks(long size) implements Content {

  private static final int BLOCK = 16 << 10;
  private static final long SPAN = 8 << 20;

  // Of the blocks in which a chunk of more than the normal size may end; one in 128 is.
  private static final long[] SEEDS = {10, 122, 302, 361, 558, 575, 662, 701, 703};

  @Override
  public InputStream open() {
    return new InputStream() {
      private long offset;
      private byte[] block = {};

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int begin, int length) {
        if (offset >= size && length > 0) {
          return -1;
        }
        if (offset % SPAN == 0) {
          block = block(offset / SPAN);
        }
        int from = (int) (offset % BLOCK);
        int some = (int) Math.min(Math.min(length, BLOCK - from), size - offset);
        System.arraycopy(block, from, into, begin, some);
        offset += some;
        return some;
      }
    };
  }

  private static byte[] block(long span) {
    byte[] block = new byte[BLOCK];
    new Random(SEEDS[(int) (span % SEEDS.length)]).nextBytes(block);
    return block;
  }
}
