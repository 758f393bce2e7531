// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * What a gzip stream (RFC 1952) or a zstd stream (RFC 8878) holds, of all its members or frames one
 * after the other, each checked against what it says of itself.
 */
final class Unpacked extends FilterInputStream {

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  /** The stream is cut short, fails its check, or is followed by something else. */
  static final class Damaged extends IOException {

    private static final long serialVersionUID = 1L;

    private final String packer;

    private Damaged(String packer, IOException cause) {
      super(cause.getMessage(), cause);
      this.packer = packer;
    }

    /** The program that packed it and can test it. */
    String packer() {
      return packer;
    }
  }

  private final String packer;

  private Unpacked(String packer, InputStream packed) {
    super(packed);
    this.packer = packer;
  }

  /**
   * The bytes of {@code file}, unpacked where it begins as a packed stream does, which no text in
   * UTF-8 can. Closing the stream closes {@code file}, whose own trouble is no {@link IOException}.
   *
   * @throws Damaged as reading the stream does
   */
  static InputStream ifPacked(InputStream file) throws IOException {
    PushbackInputStream bytes = new PushbackInputStream(file, ZSTD.length);
    byte[] first = bytes.readNBytes(ZSTD.length);
    bytes.unread(first);
    if (Arrays.equals(first, ZSTD)) {
      return new Unpacked("zstd", new ZstdInputStream(bytes));
    }
    if (first.length < GZIP.length || first[0] != GZIP[0] || first[1] != GZIP[1]) {
      return bytes;
    }
    try {
      return new Unpacked("gzip", new GzipCompressorInputStream(bytes, true));
    } catch (IOException e) {
      throw new Damaged("gzip", e);
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw new Damaged(packer, e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (IOException e) {
      throw new Damaged(packer, e);
    }
  }
}
