// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The header of a binary of Linux, as in {@code elf(5)}. */
final class ElfFile {

  private static final int MAGIC = 0x7f454c46;
  private static final int HEADER = 64;
  private static final int PT_INTERP = 3;
  private static final int LONGEST_PATH = 4096;

  private ElfFile() {}

  /** The path of the loader that {@code file} names; empty if it names none or is no binary. */
  static Optional<String> loader(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = read(channel, 0, HEADER);
      return header.remaining() < HEADER || header.getInt(0) != MAGIC
          ? Optional.empty()
          : loader(channel, header);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // It is cut off: the kernel does not run it either.
      return Optional.empty();
    }
  }

  private static Optional<String> loader(FileChannel channel, ByteBuffer header)
      throws IOException {
    ByteOrder order = header.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    header.order(order);
    boolean isWide = header.get(4) == 2;
    long table = isWide ? header.getLong(32) : header.getInt(28);
    int size = header.getShort(isWide ? 54 : 42);
    int count = header.getShort(isWide ? 56 : 44);
    for (int i = 0; i < count; i++) {
      ByteBuffer entry = read(channel, table + (long) i * size, size).order(order);
      if (entry.getInt(0) == PT_INTERP) {
        long place = isWide ? entry.getLong(8) : entry.getInt(4);
        long length = isWide ? entry.getLong(32) : entry.getInt(16);
        ByteBuffer path = read(channel, place, (int) Math.min(length - 1, LONGEST_PATH));
        return Optional.of(StandardCharsets.UTF_8.decode(path).toString());
      }
    }
    return Optional.empty();
  }

  private static ByteBuffer read(FileChannel channel, long place, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.max(0, length));
    while (bytes.hasRemaining() && channel.read(bytes, place + bytes.position()) >= 0) {
      // A read may give less than was asked for.
    }
    return bytes.flip();
  }
}
