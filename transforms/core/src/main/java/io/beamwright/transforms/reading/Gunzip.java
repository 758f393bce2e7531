// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * What a gzip stream (RFC 1952) holds, of all its members one after the other, each checked against
 * its length and CRC.
 */
final class Gunzip extends FilterInputStream {

  private static final int MAGIC_BYTES = 2;

  /** The stream is cut short, fails its check, or is followed by something else. */
  static final class Damaged extends IOException {

    private static final long serialVersionUID = 1L;

    private Damaged(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Gunzip(InputStream packed) {
    super(packed);
  }

  /**
   * The bytes of {@code file}, unpacked where it begins as a gzip stream does, which no text in
   * UTF-8 can. Closing the stream closes {@code file}, whose own trouble is no {@link IOException}.
   *
   * @throws Damaged as reading the stream does
   */
  static InputStream ifPacked(InputStream file) throws IOException {
    PushbackInputStream bytes = new PushbackInputStream(file, MAGIC_BYTES);
    byte[] first = bytes.readNBytes(MAGIC_BYTES);
    bytes.unread(first);
    if (first.length < MAGIC_BYTES || first[0] != 0x1f || first[1] != (byte) 0x8b) {
      return bytes;
    }
    try {
      return new Gunzip(new GzipCompressorInputStream(bytes, true));
    } catch (IOException e) {
      throw new Damaged(e);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw new Damaged(e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (IOException e) {
      throw new Damaged(e);
    }
  }
}
