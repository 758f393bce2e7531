// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which paths a commit may have changed against its first parent: a Bloom filter of the files that
 * were added, removed or changed and of the folders above them. It may say yes where the answer is
 * no, never no where it is yes.
 *
 * <p>Its numbers are those of git's commit-graph (Documentation/gitformat-commit-graph, "BIDX" and
 * "BDAT"): 10 bits and 7 hashes for each path, by double hashing after Kirsch and Mitzenmacher
 * ("Less Hashing, Same Performance", 2006); a commit with more than 512 paths says yes to all.
 */
final class ChangedPaths {

  /** A commit that changed more paths than this, folders included, may have changed any. */
  static final int MOST_PATHS = 512;

  private static final int BITS_PER_PATH = 10;
  private static final int HASHES = 7;
  private static final byte[] ANY = {(byte) 0xff};

  private final byte[] bits;

  /** The filter whose bytes are these, which must not change any more. */
  ChangedPaths(byte[] bits) {
    if (bits.length == 0) {
      throw new IllegalArgumentException("a filter has a byte at least");
    }
    this.bits = bits;
  }

  /** The filter of a commit that changed {@code files}, which is read no further than needed. */
  static ChangedPaths of(Stream<String> files) {
    Set<String> paths = new HashSet<>();
    for (String file : (Iterable<String>) files::iterator) {
      addWithFolders(file, paths);
      if (paths.size() > MOST_PATHS) {
        return new ChangedPaths(ANY);
      }
    }
    return new ChangedPaths(filter(paths));
  }

  private static void addWithFolders(String file, Set<String> paths) {
    for (int end = file.length(); end > 0 && paths.add(file.substring(0, end)); ) {
      end = file.lastIndexOf('/', end - 1);
    }
  }

  private static byte[] filter(Collection<String> paths) {
    byte[] bits = new byte[Math.max(1, (paths.size() * BITS_PER_PATH + 7) / 8)];
    for (String path : paths) {
      long hash = hash(path);
      for (int i = 0; i < HASHES; i++) {
        int bit = bit(hash, i, bits.length);
        bits[bit >> 3] |= (byte) (1 << (bit & 7));
      }
    }
    return bits;
  }

  /** Whether the file or folder {@code path}, without a {@code /} at its end, may have changed. */
  boolean mayHold(String path) {
    long hash = hash(path);
    for (int i = 0; i < HASHES; i++) {
      int bit = bit(hash, i, bits.length);
      if ((bits[bit >> 3] & (1 << (bit & 7))) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of the filter, not a copy. */
  byte[] bytes() {
    return bits;
  }

  private static int bit(long hash, int i, int bytes) {
    int one = (int) hash;
    int other = (int) (hash >>> 32);
    return Integer.remainderUnsigned(one + i * other, bytes * 8);
  }

  // FNV-1a, then MurmurHash3's finalizer, as where trees are cut.
  private static long hash(String path) {
    long h = 0xcbf29ce484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
