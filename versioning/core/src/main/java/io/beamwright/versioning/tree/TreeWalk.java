// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.storage.DamagedObject;
import java.util.Optional;

/** Shows a tree to a visitor. Nodes are read from the storage, not from memory. */
final class TreeWalk {

  private final NodeStore nodes;
  private final TreeVisitor visitor;

  TreeWalk(NodeStore nodes, TreeVisitor visitor) {
    this.nodes = nodes;
    this.visitor = visitor;
  }

  /** Shows the node {@code id} and what is below it, if the visitor enters it. */
  void walk(Sha256 id) {
    if (visitor.enters(id)) {
      read(id).ifPresent(this::walk);
      visitor.left(id);
    }
  }

  private Optional<Node> read(Sha256 id) {
    try {
      return Optional.of(nodes.fetch(id));
    } catch (DamagedObject fault) {
      visitor.damaged(id, fault);
      return Optional.empty();
    }
  }

  private void walk(Node node) {
    for (int i = 0; i < node.size(); i++) {
      if (node.level() == 0) {
        file(node, i);
      } else {
        walkChild(node, node.entry(i));
      }
    }
  }

  private void walkChild(Node parent, NodeEntry child) {
    Sha256 id = child.childId();
    if (!visitor.enters(id)) {
      return;
    }
    Optional<Node> node = read(id);
    if (node.isPresent()) {
      try {
        nodes.requireChild(node.get(), child, parent.level());
        walk(node.get());
      } catch (DamagedObject fault) {
        visitor.damaged(id, fault);
      }
    }
    visitor.left(id);
  }

  private void file(Node leaf, int index) {
    FileEntryCodec.attachments(leaf.entry(index)).forEach(visitor::attachment);
    try {
      visitor.file(nodes.file(leaf, index));
    } catch (DamagedObject fault) {
      visitor.damaged(leaf.id(), fault);
    }
  }
}
