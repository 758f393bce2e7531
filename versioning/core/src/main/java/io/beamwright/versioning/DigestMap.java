// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.nio.ByteBuffer;
import java.util.function.ObjLongConsumer;

/**
 * A number for each of many digests, at 40 bytes a place and at least half of the places taken: for
 * walks over millions of objects. Open addressing with linear probing; digests are uniform, so
 * their first bits say where to look. Nothing is ever taken out. Not safe for several threads.
 */
public final class DigestMap {

  private static final int WORDS = 4;
  private static final int FIRST_PLACES = 1 << 10;

  private long[] digests = new long[WORDS * FIRST_PLACES];
  private long[] values = new long[FIRST_PLACES];
  // 0 marks an empty place, so what is kept is the value plus one.
  private int size;

  /** Number of digests. */
  public int size() {
    return size;
  }

  /** Whether {@code id} has a number. */
  public boolean contains(Sha256 id) {
    return values[place(id)] != 0;
  }

  /** The number of {@code id}, or {@code otherwise} if it has none. */
  public long get(Sha256 id, long otherwise) {
    long kept = values[place(id)];
    return kept == 0 ? otherwise : kept - 1;
  }

  /**
   * Gives {@code id} a number in place of the one it had.
   *
   * @param value any number but -1
   * @return whether it had none
   */
  public boolean put(Sha256 id, long value) {
    if (value == -1) {
      throw new IllegalArgumentException("-1 is no value");
    }
    int place = place(id);
    boolean fresh = values[place] == 0;
    values[place] = value + 1;
    if (fresh) {
      write(id, place);
      size++;
      growIfFull();
    }
    return fresh;
  }

  /** Shows every digest with its number, in no order. */
  public void forEach(ObjLongConsumer<Sha256> visitor) {
    for (int place = 0; place < values.length; place++) {
      if (values[place] != 0) {
        visitor.accept(digest(place), values[place] - 1);
      }
    }
  }

  private Sha256 digest(int place) {
    ByteBuffer bytes = ByteBuffer.allocate(Sha256.BYTES);
    for (int word = 0; word < WORDS; word++) {
      bytes.putLong(digests[WORDS * place + word]);
    }
    return Sha256.readFrom(bytes.flip());
  }

  private void write(Sha256 id, int place) {
    for (int word = 0; word < WORDS; word++) {
      digests[WORDS * place + word] = id.word(word);
    }
  }

  /** Where {@code id} is, or the empty place where it belongs. */
  private int place(Sha256 id) {
    int mask = values.length - 1;
    int place = (int) (id.word(0) >>> 32) & mask;
    while (values[place] != 0 && !isAt(id, place)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private boolean isAt(Sha256 id, int place) {
    int at = WORDS * place;
    return digests[at] == id.word(0)
        && digests[at + 1] == id.word(1)
        && digests[at + 2] == id.word(2)
        && digests[at + 3] == id.word(3);
  }

  private void growIfFull() {
    if (size * 4L < values.length * 3L) {
      return;
    }
    if (values.length > Integer.MAX_VALUE / (2 * WORDS)) {
      throw new IllegalStateException("more than " + size + " digests");
    }
    long[] oldValues = values;
    long[] oldDigests = digests;
    values = new long[2 * oldValues.length];
    digests = new long[2 * oldDigests.length];
    for (int old = 0; old < oldValues.length; old++) {
      if (oldValues[old] != 0) {
        int mask = values.length - 1;
        int place = (int) (oldDigests[WORDS * old] >>> 32) & mask;
        while (values[place] != 0) {
          place = (place + 1) & mask;
        }
        values[place] = oldValues[old];
        System.arraycopy(oldDigests, WORDS * old, digests, WORDS * place, WORDS);
      }
    }
  }
}
