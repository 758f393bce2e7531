// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes that are known to be UTF-8, without the mark that they may begin with: shortest forms, no
 * surrogates, nothing cut short.
 */
final class Utf8Input extends FilterInputStream {

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** What was read is no UTF-8. */
  static final class Malformed extends IOException {

    private static final long serialVersionUID = 1L;

    private final int goodBytes;

    private Malformed(String message, int goodBytes) {
      super(message);
      this.goodBytes = goodBytes;
    }

    /** How many bytes of the call that failed are before the bad one. */
    int goodBytes() {
      return goodBytes;
    }
  }

  private boolean begun;

  /** How many bytes must still come for the current character, and what the next one may be. */
  private int missing;

  private int least = 0x80;
  private int greatest = 0xbf;

  private Utf8Input(InputStream bytes) {
    super(bytes);
  }

  /** The text of {@code bytes}, which closing the result closes. */
  static InputStream of(InputStream bytes) {
    return new Utf8Input(bytes);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = begun ? in.read(target, offset, length) : begin(target, offset, length);
    if (count >= 0) {
      check(target, offset, offset + count);
    } else if (missing > 0) {
      throw new Malformed("it ends within a character", 0);
    }
    return count;
  }

  private int begin(byte[] target, int offset, int length) throws IOException {
    begun = true;
    byte[] first = in.readNBytes(MARK.length);
    if (first.length >= 2 && (first[0] & first[1] & 0xfe) == 0xfe && first[0] != first[1]) {
      throw new Malformed("it begins with the mark of UTF-16", 0);
    }
    if (Arrays.equals(first, MARK)) {
      return in.read(target, offset, length);
    }
    if (first.length == 0) {
      return -1;
    }
    if (length < first.length) {
      throw new IllegalArgumentException("a text is read by more than " + length + " bytes");
    }
    System.arraycopy(first, 0, target, offset, first.length);
    return first.length;
  }

  private void check(byte[] bytes, int from, int to) throws Malformed {
    int i = from;
    while (i < to) {
      if (missing == 0
          && i + Long.BYTES <= to
          && ((long) EIGHT_BYTES.get(bytes, i) & HIGH_BITS) == 0) {
        i += Long.BYTES;
      } else if (missing == 0 && bytes[i] >= 0) {
        i++;
      } else if (isNext(bytes[i] & 0xff)) {
        i++;
      } else {
        throw new Malformed("a byte is no part of a character", i - from);
      }
    }
  }

  /** The well-formed sequences of Unicode's table 3-7. */
  private boolean isNext(int octet) {
    if (missing > 0) {
      boolean fits = octet >= least && octet <= greatest;
      missing--;
      least = 0x80;
      greatest = 0xbf;
      return fits;
    }
    missing = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    least = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
    greatest = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
    return octet >= 0xc2 && octet <= 0xf4;
  }
}
