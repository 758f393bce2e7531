// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import java.util.Arrays;
import java.util.List;

/**
 * One entry of a node, as its bytes: in a leaf a file, in an inner node a child, both under a path.
 * Entries go from node to node as they are; a path becomes text only for who asks for the file.
 */
final class NodeEntry {

  private static final byte[] NO_FACTS = {};

  private final byte[] identity;
  private final int start;
  private final int end;
  private final int pathStart;
  private final int pathEnd;
  private final byte[] facts;
  private final int factsStart;
  private final int factsEnd;
  private final List<byte[]> attachments;

  /** The entry whose identity and facts are these bytes, each from start to before end. */
  NodeEntry(byte[] identity, int start, int end, byte[] facts, int factsStart, int factsEnd) {
    this(identity, start, end, facts, factsStart, factsEnd, List.of());
  }

  private NodeEntry(
      byte[] identity,
      int start,
      int end,
      byte[] facts,
      int factsStart,
      int factsEnd,
      List<byte[]> attachments) {
    this.identity = identity;
    this.start = start;
    this.end = end;
    this.facts = facts;
    this.factsStart = factsStart;
    this.factsEnd = factsEnd;
    this.attachments = attachments;
    BinaryReader in = new BinaryReader(identity, start, end);
    int pathLength = in.count();
    this.pathStart = in.position();
    this.pathEnd = pathStart + pathLength;
  }

  /**
   * A file; {@code attachments} are the objects that its facts name and that are not stored yet.
   */
  static NodeEntry file(byte[] identity, byte[] facts, List<byte[]> attachments) {
    return new NodeEntry(identity, 0, identity.length, facts, 0, facts.length, attachments);
  }

  /** A child of an inner node. */
  static NodeEntry child(NodeEntry last, Sha256 id, long files, long bytes) {
    int pathLength = last.pathEnd - last.pathStart;
    BinaryWriter out = new BinaryWriter(pathLength + Sha256.BYTES + 24);
    out.varint(pathLength).bytes(last.identity, last.pathStart, last.pathEnd);
    byte[] identity = out.sha256(id).varint(files).varint(bytes).toBytes();
    return new NodeEntry(identity, 0, identity.length, NO_FACTS, 0, 0, List.of());
  }

  /** The identity bytes, a copy. */
  byte[] identityBytes() {
    return Arrays.copyOfRange(identity, start, end);
  }

  /** Number of identity bytes. */
  int length() {
    return end - start;
  }

  List<byte[]> attachments() {
    return attachments;
  }

  void writeTo(BinaryWriter identityOut, BinaryWriter factsOut) {
    identityOut.bytes(identity, start, end);
    factsOut.bytes(facts, factsStart, factsEnd);
  }

  PathBytes path() {
    return PathBytes.of(Arrays.copyOfRange(identity, pathStart, pathEnd));
  }

  int comparePath(PathBytes path) {
    return Arrays.compareUnsigned(identity, pathStart, pathEnd, path.utf8(), 0, path.length());
  }

  int comparePath(NodeEntry other) {
    return Arrays.compareUnsigned(
        identity, pathStart, pathEnd, other.identity, other.pathStart, other.pathEnd);
  }

  /** Checks that the path is one: the bytes may be anybody's. */
  void requirePath() {
    PathForm.require(identity, pathStart, pathEnd);
  }

  /** Whether the path of {@code beginning} is a beginning of this one, or the same. */
  boolean pathStartsWith(NodeEntry beginning) {
    int length = beginning.pathEnd - beginning.pathStart;
    return length <= pathEnd - pathStart
        && Arrays.equals(
            identity,
            pathStart,
            pathStart + length,
            beginning.identity,
            beginning.pathStart,
            beginning.pathEnd);
  }

  /** Whether the path of {@code file} is a folder of this one. */
  boolean isBelow(NodeEntry file) {
    int slash = pathStart + file.pathEnd - file.pathStart;
    return slash < pathEnd && identity[slash] == '/' && pathStartsWith(file);
  }

  boolean pathStartsWith(PathBytes prefix) {
    int end = pathStart + prefix.length();
    return end <= pathEnd
        && Arrays.equals(identity, pathStart, end, prefix.utf8(), 0, prefix.length());
  }

  boolean cuts(TreeShape shape, int level) {
    return shape.cutsAfter(level, identity, pathStart, pathEnd);
  }

  boolean hasSameIdentityAs(NodeEntry other) {
    return Arrays.equals(identity, start, end, other.identity, other.start, other.end);
  }

  /** Reads what follows the path. */
  BinaryReader afterPath() {
    return new BinaryReader(identity, pathEnd, end);
  }

  /** Reads the facts. */
  BinaryReader factsReader() {
    return new BinaryReader(facts, factsStart, factsEnd);
  }

  /** Id of the node that this entry of an inner node names. */
  Sha256 childId() {
    return afterPath().sha256();
  }

  /** Number of files here or below: 1 in a leaf, whose level is 0. */
  long files(int level) {
    if (level == 0) {
      return 1;
    }
    BinaryReader in = afterPath();
    in.skip(Sha256.BYTES);
    return in.varint();
  }

  /** Sum of the sizes of the files here or below. */
  long bytes(int level) {
    BinaryReader in = afterPath();
    if (level == 0) {
      in.skip(2);
    } else {
      in.skip(Sha256.BYTES);
      in.varint();
    }
    return in.varint();
  }
}
