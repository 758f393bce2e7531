// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.BinaryReader;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.binary.SealedParts;
import io.beamwright.versioning.commit.CommitId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Nodes as the bytes of a cache file: sealed parts as in docs/format.md, with the magic {@code
 * BWCG} and one part. A file of another version is malformed to us, and made anew.
 */
final class GraphCodec {

  private static final String MAGIC = "BWCG";
  private static final int VERSION = 1;

  private GraphCodec() {}

  static byte[] encode(Collection<GraphNode> nodes) {
    BinaryWriter out = new BinaryWriter(nodes.size() * 160);
    out.u8(VERSION).varint(nodes.size());
    nodes.forEach(node -> write(out, node));
    return SealedParts.seal(MAGIC, out.toBytes());
  }

  private static void write(BinaryWriter out, GraphNode node) {
    out.sha256(node.id().digest()).sha256(node.tree()).varint(node.depth());
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, node.time());
    // Times before 1970 are negative, which a varint cannot be.
    out.u8(micros < 0 ? 1 : 0).varint(Math.abs(micros));
    out.varint(node.parents().size());
    node.parents().forEach(parent -> out.sha256(parent.digest()));
    byte[] filter = node.changed().map(ChangedPaths::bytes).orElse(new byte[0]);
    out.varint(filter.length).bytes(filter);
  }

  /**
   * The nodes of a file.
   *
   * @throws MalformedBytes if any bit of it is wrong
   */
  static List<GraphNode> decode(byte[] file) {
    List<byte[]> parts = SealedParts.open(MAGIC, file);
    if (parts.size() != 1) {
      throw new MalformedBytes("has " + parts.size() + " parts");
    }
    BinaryReader in = new BinaryReader(parts.get(0));
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedBytes("is of version " + version);
    }
    int count = in.count();
    List<GraphNode> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(read(in));
    }
    in.requireEnd();
    return nodes;
  }

  private static GraphNode read(BinaryReader in) {
    CommitId id = new CommitId(in.sha256());
    Sha256 tree = in.sha256();
    long depth = in.varint();
    long sign = in.u8() == 0 ? 1 : -1;
    Instant time = Instant.EPOCH.plus(sign * in.varint(), ChronoUnit.MICROS);
    int parentCount = in.count();
    List<CommitId> parents = new ArrayList<>(parentCount);
    for (int i = 0; i < parentCount; i++) {
      parents.add(new CommitId(in.sha256()));
    }
    int filterLength = in.count();
    Optional<ChangedPaths> changed =
        filterLength == 0
            ? Optional.empty()
            : Optional.of(new ChangedPaths(in.bytes(filterLength)));
    return new GraphNode(id, parents, depth, tree, time, changed);
  }
}
