// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.MalformedBytes;
import java.util.List;

/**
 * A node of a tree, kept as its bytes: entries in the order of their paths. Its id is the SHA-256
 * of the identity bytes; the facts are beside them.
 */
final class Node {

  /** The version of the identity bytes, which they begin with. */
  static final int VERSION = 1;

  private final Sha256 id;
  private final byte[] identity;
  private final byte[] facts;
  private final int level;
  private final int[] starts;
  private final int[] factsStarts;
  private final NodeEntry asChild;

  private Node(
      Sha256 id, byte[] identity, byte[] facts, int level, int[] starts, int[] factsStarts) {
    this.id = id;
    this.identity = identity;
    this.facts = facts;
    this.level = level;
    this.starts = starts;
    this.factsStarts = factsStarts;
    this.asChild = sum();
  }

  /** The node of {@code level} that holds {@code entries}, at least one. */
  static Node of(int level, List<NodeEntry> entries) {
    int length = entries.stream().mapToInt(NodeEntry::length).sum();
    BinaryWriter identity = new BinaryWriter(length + 8);
    BinaryWriter facts = new BinaryWriter(level == 0 ? 48 * entries.size() : 0);
    identity.u8(VERSION).u8(level).varint(entries.size());
    int[] starts = new int[entries.size() + 1];
    int[] factsStarts = new int[entries.size() + 1];
    for (int i = 0; i < entries.size(); i++) {
      starts[i] = identity.length();
      factsStarts[i] = facts.length();
      entries.get(i).writeTo(identity, facts);
    }
    starts[entries.size()] = identity.length();
    factsStarts[entries.size()] = facts.length();
    byte[] bytes = identity.toBytes();
    return new Node(Sha256.of(bytes), bytes, facts.toBytes(), level, starts, factsStarts);
  }

  /**
   * Reads back the node whose id, which the caller has checked, is {@code id}.
   *
   * @throws MalformedBytes if it is none
   */
  static Node parse(Sha256 id, byte[] identity, byte[] facts) {
    BinaryReader in = new BinaryReader(identity);
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedBytes("is a node of version " + version + ", not " + VERSION);
    }
    int level = in.u8();
    int count = in.count();
    BinaryReader factsIn = new BinaryReader(facts);
    int[] starts = new int[count + 1];
    int[] factsStarts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      skipEntry(level, in);
      starts[i + 1] = in.position();
      if (level == 0) {
        FileEntryCodec.skipFacts(factsIn);
      }
      factsStarts[i + 1] = factsIn.position();
    }
    in.requireEnd();
    factsIn.requireEnd();
    starts[0] = headerLength(count);
    if (count == 0) {
      throw new MalformedBytes("has no entry");
    }
    return checked(id, identity, facts, level, starts, factsStarts);
  }

  private static Node checked(
      Sha256 id, byte[] identity, byte[] facts, int level, int[] starts, int[] factsStarts) {
    try {
      Node node = new Node(id, identity, facts, level, starts, factsStarts);
      node.requirePaths();
      return node;
    } catch (ArithmeticException e) {
      throw new MalformedBytes("has files of more than 2^63 bytes");
    }
  }

  private static int headerLength(int count) {
    return new BinaryWriter(8).u8(VERSION).u8(0).varint(count).length();
  }

  private static void skipEntry(int level, BinaryReader in) {
    in.skip(in.count());
    if (level == 0) {
      in.skip(2);
      in.varint();
      in.skip(Sha256.BYTES);
    } else {
      in.skip(Sha256.BYTES);
      in.varint();
      in.varint();
    }
  }

  private void requirePaths() {
    // In a leaf, the entries whose paths the one that is looked at begins with, the longest last.
    NodeEntry[] beginnings = new NodeEntry[size()];
    int count = 0;
    for (int i = 0; i < size(); i++) {
      NodeEntry entry = entry(i);
      entry.requirePath();
      if (i > 0 && entry(i - 1).comparePath(entry) >= 0) {
        throw new MalformedBytes("has paths out of order");
      }
      while (count > 0 && !entry.pathStartsWith(beginnings[count - 1])) {
        count--;
      }
      for (int above = 0; level == 0 && above < count; above++) {
        if (entry.isBelow(beginnings[above])) {
          throw clash(beginnings[above], entry);
        }
      }
      beginnings[count++] = entry;
    }
  }

  private static MalformedBytes clash(NodeEntry file, NodeEntry below) {
    return new MalformedBytes(
        "has \""
            + file.path()
            + "\" as a file, and as a folder that holds \""
            + below.path()
            + "\"");
  }

  Sha256 id() {
    return id;
  }

  byte[] identity() {
    return identity;
  }

  byte[] facts() {
    return facts;
  }

  /** 0 for a leaf, whose entries are files; else one more than that of the children. */
  int level() {
    return level;
  }

  int size() {
    return starts.length - 1;
  }

  /** How much of a cache this takes, in bytes. */
  int weight() {
    return identity.length + facts.length + 8 * starts.length + 128;
  }

  NodeEntry entry(int index) {
    return new NodeEntry(
        identity,
        starts[index],
        starts[index + 1],
        facts,
        factsStarts[index],
        factsStarts[index + 1]);
  }

  NodeEntry last() {
    return entry(size() - 1);
  }

  /** Index of the first entry from {@code from} on whose path is not before {@code path}. */
  int search(PathBytes path, int from) {
    int low = from;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entry(middle).comparePath(path) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** What a parent of this says of it. */
  NodeEntry asChild() {
    return asChild;
  }

  private NodeEntry sum() {
    long files = 0;
    long bytes = 0;
    for (int i = 0; i < size(); i++) {
      files = Math.addExact(files, entry(i).files(level));
      bytes = Math.addExact(bytes, entry(i).bytes(level));
    }
    return NodeEntry.child(last(), id, files, bytes);
  }
}
