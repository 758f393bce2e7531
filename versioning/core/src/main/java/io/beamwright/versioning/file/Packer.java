// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.PendingFile.InChunks;
import io.beamwright.versioning.file.PendingFile.InObject;
import io.beamwright.versioning.file.PendingFile.InStore;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Puts contents into a store: small ones many to an object, large ones cut into chunks where their
 * content says, those between in an object each.
 *
 * <p>A content is read once and hashed as it is read; what is stored is what was hashed. Objects
 * are stored in the background while the next are read. A content that this packer has seen already
 * is not stored again. Takes at most about 210 MiB of heap, less where there is less, and about 150
 * bytes a distinct content. For one thread; after a fault it can only be closed.
 */
public final class Packer implements AutoCloseable {

  /** Contents of fewer bytes go into packs. */
  public static final int PACKED_BELOW = 1 << 20;

  /** No pack has more bytes. */
  public static final int MOST_PACK_BYTES = 64 << 20;

  /** Contents of more bytes are cut into chunks. */
  public static final int CHUNKED_ABOVE = 64 << 20;

  private static final int ONE_READ = 256 * 1024;

  // As much as may wait to be stored, and as much again may be filled meanwhile: less where the
  // heap
  // is small. A chunk always finds room.
  private static final int MEMORY =
      (int)
          Math.max(FastCdc.LARGEST, Math.min(CHUNKED_ABOVE, Runtime.getRuntime().maxMemory() / 8));

  private static final int MOST_FREE_BLOCKS = 2 * MEMORY / Blocks.BLOCK;

  private final WriteSession session;
  private final ObjectWriter writer;
  private final Blocks.Pool pool = new Blocks.Pool(MOST_FREE_BLOCKS);
  private final MessageDigest digest = Sha256.messageDigest();
  private final byte[] small = new byte[PACKED_BELOW];
  private final Map<Sha256, PendingFile> packed = new HashMap<>();
  private final Map<Sha256, PendingFile> unpacked = new HashMap<>();
  private final Map<Sha256, PendingFile> whole = new HashMap<>();
  private Blocks pack = new Blocks(pool);
  private InObject packObject = new InObject();

  /** Stores by {@code session}. */
  public Packer(WriteSession session) {
    this.session = session;
    this.writer = new ObjectWriter(session, MEMORY);
  }

  /**
   * Takes {@code content}, into a pack if it is small, as chunks if it is large.
   *
   * @throws IOException if {@code content} cannot be read, or has another size than it said: the
   *     caller knows its name
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it, or what was given before, cannot
   *     be stored
   */
  public PendingFile add(Content content) throws IOException {
    return add(content, Optional.empty());
  }

  /**
   * The same; {@code there} is a file that the store has, and keeps as long as this packer is used.
   * If the content is the same nothing is stored, and of chunks that both have neither.
   */
  public PendingFile add(Content content, Optional<StoredFile> there) throws IOException {
    if (content.size() > MEMORY && content.size() <= CHUNKED_ABOVE) {
      return addReadTwice(content, there);
    }
    try (InputStream in = content.open()) {
      return add(new Reading(in, OptionalLong.of(content.size())), there);
    }
  }

  /**
   * Takes all of {@code in}, whose size nobody knows; the caller closes it.
   *
   * @throws IOException if {@code in} cannot be read
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it, or what was given before, cannot
   *     be stored
   */
  public PendingFile add(InputStream in) throws IOException {
    return MEMORY < CHUNKED_ABOVE
        ? addSpooled(in)
        : add(new Reading(in, OptionalLong.empty()), Optional.empty());
  }

  /**
   * Takes {@code content} as an object of its own, however small or large, so that any engine can
   * read it in place; an empty content needs no object. It is durable when this returns. What is
   * too large for memory is read twice.
   *
   * @throws IOException if {@code content} cannot be read, or has another size than it said
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it cannot be stored, or is not what
   *     it was when it is read again
   */
  public PendingFile addWhole(Content content) throws IOException {
    if (content.size() > MEMORY) {
      HashedContent hashed = HashedContent.of(content);
      return addWhole(content.size(), hashed.sha256(), hashed);
    }
    Blocks bytes = new Blocks(pool);
    digest.reset();
    try (InputStream in = content.open()) {
      boolean isRead = readOn(new Reading(in, OptionalLong.of(content.size())), bytes, MEMORY);
      if (!isRead) {
        throw new IllegalStateException("more bytes than it said were not refused");
      }
      return addWhole(bytes.size(), Sha256.ofDigest(digest.digest()), bytes.content());
    } finally {
      bytes.release();
    }
  }

  // Where the heap is too small to hold what is to be one object.
  private PendingFile addReadTwice(Content content, Optional<StoredFile> there) throws IOException {
    HashedContent hashed = HashedContent.of(content);
    Optional<PendingFile> known = known(content.size(), hashed.sha256(), unpacked, there);
    return known.isPresent() ? known.get() : addWhole(content.size(), hashed.sha256(), hashed);
  }

  private PendingFile addSpooled(InputStream in) throws IOException {
    try (Spool spool = new Spool(Path.of(System.getProperty("java.io.tmpdir")))) {
      spool.append(in);
      return add(spool.content());
    }
  }

  private PendingFile addWhole(long size, Sha256 sha256, Content content) {
    PendingFile known = whole.get(sha256);
    if (known != null) {
      return known;
    }
    InObject object = new InObject();
    if (size > 0) {
      object.created(session.createObject(sha256, content));
    }
    PendingFile file = new PendingFile(size, sha256, object, 0);
    whole.put(sha256, file);
    return file;
  }

