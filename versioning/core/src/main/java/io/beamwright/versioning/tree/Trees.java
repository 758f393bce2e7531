// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The trees of a store. The same files give the same tree, whatever the edits that led to them.
 * Every node of a tree that is returned is durable. Keeps up to 32 MiB of nodes in memory. Safe for
 * many threads.
 */
public final class Trees {

  /** The id of the tree without files, which is never stored. */
  public static final Sha256 EMPTY = Sha256.of(new byte[] {Node.VERSION, 0, 0});

  private final WriteSession session;
  private final NodeStore nodes;
  private final TreeShape shape;

  /** The trees of a store, whose nodes are written by {@code session}. */
  public Trees(WriteSession session) {
    this(session, TreeShape.STANDARD);
  }

  /** The same with another shape; all writers of a store must have the same one. */
  public Trees(WriteSession session, TreeShape shape) {
    this.session = session;
    this.nodes = new NodeStore(session);
    this.shape = shape;
  }

  /** The tree without files. */
  public Tree empty() {
    return new Tree(nodes, Optional.empty());
  }

  /**
   * The tree {@code id}; its root is read now.
   *
   * @throws io.beamwright.versioning.storage.DamagedObject if the root is absent or wrong
   */
  public Tree open(Sha256 id) {
    return new Tree(nodes, root(id));
  }

  /** Shows everything that the tree {@code id} consists of to {@code visitor}. */
  public void walk(Sha256 id, TreeVisitor visitor) {
    if (!id.equals(EMPTY)) {
      new TreeWalk(nodes, visitor).walk(id);
    }
  }

  private Optional<Node> root(Sha256 id) {
    return id.equals(EMPTY) ? Optional.empty() : Optional.of(nodes.read(id));
  }

  /**
   * {@code base} after {@code edits}, one after the other; the last edit of a path wins. Holds all
   * edits in memory, and reads and writes a number of nodes that grows with the edits and the
   * height of the tree. If the files are the same as before, so is the tree and nothing is written:
   * where a file's bytes lie, and what is known of its table, changes only with its node.
   *
   * @throws io.beamwright.versioning.fault.UserFault if a path were a file and a folder at once
   *     when all edits are done; names both paths
   */
  public Tree edit(Tree base, Iterable<? extends TreeEdit> edits) {
    EditBatch batch = EditBatch.of(edits);
    Clashes.refuse(base, batch);
    session.useTree(base.id());
    return root(base.id())
        .map(root -> rewrite(root, batch.changes()))
        .orElseGet(() -> buildUnchecked(batch.puts().iterator()));
  }

  private Tree rewrite(Node root, Iterator<LevelChange> fileChanges) {
    Iterator<LevelChange> changes = fileChanges;
    for (int level = 0; ; level++) {
      LevelRewriter rewriter = new LevelRewriter(nodes, shape, root, level, changes);
      rewriter.rewrite();
      List<LevelChange> above = rewriter.changesAbove();
      if (above.isEmpty()) {
        return new Tree(nodes, Optional.of(root));
      }
      if (!rewriter.hasTwoNodes()) {
        // A single node is the root, however high the tree was.
        return tree(rewriter.onlyNode());
      }
      if (level == root.level()) {
        return grow(rewriter.rewrittenNodes(), level + 1);
      }
      changes = above.iterator();
    }
  }

  private Tree grow(Collection<NodeEntry> children, int level) {
    TreeBuilder builder = new TreeBuilder(nodes, shape, level);
    children.forEach(builder::add);
    return tree(builder.finish());
  }

  private Tree tree(Optional<NodeEntry> root) {
    return new Tree(nodes, root.map(entry -> nodes.read(entry.childId())));
  }

  /**
   * The tree of {@code sorted}, whose paths ascend. Holds a few nodes in memory.
   *
   * @throws io.beamwright.versioning.fault.UserFault if a path is a file and a folder at once
   * @throws IllegalArgumentException if the paths do not ascend
   */
  public Tree build(Iterator<FileEntry> sorted) {
    return buildUnchecked(Clashes.refuseIn(sorted));
  }

  private Tree buildUnchecked(Iterator<FileEntry> sorted) {
    TreeBuilder builder = new TreeBuilder(nodes, shape, 0);
    sorted.forEachRemaining(entry -> builder.add(FileEntryCodec.encode(entry)));
    return tree(builder.finish());
  }
}
