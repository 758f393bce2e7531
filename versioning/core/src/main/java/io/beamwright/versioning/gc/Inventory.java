// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All things of one space that a store holds, in the order of their keys, with a mark each: 54
 * bytes a thing. Things of one digest lie side by side.
 */
final class Inventory {

  // Larger than a page of any storage: a listing that begins anew has to find its place again.
  private static final int PAGE = 10_000;
  private static final int WORDS = 4;
  private static final List<String> HEX = List.of("0123456789abcdef".split(""));

  private final Space space;
  private long[] ids = new long[WORDS * 1024];
  private int[] generations = new int[1024];
  private long[] sizes = new long[1024];
  private long[] created = new long[1024];
  private byte[] marks = new byte[1024];
  private int size;

  private Inventory(Space space) {
    this.space = space;
  }

  /** Everything of {@code space}; {@code progress} is called again and again, and may throw. */
  static Inventory of(Storage storage, Space space, AtOnce atOnce, Runnable progress) {
    List<Supplier<Inventory>> shards = new ArrayList<>();
    // Digests are spread evenly over their first digits.
    for (String digit : atOnce.threads() == 1 ? List.of("") : HEX) {
      shards.add(() -> of(storage, space, space.word() + "/" + digit));
    }
    Inventory all = new Inventory(space);
    atOnce.all(shards, progress).forEach(all::addAll);
    return all;
  }

  private static Inventory of(Storage storage, Space space, String prefix) {
    Inventory inventory = new Inventory(space);
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(prefix, after, PAGE);
      page.forEach(inventory::add);
      after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1).key().text());
    } while (page.size() == PAGE);
    return inventory;
  }

  /** Takes what comes after all that is here. */
  private void addAll(Inventory next) {
    if (size + next.size > generations.length) {
      grow(size + next.size);
    }
    System.arraycopy(next.ids, 0, ids, WORDS * size, WORDS * next.size);
    System.arraycopy(next.generations, 0, generations, size, next.size);
    System.arraycopy(next.sizes, 0, sizes, size, next.size);
    System.arraycopy(next.created, 0, created, size, next.size);
    size += next.size;
  }

  private void add(Listed listed) {
    if (size == generations.length) {
      grow(size + size / 2);
    }
    Sha256 id = StoreLayout.digestOf(listed.key());
    for (int word = 0; word < WORDS; word++) {
      ids[WORDS * size + word] = id.word(word);
    }
    generations[size] = StoreLayout.generationOf(listed.key());
    sizes[size] = listed.size();
    created[size] = nanos(listed.created());
    size++;
  }

  private void grow(int capacity) {
    ids = Arrays.copyOf(ids, WORDS * capacity);
    generations = Arrays.copyOf(generations, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
    created = Arrays.copyOf(created, capacity);
    marks = Arrays.copyOf(marks, capacity);
  }

  // Exact: whether a thing was there when a collection began is decided here and by writers alike.
  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  int size() {
    return size;
  }

  /** Place of the first thing of this digest, which readers take first; -1 if there is none. */
  int first(Sha256 id) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < size && is(low, id) ? low : -1;
  }

  /** Place of this thing; -1 if it is not there. */
  int find(Sha256 id, int generation) {
    for (int at = first(id); at >= 0 && at < size && is(at, id); at++) {
      if (generations[at] == generation) {
        return at;
      }
    }
    return -1;
  }

  /** The generations of the things of this digest, the lowest first. */
  List<Integer> generations(Sha256 id) {
    int first = first(id);
    if (first < 0) {
      return List.of();
    }
    List<Integer> all = new ArrayList<>();
    for (int at = first; is(at, id); at++) {
      all.add(generations[at]);
    }
    return all;
  }

  private int compare(int at, Sha256 id) {
    int order = 0;
    for (int word = 0; word < WORDS && order == 0; word++) {
      order = Long.compareUnsigned(ids[WORDS * at + word], id.word(word));
    }
    return order;
  }

  /** Whether the thing at this place has this digest. */
  boolean is(int at, Sha256 id) {
    return at < size && compare(at, id) == 0;
  }

  Sha256 id(int at) {
    ByteBuffer bytes = ByteBuffer.allocate(Sha256.BYTES);
    bytes.asLongBuffer().put(ids, WORDS * at, WORDS);
    return Sha256.readFrom(bytes);
  }

  int generation(int at) {
    return generations[at];
  }

  StorageKey key(int at) {
    return space.key(id(at), generations[at]);
  }

  long bytes(int at) {
    return sizes[at];
  }

  boolean isCreatedBefore(int at, Instant time) {
    return created[at] < nanos(time);
  }

  /** Sets {@code mark}, one bit or more. */
  void mark(int at, int mark) {
    marks[at] |= (byte) mark;
  }

  /** Whether any bit of {@code mark} is set. */
  boolean has(int at, int mark) {
    return (marks[at] & mark) != 0;
  }
}
