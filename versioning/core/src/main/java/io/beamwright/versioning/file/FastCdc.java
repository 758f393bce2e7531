// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import java.nio.ByteBuffer;

/**
 * Where a large file is cut into chunks: at places that the bytes before them decide, so that an
 * insertion moves the cuts with the content and two versions of a file share what they have in
 * common.
 *
 * <p>FastCDC with normalised chunking of level 2: Xia et al., "FastCDC: a Fast and Efficient
 * Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016. Sizes, masks and the
 * gear table are part of the format: docs/format.md says them. The masks are the highest bits,
 * because in a fingerprint that is shifted to the left these depend on the most bytes: the paper
 * spreads the bits of its masks to the same end.
 */
final class FastCdc {

  /** No chunk but the last of a file is smaller. */
  static final int SMALLEST = 4 << 20;

  /** From this size on a chunk ends more readily. */
  static final int NORMAL = 8 << 20;

  /** No chunk is larger. */
  static final int LARGEST = 16 << 20;

  // 25 and 21 bits: 23, the logarithm of the normal size, and two more or fewer.
  private static final long MASK_BELOW_NORMAL = -1L << 39;
  private static final long MASK_FROM_NORMAL = -1L << 43;

  private static final long[] GEAR = gear();

  private long fingerprint;
  private int length;
  private boolean ended;

  private static long[] gear() {
    long[] gear = new long[256];
    for (int b = 0; b < gear.length; b++) {
      gear[b] = ByteBuffer.wrap(Sha256.of(new byte[] {(byte) b}).bytes()).getLong();
    }
    return gear;
  }

  /**
   * Goes on over the bytes from {@code from} to before {@code to}, and stops after the one that
   * ends a chunk; the next call begins the next chunk.
   *
   * @return the place after the byte that ends the chunk, or -1 if none of them does
   */
  int scan(byte[] bytes, int from, int to) {
    // Nothing can end here, so the fingerprint begins after it.
    int at = from + Math.min(Math.max(0, SMALLEST - length), to - from);
    length += at - from;
    at = roll(bytes, at, to, NORMAL, MASK_BELOW_NORMAL);
    if (!ended) {
      at = roll(bytes, at, to, LARGEST, MASK_FROM_NORMAL);
    }
    if (!ended && length < LARGEST) {
      return -1;
    }
    fingerprint = 0;
    length = 0;
    ended = false;
    return at;
  }

  /** Rolls until a chunk ends or has {@code limit} bytes; the place after the last byte taken. */
  private int roll(byte[] bytes, int from, int to, int limit, long mask) {
    int end = Math.min(to, from + Math.max(0, limit - length));
    long rolled = fingerprint;
    int at = from;
    while (at < end && !ended) {
      rolled = (rolled << 1) + GEAR[bytes[at++] & 0xff];
      ended = (rolled & mask) == 0;
    }
    fingerprint = rolled;
    length += at - from;
    return at;
  }
}
