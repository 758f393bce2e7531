// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.storage.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * A content that was hashed when it was read before, and is read again to be stored: reading it
 * fails before its last bytes if they are not what was hashed.
 */
record HashedContent(Content content, Sha256 sha256) implements Content {

  private static final int BUFFER = 128 * 1024;

  /**
   * Reads {@code content} once.
   *
   * @throws IOException if it cannot be read, or has another size than it said
   */
  static HashedContent of(Content content) throws IOException {
    MessageDigest digest = Sha256.messageDigest();
    byte[] buffer = new byte[BUFFER];
    long left = content.size();
    try (InputStream in = content.open()) {
      for (int read = in.read(buffer); read >= 0 && left >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        left -= read;
      }
    }
    if (left != 0) {
      throw changed(content.size());
    }
    return new HashedContent(content, Sha256.ofDigest(digest.digest()));
  }

  /** The error for a content that said it had {@code announced} bytes. */
  static IOException changed(long announced) {
    return new IOException("it had " + announced + " bytes and changed while it was read");
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public InputStream open() throws IOException {
    return new FilterInputStream(content.open()) {
      private final MessageDigest digest = Sha256.messageDigest();
      private long left = size();

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
          digest.update(target, offset, read);
          left -= read;
          // A storage that knows the size may not read on to see the end.
          if (left <= 0 && !Sha256.ofDigest(digest.digest()).equals(sha256)) {
            throw changed(size());
          }
        }
        return read;
      }
    };
  }
}
