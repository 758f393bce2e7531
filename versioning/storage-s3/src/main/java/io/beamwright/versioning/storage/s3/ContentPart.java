// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Content;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A run of bytes of a content, read anew for each try.
 *
 * @param offset of its first byte
 * @param length how many bytes
 */
record ContentPart(Content content, long offset, long length) {

  /** The content itself is at fault, not the server: it cannot be read, or has another length. */
  static final class ContentFailure extends IOException {
    private static final long serialVersionUID = 1L;

    ContentFailure(String what) {
      super(what);
    }

    ContentFailure(IOException cause) {
      super("it cannot be read: " + cause.getMessage(), cause);
    }
  }

  /** All of {@code content}. */
  static ContentPart all(Content content) {
    return new ContentPart(content, 0, content.size());
  }

  /** The bytes; for few of them. */
  byte[] bytes() throws ContentFailure {
    try (InputStream in = open()) {
      return in.readAllBytes();
    } catch (ContentFailure e) {
      throw e;
    } catch (IOException e) {
      throw new ContentFailure(e);
    }
  }

  /** The bytes as a request sends them. */
  RequestBody body() {
    return RequestBody.fromContentProvider(
        () -> {
          try {
            return open();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        length,
        "application/octet-stream");
  }

  private InputStream open() throws ContentFailure {
    try {
      InputStream in = content.open();
      in.skipNBytes(offset);
      return new Run(in);
    } catch (EOFException e) {
      throw tooShort();
    } catch (IOException e) {
      throw new ContentFailure(e);
    }
  }

  private ContentFailure tooShort() {
    return new ContentFailure("it was to be " + content.size() + " bytes and has fewer");
  }

  /**
   * Gives exactly the bytes of the part. That the content ends where it should is found out before
   * its last byte is given, so that a request with too few or too many is never whole.
   */
  private final class Run extends InputStream {
    private final InputStream in;
    private long left = length;

    Run(InputStream in) throws ContentFailure {
      this.in = in;
      requireEnd();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int begin, int wanted) throws IOException {
      if (wanted == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int n;
      try {
        n = in.read(into, begin, (int) Math.min(wanted, left));
      } catch (IOException e) {
        throw new ContentFailure(e);
      }
      if (n < 0) {
        throw tooShort();
      }
      left -= n;
      requireEnd();
      return n;
    }

    private void requireEnd() throws ContentFailure {
      if (left > 0 || offset + length < content.size()) {
        return;
      }
      try {
        if (in.read() >= 0) {
          throw new ContentFailure("it was to be " + content.size() + " bytes and has more");
        }
      } catch (ContentFailure e) {
        throw e;
      } catch (IOException e) {
        throw new ContentFailure(e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
