// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the file system said of the files of one folder when they were put, and what their contents
 * were: so that a file of which it says the same need not be read again. One file of the {@link
 * LocalCache} for each folder, store and place in it; it is replaced as a whole.
 *
 * <p>What is remembered is trusted only where size, inode, mode, and both the time of the last
 * change of the content and that of the last change of anything are the same to the nanosecond, and
 * both lie 2 s or more before the walk began that read the file. A file that is changed later than
 * that gets another time, even where times have whole or even seconds only. This is the rule by
 * which git tells a "racily clean" entry of its index.
 *
 * <p>Layout: the magic {@code BWST} and a version; a record for each file in the order of the
 * paths; and at the end the number of records, the tree that held all of them when they were put,
 * and a CRC-32C of everything before it. A file that does not match that is as none.
 */
final class StatCache {

  private static final int MAGIC = 0x42575354;
  private static final int VERSION = 1;
  private static final int HEADER = 8;
  private static final int TRAILER = Long.BYTES + Sha256.BYTES + Integer.BYTES;
  private static final int BUFFER = 256 * 1024;
  private static final long RACY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Duration UNUSED_LIFE = Duration.ofDays(30);

  private final Path file;

  /**
   * What is remembered of {@code root}, as it was put below {@code prefix} of a tree of the store
   * at {@code store}, without {@code leftOut}.
   */
  StatCache(LocalCache cache, String store, Path root, String prefix, Set<String> leftOut) {
    String about =
        String.join(
            "\0",
            store,
            root.toAbsolutePath().normalize().toString(),
            prefix,
            String.join("/", leftOut.stream().sorted().toList()));
    Sha256 name = Sha256.of(about.getBytes(StandardCharsets.UTF_8));
    this.file = cache.part("stat").resolve(name.hex());
  }

  /** What is known of one file. */
  record Known(LocalStat stat, boolean trusted, Sha256 sha256) {}

  /** What was remembered; nothing if there is none, or it is not whole. The caller closes it. */
  Remembered read() {
    try {
      return Remembered.open(FileChannel.open(file));
    } catch (IOException e) {
      // None, or none that can be read: the files themselves are.
      return new Remembered();
    }
  }

  /** Begins to remember anew; {@code began} is when the walk over the folder begins. */
  Remembering write(Instant began) {
    return new Remembering(file, began);
  }

  /** Records in the order of their paths. */
  static final class Remembered implements AutoCloseable {

    private @Nullable DataInputStream in;
    private Optional<Sha256> tree = Optional.empty();
    private long left;
    private long skipped;
    private byte[] path = {};
    private @Nullable Known known;

    private Remembered() {}

    /** Nothing is known. */
    static Remembered nothing() {
      return new Remembered();
    }

