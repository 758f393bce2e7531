// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.binary;

import io.beamwright.versioning.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads what {@link BinaryWriter} wrote; anything else is a {@link MalformedBytes}. */
public final class BinaryReader {

  private final byte[] bytes;
  private final int end;
  private int position;

  /** Reads all of {@code bytes}. */
  public BinaryReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Reads the bytes from {@code start} to before {@code end}. */
  public BinaryReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** The next byte, 0 to 255. */
  public int u8() {
    return bytes[skip(1)] & 0xff;
  }

  /** The next four bytes, the most significant first; at most 2^31 - 1. */
  public int u32() {
    int value = ByteBuffer.wrap(bytes, skip(4), 4).getInt();
    if (value < 0) {
      throw new MalformedBytes("has a length that is over 2 GiB");
    }
    return value;
  }

  /** The next unsigned LEB128, at most 2^63 - 1 and in the fewest bytes. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new MalformedBytes("has a number with needless bytes");
        }
        return value;
      }
    }
    throw new MalformedBytes("has a number that is over 2^63");
  }

  /** The next varint, at most 2^31 - 1. */
  public int smallVarint() {
    long value = varint();
    if (value > Integer.MAX_VALUE) {
      throw new MalformedBytes("has a number that is over 2^31");
    }
    return (int) value;
  }

  /** The next varint as a number of things that need at least one byte each of what is left. */
  public int count() {
    long value = varint();
    if (value > end - position) {
      throw new MalformedBytes("ends early");
    }
    return (int) value;
  }

  /** The next {@code length} bytes, in a new array. */
  public byte[] bytes(int length) {
    int start = skip(length);
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  /** The next 32 bytes. */
  public Sha256 sha256() {
    return Sha256.readFrom(ByteBuffer.wrap(bytes, skip(Sha256.BYTES), Sha256.BYTES));
  }

  /** Goes over {@code length} bytes and returns where they began. */
  public int skip(int length) {
    if (length < 0 || length > end - position) {
      throw new MalformedBytes("ends early");
    }
    int start = position;
    position += length;
    return start;
  }

  /** Where the next byte lies in the array. */
  public int position() {
    return position;
  }

  /** Whether all was read. */
  public boolean isAtEnd() {
    return position == end;
  }

  /** Checks that all was read. */
  public void requireEnd() {
    if (position != end) {
      throw new MalformedBytes("has " + (end - position) + " bytes too many");
    }
  }
}
