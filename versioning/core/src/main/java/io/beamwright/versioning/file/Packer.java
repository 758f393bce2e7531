// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.file.PendingFile.Destination;
import io.beamwright.versioning.gc.WriteSession;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts contents into a store: small ones many to an object, others each in an object of its own.
 *
 * <p>A content is read once, hashed as it goes to a temporary file, and stored from there, so that
 * what is stored is what was hashed. A content that this packer has seen already is not stored
 * again. Heap is bounded but for about 150 bytes a distinct content. For one thread; after a fault
 * it can only be closed.
 */
public final class Packer implements AutoCloseable {

  /** Contents of fewer bytes go into packs. */
  public static final int PACKED_BELOW = 1 << 20;

  /** No pack has more bytes. */
  public static final int MOST_PACK_BYTES = 64 << 20;

  private final WriteSession session;
  private final Path scratch;
  private final Map<Sha256, PendingFile> packed = new HashMap<>();
  private final Map<Sha256, PendingFile> whole = new HashMap<>();
  private @Nullable Spool pack;
  private Destination packDestination = new Destination();

  /**
   * Stores by {@code session}.
   *
   * @param scratch a folder of this machine for temporary files, none of which outlive the packer;
   *     it needs room for the largest content, or a pack
   */
  public Packer(WriteSession session, Path scratch) {
    this.session = session;
    this.scratch = scratch;
  }

  /**
   * Takes {@code content}, into a pack if it is small.
   *
   * @throws IOException if {@code content} cannot be read, or has another size than it said: the
   *     caller knows its name
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it cannot be stored
   */
  public PendingFile add(Content content) throws IOException {
    return content.size() < PACKED_BELOW ? addPacked(readSmall(content)) : addWhole(content);
  }

  /**
   * Takes {@code content} as an object of its own, however small, so that any engine can read it in
   * place; an empty content needs no object.
   *
   * @throws IOException if {@code content} cannot be read, or has another size than it said
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it cannot be stored
   */
  public PendingFile addWhole(Content content) throws IOException {
    try (Spool spool = new Spool(scratch)) {
      try (InputStream in = content.open()) {
        spool.append(in, content.size());
      }
      return store(spool);
    }
  }

  /**
   * Takes all of {@code in}, whose size nobody knows, into a pack if it is small; the caller closes
   * it.
   *
   * @throws IOException if {@code in} cannot be read
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it cannot be stored
   */
  public PendingFile add(InputStream in) throws IOException {
    byte[] beginning = in.readNBytes(PACKED_BELOW);
    if (beginning.length < PACKED_BELOW) {
      return addPacked(beginning);
    }
    try (Spool spool = new Spool(scratch)) {
      spool.append(beginning);
      spool.append(in);
      return store(spool);
    }
  }

  private PendingFile store(Spool spool) {
    Sha256 sha256 = spool.sha256();
    PendingFile known = whole.get(sha256);
    if (known != null) {
      return known;
    }
    Destination destination = new Destination();
    if (spool.size() > 0) {
      destination.created(create(spool));
    }
    PendingFile file = new PendingFile(spool.size(), sha256, destination, 0);
    whole.put(sha256, file);
    return file;
  }

  private PendingFile addPacked(byte[] bytes) {
    Sha256 sha256 = Sha256.of(bytes);
    PendingFile known = packed.get(sha256);
    if (known != null) {
      return known;
    }
    if (pack != null && pack.size() + bytes.length > MOST_PACK_BYTES) {
      flush();
    }
    if (pack == null) {
      pack = new Spool(scratch);
      packDestination = new Destination();
    }
    PendingFile file = new PendingFile(bytes.length, sha256, packDestination, pack.size());
    pack.append(bytes);
    packed.put(sha256, file);
    return file;
  }

  private static byte[] readSmall(Content content) throws IOException {
    int size = (int) content.size();
    try (InputStream in = content.open()) {
      byte[] bytes = in.readNBytes(size);
      if (bytes.length < size || in.read() >= 0) {
        throw Spool.changed(size);
      }
      return bytes;
    }
  }

  /**
   * Makes everything durable that was taken so far: after it, each {@link PendingFile#stored}
   * answers.
   *
   * @throws io.beamwright.versioning.fault.EnvironmentFault if it cannot be stored
   */
  public void flush() {
    if (pack == null) {
      return;
    }
    try (Spool full = pack) {
      // A pack that cannot be stored is not tried again: its bytes are gone with the spool.
      pack = null;
      if (full.size() > 0) {
        packDestination.created(create(full));
      }
    }
  }

  private ObjectRef create(Spool spool) {
    return session.createObject(spool.sha256(), spool.content());
  }

  /** Deletes the temporary files. What was not flushed is not in the store. */
  @Override
  public void close() {
    if (pack != null) {
      pack.close();
      pack = null;
    }
  }
}
