// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.binary.SealedParts;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The maps that garbage collection wrote when it moved the live parts of packs elsewhere; {@link
 * Whereabouts} follows them.
 */
public final class MovedMaps {

  private static final String MAGIC = "BWMV";

  private final Storage storage;

  /** The maps of the store at {@code storage}. */
  public MovedMaps(Storage storage) {
    this.storage = storage;
  }

  /** A run of bytes of the old pack, and where it is now: the same number of bytes. */
  public record Move(long oldOffset, Extent now) {

    private long oldEnd() {
      return oldOffset + now.length();
    }

    /** Whether all of {@code old}, an extent of the old pack, moved with this. */
    public boolean holds(Extent old) {
      return oldOffset <= old.offset() && old.offset() + old.length() <= oldEnd();
    }

    /** Where {@code old} is now. */
    public Extent within(Extent old) {
      long offset = now.offset() + (old.offset() - oldOffset);
      return new Extent(now.object(), offset, old.length());
    }
  }

  /**
   * The moves of one map, in the order of the old offsets.
   *
   * @throws DamagedObject if it is not what was written
   */
  public List<Move> read(StorageKey key) {
    try (var in = storage.open(key)) {
      return decode(in.readAllBytes());
    } catch (MalformedBytes e) {
      throw DamagedObject.at(storage, key, "the map of a moved pack", e.how());
    } catch (IOException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " cannot be read: " + e.getMessage(),
          "Check the storage.",
          e);
    }
  }

  /**
   * Makes a map of {@code pack} durable, beside those of other parts of it. One that is there
   * already and says the same is used.
   *
   * @param moves in the order of the old offsets
   * @param free gives the lowest generation, from its argument on, that may be used
   */
  public void create(Sha256 pack, List<Move> moves, IntUnaryOperator free) {
    byte[] bytes = encode(moves);
    int generation = free.applyAsInt(0);
    while (storage.createIfAbsent(StoreLayout.movedMap(pack, generation), Content.of(bytes))
            == Creation.EXISTS
        && !holds(StoreLayout.movedMap(pack, generation), bytes)) {
      generation = free.applyAsInt(generation + 1);
    }
  }

  private boolean holds(StorageKey key, byte[] bytes) {
    try {
      return Arrays.equals(storage.read(key, 0, bytes.length + 1), bytes);
    } catch (ObjectAbsent e) {
      // Collected meanwhile.
      return false;
    }
  }

  /** Where {@code old} is now, if {@code moves} say. */
  public static Optional<Extent> within(List<Move> moves, Extent old) {
    return moves.stream().filter(move -> move.holds(old)).findFirst().map(move -> move.within(old));
  }

  /** The stored form of a map; {@code moves} in the order of the old offsets. */
  public static byte[] encode(List<Move> moves) {
    BinaryWriter out = new BinaryWriter(64 * moves.size());
    out.varint(moves.size());
    for (Move move : moves) {
      ObjectRef object = move.now().object();
      out.varint(move.oldOffset()).varint(move.now().length());
      out.sha256(object.id()).varint(object.generation()).varint(move.now().offset());
    }
    return SealedParts.seal(MAGIC, out.toBytes());
  }

  private static List<Move> decode(byte[] stored) {
    BinaryReader in = new BinaryReader(SealedParts.open(MAGIC, stored).get(0));
    int count = in.count();
    List<Move> moves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long oldOffset = in.varint();
      long length = in.varint();
      ObjectRef object = new ObjectRef(in.sha256(), in.smallVarint());
      long offset = in.varint();
      if (Math.max(oldOffset, offset) > Long.MAX_VALUE - length) {
        throw new MalformedBytes("moves bytes that no object has: " + oldOffset + "+" + length);
      }
      moves.add(new Move(oldOffset, new Extent(object, offset, length)));
    }
    in.requireEnd();
    return moves;
  }
}
