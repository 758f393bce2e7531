// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Blocks of bytes in a folder of this machine, shared by any number of processes, within a bound.
 *
 * <p>A block is a file of its bytes and a SHA-256 of them and of what they are, which is checked
 * whenever it is read: what is damaged, cut short or in another's place is as absent. It appears
 * whole, by a rename. Files are spread by a digest over folders, each of which has its share of the
 * bound; who writes into one that is over its share deletes what was used least recently. A block
 * that another process deletes meanwhile is read to its end or is absent. A folder that cannot be
 * used is as empty.
 */
final class BlockCache {

  private static final int MOST_FOLDERS = 64;

  // Of several blocks, or the newest would always be the one that goes.
  private static final long LEAST_BYTES_IN_FOLDER = 8L << 20;
  private static final HexFormat HEX = HexFormat.of();

  private final Path root;
  private final int folders;
  private final long mostBytesInFolder;

  /** In {@code root}, with {@code mostBytes} and at most a block more in each folder. */
  BlockCache(Path root, long mostBytes) {
    this.root = root;
    this.folders = (int) Math.max(1, Math.min(MOST_FOLDERS, mostBytes / LEAST_BYTES_IN_FOLDER));
    this.mostBytesInFolder = mostBytes / folders;
  }

  private static byte[] digest(byte[] bytes, int length, String what) {
    MessageDigest digest = Sha256.messageDigest();
    digest.update(what.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  private Path file(String what) {
    byte[] name = Sha256.of(what.getBytes(StandardCharsets.UTF_8)).bytes();
    String folder = HEX.toHexDigits((byte) ((name[0] & 0xff) % folders));
    return root.resolve(folder).resolve(HEX.formatHex(name));
  }

  /** The block {@code what}, if it is here and whole. */
  Optional<byte[]> read(String what) {
    Path file = file(what);
    try {
      byte[] stored = Files.readAllBytes(file);
      int length = stored.length - Sha256.BYTES;
      boolean isWhole =
          length >= 0
              && Arrays.equals(
                  digest(stored, length, what), Arrays.copyOfRange(stored, length, stored.length));
      if (!isWhole) {
        Files.deleteIfExists(file);
        return Optional.empty();
      }
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return Optional.of(Arrays.copyOf(stored, length));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // The storage itself has it.
      return Optional.empty();
    }
  }

  /** Keeps {@code bytes} as the block {@code what}, as far as there is room. */
  void write(String what, byte[] bytes) {
    Path file = file(what);
    Path folder = file.resolveSibling("");
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, "part-", ".tmp");
      byte[] stored = Arrays.copyOf(bytes, bytes.length + Sha256.BYTES);
      System.arraycopy(digest(bytes, bytes.length, what), 0, stored, bytes.length, Sha256.BYTES);
      try {
        Files.write(part, stored);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
      evict(folder);
    } catch (IOException e) {
      // Nobody relies on it.
      return;
    }
  }

  private record Kept(Path file, long size, FileTime used) {}

  // What a dead process left half written is the least recently used some day, too.
  private void evict(Path folder) throws IOException {
    List<Kept> kept = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        kept(file).ifPresent(kept::add);
      }
    }
    long bytes = kept.stream().mapToLong(Kept::size).sum();
    kept.sort(Comparator.comparing(Kept::used));
    for (Kept oldest : kept) {
      if (bytes <= mostBytesInFolder) {
        return;
      }
      Files.deleteIfExists(oldest.file());
      bytes -= oldest.size();
    }
  }

  private static Optional<Kept> kept(Path file) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Kept(file, found.size(), found.lastModifiedTime()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Forgets the block {@code what}. */
  void forget(String what) {
    try {
      Files.deleteIfExists(file(what));
    } catch (IOException e) {
      // It is checked when it is used.
      return;
    }
  }

  /** Forgets every block. */
  void forgetAll() {
    for (int i = 0; i < MOST_FOLDERS; i++) {
      forget(root.resolve(HEX.toHexDigits((byte) i)));
    }
  }

  private static void forget(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Not there, or no longer.
      return;
    }
  }
}
