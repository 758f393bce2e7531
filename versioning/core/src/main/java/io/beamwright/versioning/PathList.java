// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.tree.FilePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Paths in their order, each as what differs from the one before: a few bytes each, for who has to
 * remember a million.
 */
final class PathList implements Iterable<FilePath> {

  private static final int BLOCK = 64 * 1024;

  private final List<byte[]> full = new ArrayList<>();
  private BinaryWriter last = new BinaryWriter(BLOCK);
  private byte[] before = {};
  private int size;

  /** Adds {@code path}, which comes after all others. */
  void add(FilePath path) {
    byte[] utf8 = path.text().getBytes(StandardCharsets.UTF_8);
    if (last.length() >= BLOCK) {
      full.add(last.toBytes());
      last = new BinaryWriter(BLOCK);
    }
    int shared = shared(before, utf8);
    last.varint(shared).varint(utf8.length - shared).bytes(utf8, shared, utf8.length);
    before = utf8;
    size++;
  }

  /** How many bytes both begin with. */
  static int shared(byte[] one, byte[] other) {
    int mismatch = Arrays.mismatch(one, other);
    return mismatch < 0 ? one.length : mismatch;
  }

  int size() {
    return size;
  }

  @Override
  public Iterator<FilePath> iterator() {
    List<byte[]> blocks = new ArrayList<>(full);
    blocks.add(last.toBytes());
    return new Iterator<>() {
      private final Iterator<byte[]> ahead = blocks.iterator();
      private BinaryReader in = new BinaryReader(ahead.next());
      private byte[] path = {};
      private int left = size;

      @Override
      public boolean hasNext() {
        return left > 0;
      }

      @Override
      public FilePath next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (in.isAtEnd()) {
          in = new BinaryReader(ahead.next());
        }
        left--;
        int shared = in.smallVarint();
        byte[] rest = in.bytes(in.count());
        byte[] whole = Arrays.copyOf(path, shared + rest.length);
        System.arraycopy(rest, 0, whole, shared, rest.length);
        path = whole;
        return new FilePath(new String(whole, StandardCharsets.UTF_8));
      }
    };
  }
}
