// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.SealedParts;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import java.util.function.UnaryOperator;

/**
 * Writes nodes of trees as docs/format.md says, with checksums that are right, whatever they say.
 * Paths are given a character for each byte.
 */
final class HandmadeNodes {

  private final Storage storage;

  HandmadeNodes(Storage storage) {
    this.storage = storage;
  }

  /** An entry of a leaf, or of an inner node: what is in the identity, and in the facts. */
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(byte[] path, byte[] identity, byte[] facts, long files, long bytes) {}

  /** A node that was written, as an entry of the level above has it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Child(Sha256 id, int level, byte[] last, long files, long bytes) {

    Entry entry() {
      return entry(last, files, bytes);
    }

    Entry entry(byte[] saidLast, long saidFiles, long saidBytes) {
      BinaryWriter out = new BinaryWriter(100);
      out.varint(saidLast.length).bytes(saidLast);
      byte[] identity = out.sha256(id).varint(saidFiles).varint(saidBytes).toBytes();
      return new Entry(saidLast, identity, new byte[0], saidFiles, saidBytes);
    }
  }

  /** An empty file. */
  static Entry file(String path) {
    return file(path, 0, 0, 0, facts -> facts.varint(0).u8(0));
  }

  static Entry file(
      String path, int kind, int executable, long size, UnaryOperator<BinaryWriter> facts) {
    return file(path, kind, executable, size, Sha256.of(new byte[0]), facts);
  }

  static Entry file(
      String path,
      int kind,
      int executable,
      long size,
      Sha256 sha256,
      UnaryOperator<BinaryWriter> facts) {
    byte[] bytes = path.getBytes(ISO_8859_1);
    BinaryWriter out = new BinaryWriter(100);
    out.varint(bytes.length).bytes(bytes).u8(kind).u8(executable).varint(size).sha256(sha256);
    return new Entry(bytes, out.toBytes(), facts.apply(new BinaryWriter(100)).toBytes(), 1, size);
  }

  Child node(int level, Entry... entries) {
    return node(level, entries.length, entries);
  }

  /** A node that says that it has {@code count} entries. */
  Child node(int level, int count, Entry... entries) {
    BinaryWriter identity = new BinaryWriter(1_000).u8(1).u8(level).varint(count);
    BinaryWriter facts = new BinaryWriter(1_000);
    long files = 0;
    long bytes = 0;
    for (Entry entry : entries) {
      identity.bytes(entry.identity());
      facts.bytes(entry.facts());
      files += entry.files();
      bytes += entry.bytes();
    }
    Sha256 id = Sha256.of(identity.toBytes());
    put(id, SealedParts.seal("BWTN", identity.toBytes(), facts.toBytes()));
    byte[] last = entries.length == 0 ? new byte[0] : entries[entries.length - 1].path();
    return new Child(id, level, last, files, bytes);
  }

  private void put(Sha256 id, byte[] sealed) {
    var unused = storage.createIfAbsent(StoreLayout.treeNode(id, 0), Content.of(sealed));
  }

  /**
   * The first of {@code before0after, before1after …} after which a leaf ends, and no inner node.
   */
  static String cutting(String before, String after) {
    for (int i = 0; ; i++) {
      String path = before + i + after;
      if (cuts(0, 1_024, path) && !cuts(1, 512, path)) {
        return path;
      }
    }
  }

  private static boolean cuts(int level, int modulus, String path) {
    long h = 0xcbf29ce484222325L;
    h = (h ^ level) * 0x100000001b3L;
    for (byte b : path.getBytes(ISO_8859_1)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    h = h ^ (h >>> 33);
    return Long.remainderUnsigned(h, modulus) == 0;
  }
}