    // Opened once: another process may replace the file between checking and reading it.
    private static Remembered open(FileChannel channel) throws IOException {
      Remembered remembered = new Remembered();
      long records = channel.size() - TRAILER;
      if (records < HEADER) {
        return remembered;
      }
      CRC32C crc = new CRC32C();
      DataInputStream checked = new DataInputStream(Channels.newInputStream(channel));
      update(crc, checked, records);
      byte[] trailer = checked.readNBytes(TRAILER - Integer.BYTES);
      crc.update(trailer);
      if (checked.readInt() != (int) crc.getValue()) {
        return remembered;
      }
      channel.position(0);
      remembered.begin(
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER)),
          ByteBuffer.wrap(trailer));
      return remembered;
    }

    private void begin(DataInputStream records, ByteBuffer trailer) throws IOException {
      if (records.readInt() != MAGIC || records.readInt() != VERSION) {
        return;
      }
      in = records;
      left = trailer.getLong();
      tree = Optional.of(Sha256.readFrom(trailer));
      next();
    }

    private static void update(CRC32C crc, InputStream in, long length) throws IOException {
      byte[] buffer = new byte[BUFFER];
      for (long rest = length; rest > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(rest, buffer.length));
        if (read < 0) {
          throw new EOFException();
        }
        crc.update(buffer, 0, read);
        rest -= read;
      }
    }

    /** The tree that held every file of these when they were put. */
    Optional<Sha256> tree() {
      return tree;
    }

    /** How many records there were of files that nobody asked for. */
    long skipped() {
      return skipped + left + (known == null ? 0 : 1);
    }

    /** What is known of the file at {@code utf8}; to be called in the order of the paths. */
    Optional<Known> find(byte[] utf8) {
      while (known != null) {
        int order = Arrays.compareUnsigned(path, utf8);
        if (order > 0) {
          return Optional.empty();
        }
        Known found = known;
        next();
        if (order == 0) {
          return Optional.of(found);
        }
        skipped++;
      }
      return Optional.empty();
    }

    private void next() {
      known = null;
      if (in == null || left == 0) {
        return;
      }
      try {
        left--;
        int shared = in.readUnsignedShort();
        int rest = in.readUnsignedShort();
        path = Arrays.copyOf(path, shared + rest);
        in.readFully(path, shared, rest);
        boolean trusted = in.readBoolean();
        int mode = in.readInt();
        LocalStat stat =
            new LocalStat(
                mode, in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        byte[] digest = new byte[Sha256.BYTES];
        in.readFully(digest);
        known = new Known(stat, trusted, Sha256.ofDigest(digest));
      } catch (IOException e) {
        // What cannot be read is read from the files themselves.
        left = 0;
      }
    }

    @Override
    public void close() {
      try {
        if (in != null) {
          in.close();
        }
      } catch (IOException e) {
        // Nothing was written.
        in = null;
      }
    }
  }

  /** Takes records in the order of their paths. A folder that cannot be written to forgets them. */
  static final class Remembering implements AutoCloseable {

    private final Path target;
    private final long trustedBefore;
    private final CRC32C crc = new CRC32C();
    private @Nullable Path part;
    private @Nullable DataOutputStream out;
    private byte[] before = {};
    private long count;

    private Remembering(Path target, Instant began) {
      this.target = target;
      this.trustedBefore =
          TimeUnit.SECONDS.toNanos(began.getEpochSecond()) + began.getNano() - RACY_NANOS;
      try {
        Path folder = target.resolveSibling("");
        Files.createDirectories(folder);
        part = Files.createTempFile(folder, "part-", ".tmp");
        out =
            new DataOutputStream(
                new BufferedOutputStream(
                    new CheckedOutputStream(Files.newOutputStream(part), crc), BUFFER));
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
      } catch (IOException e) {
        close();
      }
    }

    /** Remembers that the file at {@code utf8} had this content when it had this {@code stat}. */
    void add(byte[] utf8, LocalStat stat, Sha256 sha256) {
      if (out == null) {
        return;
      }
      try {
        int shared = PathList.shared(before, utf8);
        out.writeShort(shared);
        out.writeShort(utf8.length - shared);
        out.write(utf8, shared, utf8.length - shared);
        out.writeBoolean(Math.max(stat.modifiedNanos(), stat.changedNanos()) < trustedBefore);
        out.writeInt(stat.mode());
        out.writeLong(stat.size());
        out.writeLong(stat.device());
        out.writeLong(stat.inode());
        out.writeLong(stat.modifiedNanos());
        out.writeLong(stat.changedNanos());
        out.write(sha256.bytes());
        before = utf8;
        count++;
      } catch (IOException e) {
        close();
      }
    }

    /** All that was added is the files of {@code tree}: from now on it is what is remembered. */
    void publish(Sha256 tree) {
      if (out == null || part == null) {
        return;
      }
      try {
        out.writeLong(count);
        out.write(tree.bytes());
        out.flush();
        out.writeInt((int) crc.getValue());
        out.close();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        out = null;
        sweep(target.resolveSibling(""));
      } catch (IOException e) {
        close();
      }
    }

    // Of folders that are put no more, and what dead processes left.
    private static void sweep(Path folder) throws IOException {
      FileTime dead = FileTime.from(Instant.now().minus(UNUSED_LIFE));
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          if (Files.getLastModifiedTime(file).compareTo(dead) < 0) {
            Files.deleteIfExists(file);
          }
        }
      }
    }

    /** Forgets what was added and not published. */
    @Override
    public void close() {
      try {
        if (out != null) {
          out.close();
        }
        if (part != null) {
          Files.deleteIfExists(part);
        }
      } catch (IOException e) {
        // A part that stays is swept some day.
        part = null;
      }
      out = null;
    }
  }
}
