// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import java.util.Arrays;

/**
 * Which parts of packs are needed: for each place in a pack where something begins, the longest
 * that begins there. 16 bytes for each, in tables that are at most two thirds full.
 */
final class LiveRanges {

  private static final int OFFSET_BITS = 28;

  private long[] keys = new long[1024];
  private int[] lengths = new int[1024];
  private int size;

  /** One needed part of the pack at {@code pack} in the inventory of objects. */
  interface Visitor {
    void range(int pack, long offset, int length);
  }

  /** Whether ranges of objects of so many bytes can be kept. */
  static boolean canHold(long objectBytes) {
    return objectBytes < 1L << OFFSET_BITS;
  }

  /** The part of {@code pack} from {@code offset} is needed; {@code length} is at least 1. */
  void add(int pack, long offset, int length) {
    if (3L * (size + 1) > 2L * keys.length) {
      grow();
    }
    long key = ((long) pack << OFFSET_BITS | offset) + 1;
    int place = place(keys, key);
    if (keys[place] == 0) {
      keys[place] = key;
      size++;
    }
    lengths[place] = Math.max(lengths[place], length);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldLengths = lengths;
    keys = new long[2 * oldKeys.length];
    lengths = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int place = place(keys, oldKeys[i]);
        keys[place] = oldKeys[i];
        lengths[place] = oldLengths[i];
      }
    }
  }

  // The finalizer of MurmurHash3: offsets come in runs, and runs in a table become clusters.
  private static int place(long[] keys, long key) {
    long h = key;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    int mask = keys.length - 1;
    int place = (int) (h ^ (h >>> 33)) & mask;
    while (keys[place] != 0 && keys[place] != key) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Shows all, in no order. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        long key = keys[i] - 1;
        int pack = (int) (key >>> OFFSET_BITS);
        visitor.range(pack, key & ((1L << OFFSET_BITS) - 1), lengths[i]);
      }
    }
  }

  /** The sum of the lengths of the parts of each pack of {@code packs}, by place. */
  long[] bytesByPack(int packs) {
    long[] bytes = new long[packs];
    Arrays.fill(bytes, 0);
    forEach((pack, offset, length) -> bytes[pack] += length);
    return bytes;
  }
}
