// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A content that was given to a {@link Packer}: known already, durable after its flush. */
public final class PendingFile {

  private final long size;
  private final Sha256 sha256;
  private final Destination destination;
  private final int offset;
  private final Optional<TableFacts> table;

  /** A content that lies in {@code destination}; in a pack, from byte {@code offset} on. */
  PendingFile(long size, Sha256 sha256, Destination destination, int offset) {
    this(size, sha256, destination, offset, Optional.empty());
  }

  private PendingFile(
      long size, Sha256 sha256, Destination destination, int offset, Optional<TableFacts> table) {
    this.size = size;
    this.sha256 = sha256;
    this.destination = destination;
    this.offset = offset;
    this.table = table;
  }

  /** The same content with facts about its table. */
  PendingFile withTable(TableFacts facts) {
    return new PendingFile(size, sha256, destination, offset, Optional.of(facts));
  }

  /** Where bytes go. */
  sealed interface Destination {}

  /** An object that some files go to, which is named when all of its bytes are known. */
  static final class InObject implements Destination {

    // Written by the thread that stores it.
    private volatile @Nullable ObjectRef object;

    void created(ObjectRef ref) {
      object = ref;
    }

    private Extent extent(long offset, long length) {
      ObjectRef ref = object;
      if (ref == null) {
        throw new IllegalStateException("not in the store before Packer.flush");
      }
      return new Extent(ref, offset, length);
    }
  }

  /** A part of a large file, an object of its own. */
  record Chunk(InObject object, int length) {}

  /** The objects that a large file goes to, in its order. */
  record InChunks(List<Chunk> chunks) implements Destination {
    private List<Extent> extents() {
      List<Extent> extents = new ArrayList<>(chunks.size());
      chunks.forEach(chunk -> extents.add(chunk.object().extent(0, chunk.length())));
      return extents;
    }
  }

  /** The store has it, as {@code file}. */
  record InStore(StoredFile file) implements Destination {}

  /** Size in bytes. */
  public long size() {
    return size;
  }

  /** SHA-256 of the content. */
  public Sha256 sha256() {
    return sha256;
  }

  /**
   * The content as it lies in the store.
   *
   * @throws IllegalStateException before the packer has been flushed
   */
  public StoredFile stored() {
    if (destination instanceof InStore there) {
      return table.map(there.file()::withTable).orElse(there.file());
    }
    return new StoredFile(size, sha256, extents(), table);
  }

  private List<Extent> extents() {
    if (size == 0) {
      return List.of();
    }
    return destination instanceof InChunks chunks
        ? chunks.extents()
        : List.of(((InObject) destination).extent(offset, size));
  }
}
