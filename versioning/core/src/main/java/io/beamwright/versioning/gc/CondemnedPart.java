// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.binary.SealedParts;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of the things of one space on a list of what will be deleted, in the order of their keys.
 */
final class CondemnedPart {

  private static final String MAGIC = "BWCL";
  private static final int VERSION = 1;

  private final Sha256[] ids;
  private final int[] generations;
  private final boolean[] moved;

  private CondemnedPart(Sha256[] ids, int[] generations, boolean[] moved) {
    this.ids = ids;
    this.generations = generations;
    this.moved = moved;
  }

  /**
   * One thing on the list.
   *
   * @param id its digest
   * @param generation its generation
   * @param moved whether what was alive in it has been copied: a pack
   */
  record Entry(Sha256 id, int generation, boolean moved) {}

  /** The stored form of {@code entries}, whose digests ascend. */
  static byte[] seal(List<Entry> entries) {
    BinaryWriter out = new BinaryWriter(40 * entries.size() + 8);
    out.u8(VERSION).varint(entries.size());
    for (Entry entry : entries) {
      out.sha256(entry.id()).varint(entry.generation()).u8(entry.moved() ? 1 : 0);
    }
    return SealedParts.seal(MAGIC, out.toBytes());
  }

  /**
   * What {@link #seal} made.
   *
   * @throws MalformedBytes if it is anything else
   */
  static CondemnedPart open(byte[] stored) {
    BinaryReader in = new BinaryReader(SealedParts.open(MAGIC, stored).get(0));
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedBytes("is of version " + version + ", not " + VERSION);
    }
    int count = in.count();
    Sha256[] ids = new Sha256[count];
    int[] generations = new int[count];
    boolean[] moved = new boolean[count];
    for (int i = 0; i < count; i++) {
      ids[i] = in.sha256();
      generations[i] = in.smallVarint();
      moved[i] = in.u8() != 0;
      if (i > 0 && ids[i - 1].compareTo(ids[i]) > 0) {
        throw new MalformedBytes("has digests out of order");
      }
    }
    in.requireEnd();
    return new CondemnedPart(ids, generations, moved);
  }

  int size() {
    return ids.length;
  }

  Entry entry(int index) {
    return new Entry(ids[index], generations[index], moved[index]);
  }

  /** Everything of this digest. */
  List<Entry> of(Sha256 id) {
    List<Entry> found = new ArrayList<>(1);
    for (int i = first(id); i < ids.length && ids[i].equals(id); i++) {
      found.add(entry(i));
    }
    return found;
  }

  private int first(Sha256 id) {
    int low = 0;
    int high = ids.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ids[middle].compareTo(id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
