// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that do not change and can be read anywhere: such as a table is read from. */
public interface RandomAccessSource {

  /** How many bytes there are. */
  long size() throws IOException;

  /**
   * Exactly {@code length} bytes from {@code offset}.
   *
   * @throws EOFException if there are fewer
   * @throws IOException if they cannot be read
   */
  byte[] read(long offset, int length) throws IOException;

  /** The bytes of a local file, opened anew for each read, so that nothing has to be closed. */
  static RandomAccessSource of(Path file) {
    return new RandomAccessSource() {
      @Override
      public long size() throws IOException {
        return Files.size(file);
      }

      @Override
      public byte[] read(long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
          channel.position(offset);
          while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
              throw new EOFException(file + " ends before byte " + (offset + length));
            }
          }
        }
        return bytes;
      }
    };
  }

  /**
   * The bytes of a file of a store, as {@link StoredFiles#read} gives them: of a file over 1 MiB
   * they are not checked.
   */
  static RandomAccessSource of(StoredFiles store, StoredFile file) {
    return new RandomAccessSource() {
      @Override
      public long size() {
        return file.size();
      }

      @Override
      public byte[] read(long offset, int length) {
        return store.read(file, offset, length);
      }
    };
  }

  /** These bytes, which must not change any more. */
  static RandomAccessSource of(byte[] bytes) {
    return new RandomAccessSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public byte[] read(long offset, int length) throws IOException {
        if (offset < 0 || offset + length > bytes.length) {
          throw new EOFException(
              "bytes %d to %d of %d".formatted(offset, offset + length, bytes.length));
        }
        byte[] part = new byte[length];
        System.arraycopy(bytes, (int) offset, part, 0, length);
        return part;
      }
    };
  }
}