  /** What is read to its end, which must have as many bytes as it said. */
  private static final class Reading {

    private final InputStream in;
    private final OptionalLong announced;
    private long read;

    Reading(InputStream in, OptionalLong announced) {
      this.in = in;
      this.announced = announced;
    }

    boolean isLarge() {
      return announced.orElse(0) > CHUNKED_ABOVE;
    }

    /** Reads some bytes; -1 at the end. */
    int read(byte[] target, int offset, int length) throws IOException {
      int some = in.read(target, offset, length);
      read += Math.max(0, some);
      if (read > announced.orElse(read) || (some < 0 && read < announced.orElse(read))) {
        throw HashedContent.changed(announced.getAsLong());
      }
      return some;
    }
  }

  private PendingFile add(Reading in, Optional<StoredFile> there) throws IOException {
    int length = 0;
    while (length < small.length) {
      int read = in.read(small, length, small.length - length);
      if (read < 0) {
        return addPacked(length, there);
      }
      length += read;
    }
    digest.reset();
    digest.update(small);
    Blocks bytes = new Blocks(pool);
    try {
      bytes.append(small, 0, length);
      // What nobody knows the size of may end before it is large enough to be cut.
      if (!in.isLarge() && readOn(in, bytes, CHUNKED_ABOVE)) {
        PendingFile file = addUnpacked(bytes, there);
        bytes = new Blocks(pool);
        return file;
      }
      return addChunks(in, bytes, there);
    } finally {
      bytes.release();
    }
  }

  /** Reads to the end, and says so; or not so far, but until there are over {@code most} bytes. */
  private boolean readOn(Reading in, Blocks bytes, int most) throws IOException {
    while (bytes.size() <= most) {
      int read = readSome(in, bytes);
      if (read < 0) {
        return true;
      }
      bytes.grow(read);
    }
    return false;
  }

  /** Reads and hashes some bytes to the end of {@code bytes}, which does not count them yet. */
  private int readSome(Reading in, Blocks bytes) throws IOException {
    byte[] block = bytes.open();
    int end = bytes.end();
    int read = in.read(block, end, Math.min(ONE_READ, Blocks.BLOCK - end));
    if (read > 0) {
      digest.update(block, end, read);
    }
    return read;
  }

  private PendingFile addPacked(int length, Optional<StoredFile> there) {
    digest.reset();
    digest.update(small, 0, length);
    Sha256 sha256 = Sha256.ofDigest(digest.digest());
    Optional<PendingFile> known = known(length, sha256, packed, there);
    if (known.isPresent()) {
      return known.get();
    }
    if (pack.size() + length > MEMORY) {
      writer.write(pack, Optional.empty(), packObject::created);
      nextPack();
    }
    PendingFile file = new PendingFile(length, sha256, packObject, pack.size());
    pack.append(small, 0, length);
    packed.put(sha256, file);
    return file;
  }

  private void nextPack() {
    pack = new Blocks(pool);
    packObject = new InObject();
  }

  private Optional<PendingFile> known(
      long size, Sha256 sha256, Map<Sha256, PendingFile> taken, Optional<StoredFile> there) {
    if (there.isPresent() && there.get().sha256().equals(sha256)) {
      session.useFile(there.get());
      return Optional.of(new PendingFile(size, sha256, new InStore(there.get()), 0));
    }
    return Optional.ofNullable(taken.get(sha256));
  }

  /** Takes {@code bytes} over if they are new. */
  private PendingFile addUnpacked(Blocks bytes, Optional<StoredFile> there) {
    Sha256 sha256 = Sha256.ofDigest(digest.digest());
    Optional<PendingFile> known = known(bytes.size(), sha256, unpacked, there);
    if (known.isPresent()) {
      bytes.release();
      return known.get();
    }
    InObject object = new InObject();
    PendingFile file = new PendingFile(bytes.size(), sha256, object, 0);
    writer.write(bytes, Optional.of(sha256), object::created);
    unpacked.put(sha256, file);
    return file;
  }

  private void reuse(Extent extent) {
    if (!session.isCondemned(extent)) {
      writer.reuse(extent);
    }
  }

  /** Takes {@code beginning}, which is hashed already and stays the caller's, and the rest. */
  private PendingFile addChunks(Reading in, Blocks beginning, Optional<StoredFile> there)
      throws IOException {
    there.ifPresent(file -> file.extents().forEach(this::reuse));
    try (ChunkCutter chunks = new ChunkCutter(pool, writer)) {
      chunks.append(beginning);
      for (int read = readSome(in, chunks.open()); read >= 0; read = readSome(in, chunks.open())) {
        chunks.grew(read);
      }
      Sha256 sha256 = Sha256.ofDigest(digest.digest());
      InChunks written = chunks.finish();
      Optional<PendingFile> known = known(in.read, sha256, unpacked, there);
      PendingFile file = known.orElseGet(() -> new PendingFile(in.read, sha256, written, 0));
      unpacked.put(sha256, file);
      return file;
    }
  }

  /**
   * Makes everything durable that was taken so far: after it, each {@link PendingFile#stored}
   * answers.
   *
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it cannot be stored
   */
  public void flush() {
    if (pack.size() > 0) {
      Blocks last = pack;
      InObject object = packObject;
      // A pack that cannot be stored is not tried again.
      nextPack();
      writer.writeNow(last, object::created);
    }
    writer.finish();
  }

  /** Ends what is being stored. What was not flushed is not in the store, or nothing names it. */
  @Override
  public void close() {
    writer.close();
  }
}
