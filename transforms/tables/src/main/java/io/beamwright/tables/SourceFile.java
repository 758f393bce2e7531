// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.file.RandomAccessSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A source as the Parquet library reads it. */
record SourceFile(String name, RandomAccessSource source, long size) implements InputFile {

  /** The source could not be read, which says nothing about the bytes in it. */
  static final class SourceFailed extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    SourceFailed(IOException cause) {
      super(cause);
    }
  }

  @Override
  public long getLength() {
    return size;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Stream();
  }

  @Override
  public String toString() {
    return name;
  }

  byte[] read(long offset, int length) throws EOFException {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new EOFException(
          "bytes %d to %d are asked for, and there are %d"
              .formatted(offset, offset + length, size));
    }
    try {
      return source.read(offset, length);
    } catch (IOException e) {
      throw new SourceFailed(e);
    }
  }

  /** Keeps a window, because the library reads lengths and headers byte by byte. */
  private final class Stream extends SeekableInputStream {

    private static final int WINDOW = 1 << 14;

    private long position;
    private long windowStart;
    private byte[] window = new byte[0];

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long newPosition) {
      position = newPosition;
    }

    @Override
    public int read() throws IOException {
      if (position >= size) {
        return -1;
      }
      return take(1)[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= size) {
        return -1;
      }
      int count = (int) Math.min(length, size - position);
      readFully(bytes, offset, count);
      return count;
    }

    @Override
    public void readFully(byte[] bytes) throws IOException {
      readFully(bytes, 0, bytes.length);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int length) throws IOException {
      System.arraycopy(take(length), 0, bytes, offset, length);
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
      if (!buffer.hasRemaining()) {
        return 0;
      }
      if (position >= size) {
        return -1;
      }
      int count = (int) Math.min(buffer.remaining(), size - position);
      buffer.put(take(count));
      return count;
    }

    @Override
    public void readFully(ByteBuffer buffer) throws IOException {
      buffer.put(take(buffer.remaining()));
    }

    private byte[] take(int length) throws EOFException {
      byte[] bytes;
      if (length >= WINDOW) {
        bytes = SourceFile.this.read(position, length);
      } else {
        if (position < windowStart || position + length > windowStart + window.length) {
          window =
              SourceFile.this.read(
                  position, (int) Math.max(length, Math.min(WINDOW, size - position)));
          windowStart = position;
        }
        int from = (int) (position - windowStart);
        bytes = Arrays.copyOfRange(window, from, from + length);
      }
      position += length;
      return bytes;
    }
  }
}
