// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Content;
import java.io.InputStream;

/** Bytes that any number of can be made again without holding them, different for each seed. */
public final class PatternContent implements Content {

  private final long size;
  private final int seed;

  /** {@code size} bytes of the pattern that {@code seed} names. */
  public PatternContent(long size, int seed) {
    this.size = size;
    this.seed = seed;
  }

  @Override
  public long size() {
    return size;
  }

  /** The byte at {@code offset}: a period of 251 fits into no block size. */
  static byte at(long offset, int seed) {
    return (byte) ((offset + seed) % 251);
  }

  /** The {@code length} bytes from {@code offset} on. */
  public static byte[] bytes(long offset, int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(offset + i, seed);
    }
    return bytes;
  }

  @Override
  public InputStream open() {
    return new InputStream() {
      private long offset;

      @Override
      public int read() {
        return offset < size ? at(offset++, seed) & 0xff : -1;
      }

      @Override
      public int read(byte[] into, int begin, int length) {
        if (offset >= size && length > 0) {
          return -1;
        }
        int n = (int) Math.min(length, size - offset);
        for (int i = 0; i < n; i++) {
          into[begin + i] = at(offset++, seed);
        }
        return n;
      }
    };
  }
}
