// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is needed of packs into new ones, and writes down where it went. The packs stay as
 * they are. Holds one pack in memory. For one thread.
 */
public final class PackRewriter implements AutoCloseable {

  private final WriteSession session;
  private final Storage storage;
  private final Path scratch;
  private final List<Copied> copied = new ArrayList<>();
  private @Nullable Spool spool;

  /**
   * Stores by {@code session}.
   *
   * @param scratch a folder of this machine with room for a pack
   */
  public PackRewriter(WriteSession session, Path scratch) {
    this.session = session;
    this.storage = session.storage();
    this.scratch = scratch;
  }

  /**
   * A needed part of a pack.
   *
   * @param offset where it begins
   * @param length how many bytes, at least 1
   */
  public record Range(long offset, long length) {

    private long end() {
      return offset + length;
    }
  }

  private record Copied(Sha256 pack, List<Piece> pieces) {}

  private record Piece(Range old, long now) {}

  /**
   * Takes {@code needed}, in the order of their offsets, of {@code pack}, whose bytes are verified.
   * Durable after {@link #finish}.
   *
   * @throws DamagedObject if it is not what its name says
   */
  public void add(ObjectRef pack, List<Range> needed) {
    byte[] bytes = verified(pack);
    List<Range> joined = join(needed);
    long length = joined.stream().mapToLong(Range::length).sum();
    if (spool != null && spool.size() + length > Packer.MOST_PACK_BYTES) {
      finish();
    }
    if (spool == null) {
      spool = new Spool(scratch);
    }
    List<Piece> pieces = new ArrayList<>();
    for (Range range : joined) {
      pieces.add(new Piece(range, spool.size()));
      spool.append(Arrays.copyOfRange(bytes, (int) range.offset(), (int) range.end()));
    }
    copied.add(new Copied(pack.id(), pieces));
  }

  private byte[] verified(ObjectRef pack) {
    StorageKey key = StoreLayout.object(pack.id(), pack.generation());
    String holds = "the bytes that its name is the SHA-256 of";
    try {
      byte[] bytes = storage.read(key, 0, Integer.MAX_VALUE >> 3);
      if (!Sha256.of(bytes).equals(pack.id())) {
        throw DamagedObject.at(storage, key, holds, "gives SHA-256 " + Sha256.of(bytes));
      }
      return bytes;
    } catch (ObjectAbsent e) {
      throw DamagedObject.absent(storage, e, holds);
    }
  }

  // An extent has to lie within one move, and ranges may overlap.
  private static List<Range> join(List<Range> ranges) {
    List<Range> joined = new ArrayList<>();
    for (Range range : ranges) {
      Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && range.offset() <= last.end()) {
        long end = Math.max(last.end(), range.end());
        joined.set(joined.size() - 1, new Range(last.offset(), end - last.offset()));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /** Makes everything durable that was taken: first the bytes, then the maps that lead to them. */
  public void finish() {
    if (spool == null) {
      return;
    }
    try (Spool full = spool) {
      spool = null;
      ObjectRef object = session.createObject(full.sha256(), full.content());
      copied.forEach(pack -> writeMap(pack, object));
      copied.clear();
    }
  }

  private void writeMap(Copied pack, ObjectRef object) {
    List<MovedMaps.Move> moves =
        pack.pieces().stream()
            .map(
                piece ->
                    new MovedMaps.Move(
                        piece.old().offset(),
                        new Extent(object, piece.now(), piece.old().length())))
            .toList();
    session.createMap(pack.pack(), moves);
  }

  /** Deletes the temporary file. What was not finished is as it was. */
  @Override
  public void close() {
    if (spool != null) {
      spool.close();
      spool = null;
    }
  }
}
