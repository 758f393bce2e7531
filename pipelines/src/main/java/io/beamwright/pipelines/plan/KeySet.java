// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.versioning.Sha256;
import java.util.ArrayList;
import java.util.List;

/** Keys of datums, of which there may be millions: about 40 bytes each. */
final class KeySet {

  private static final int WORDS = Sha256.BYTES / Long.BYTES;
  private static final int KEYS_IN_BLOCK = 1 << 12;

  private final List<long[]> blocks = new ArrayList<>();

  /** The numbers of keys, from 1, each at the first free place after the one its bits say. */
  private int[] places = new int[1 << 10];

  private int size;

  /** Whether {@code key} was not there before. */
  boolean add(Sha256 key) {
    int place = place(key.word(0));
    while (places[place] != 0) {
      if (isAt(places[place] - 1, key)) {
        return false;
      }
      place = (place + 1) & (places.length - 1);
    }
    append(key);
    places[place] = size;
    if (size > places.length / 2) {
      grow();
    }
    return true;
  }

  // The bits of a digest are as good as those of any hash.
  private int place(long word) {
    return (int) word & (places.length - 1);
  }

  private boolean isAt(int number, Sha256 key) {
    for (int i = 0; i < WORDS; i++) {
      if (word(number, i) != key.word(i)) {
        return false;
      }
    }
    return true;
  }

  private long word(int number, int index) {
    return blocks.get(number / KEYS_IN_BLOCK)[number % KEYS_IN_BLOCK * WORDS + index];
  }

  private void append(Sha256 key) {
    if (size == blocks.size() * KEYS_IN_BLOCK) {
      blocks.add(new long[KEYS_IN_BLOCK * WORDS]);
    }
    for (int i = 0; i < WORDS; i++) {
      blocks.get(size / KEYS_IN_BLOCK)[size % KEYS_IN_BLOCK * WORDS + i] = key.word(i);
    }
    size++;
  }

  private void grow() {
    places = new int[places.length * 2];
    for (int number = 0; number < size; number++) {
      int place = place(word(number, 0));
      while (places[place] != 0) {
        place = (place + 1) & (places.length - 1);
      }
      places[place] = number + 1;
    }
  }
}
