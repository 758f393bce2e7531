// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to one level of a tree: reads the nodes that a change falls into, and those after
 * them until a node ends where an old one ended, and cuts their entries anew. What lies between is
 * neither read nor written. What became of the nodes is the changes of the level above.
 */
final class LevelRewriter {

  private final NodeStore nodes;
  private final Node root;
  private final int level;
  private final Cursor oldNodes;
  private final PathBytes lastOldPath;
  private final Iterator<LevelChange> changes;
  private final Chunker chunker;
  private final TreeMap<PathBytes, NodeEntry> removed = new TreeMap<>();
  private final TreeMap<PathBytes, NodeEntry> added = new TreeMap<>();
  private @Nullable LevelChange change;
  // What is left of the range that is being deleted ends here.
  private @Nullable PathBytes rangeEnd;
  // The first node of the old ones that were taken without leaving one out.
  private PathBytes firstTakenPath = PathBytes.of("");

  /** Changes the entries of the nodes of {@code level} of the tree below {@code root}. */
  LevelRewriter(
      NodeStore nodes, TreeShape shape, Node root, int level, Iterator<LevelChange> changes) {
    this.nodes = nodes;
    this.root = root;
    this.level = level;
    this.oldNodes = new Cursor(nodes, Optional.of(root));
    this.lastOldPath = root.last().path();
    this.changes = changes;
    this.chunker = new Chunker(shape, level, this::write);
    nextChange();
  }

  /** Writes the nodes that are new. */
  void rewrite() {
    while (change != null || rangeEnd != null || chunker.isOpen()) {
      if (!chunker.isOpen() && rangeEnd == null) {
        goToNextChange();
      }
      oldNodes.descendTo(level + 1);
      if (oldNodes.isAtEnd()) {
        addChangesBefore(null);
        break;
      }
      take(oldNodes.item());
    }
    if (oldNodes.isAtEnd() && chunker.needsNodeBefore()) {
      nodeBefore().ifPresent(this::joinTo);
    }
    chunker.finish();
  }

  private void nextChange() {
    change = changes.hasNext() ? changes.next() : null;
  }

  // The last node takes what comes after all: it ended because the level did.
  private void goToNextChange() {
    if (change == null || oldNodes.isAtEnd()) {
      return;
    }
    PathBytes path = change.path();
    boolean afterAll = path.compareTo(lastOldPath) > 0;
    boolean first = removed.isEmpty();
    boolean jumped = oldNodes.seek(afterAll ? lastOldPath : path, level + 1);
    if (jumped || first) {
      chunker.flush();
      firstTakenPath = oldNodes.item().path();
    }
  }

  private void take(NodeEntry old) {
    oldNodes.advance();
    removed.put(old.path(), old);
    // The range began before this node; what is put into it comes before what follows.
    if (rangeEnd != null && old.comparePath(rangeEnd) < 0) {
      return;
    }
    Node node = nodes.readChild(old, level + 1);
    for (int i = 0; i < node.size(); i++) {
      merge(node.entry(i));
    }
    if (oldNodes.isAtEnd()) {
      addChangesBefore(null);
    }
  }

  private void merge(NodeEntry old) {
    addChangesBefore(old);
    if (rangeEnd != null && old.comparePath(rangeEnd) >= 0) {
      rangeEnd = null;
    }
    if (change != null && old.comparePath(change.path()) == 0) {
      apply(change);
      nextChange();
    } else if (rangeEnd == null) {
      chunker.add(old);
    }
  }

  /** Applies the changes before {@code old}; all that are left if it is null. */
  private void addChangesBefore(@Nullable NodeEntry old) {
    while (change != null && (old == null || old.comparePath(change.path()) > 0)) {
      apply(change);
      nextChange();
    }
    if (old == null) {
      rangeEnd = null;
    }
  }

  private void apply(LevelChange applied) {
    if (applied instanceof LevelChange.Put put) {
      chunker.add(put.entry());
    } else if (applied instanceof LevelChange.DeleteRange range) {
      rangeEnd = range.end();
    }
  }

  // The last node before the ones that were taken; none of those is left, or it would be at hand.
  private Optional<NodeEntry> nodeBefore() {
    return lastBefore(root, firstTakenPath);
  }

  private Optional<NodeEntry> lastBefore(Node node, PathBytes path) {
    int index = node.search(path, 0);
    if (node.level() <= level) {
      return Optional.empty();
    }
    boolean holdsNodes = node.level() == level + 1;
    if (!holdsNodes && index < node.size()) {
      Optional<NodeEntry> below =
          lastBefore(nodes.readChild(node.entry(index), node.level()), path);
      if (below.isPresent()) {
        return below;
      }
    }
    return index == 0 ? Optional.empty() : Optional.of(lastNode(node.entry(index - 1), node));
  }

  private NodeEntry lastNode(NodeEntry child, Node parent) {
    if (parent.level() == level + 1) {
      return child;
    }
    Node node = nodes.readChild(child, parent.level());
    return lastNode(node.last(), node);
  }

  private void joinTo(NodeEntry before) {
    removed.put(before.path(), before);
    Node node = nodes.readChild(before, level + 1);
    List<NodeEntry> entries = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      entries.add(node.entry(i));
    }
    chunker.join(entries);
  }

  private void write(List<NodeEntry> entries) {
    Node node = Node.of(level, entries);
    NodeEntry child = node.asChild();
    PathBytes path = child.path();
    NodeEntry same = removed.get(path);
    if (same == null || !same.hasSameIdentityAs(child)) {
      nodes.write(node, entries);
    }
    added.put(path, child);
  }

  /** What became of the nodes, in the order of their paths. */
  List<LevelChange> changesAbove() {
    List<LevelChange> above = new ArrayList<>();
    TreeMap<PathBytes, NodeEntry> touched = new TreeMap<>(removed);
    touched.putAll(added);
    for (PathBytes path : touched.keySet()) {
      NodeEntry before = removed.get(path);
      NodeEntry after = added.get(path);
      if (after == null) {
        above.add(new LevelChange.Delete(path));
      } else if (before == null || !before.hasSameIdentityAs(after)) {
        above.add(new LevelChange.Put(path, after));
      }
    }
    return above;
  }

  /** Whether the level has two nodes or more now; reads no node that was not read before. */
  boolean hasTwoNodes() {
    return added.size() > 1 || added.size() + keptNodes(2).size() > 1;
  }

  /** The only node that the level has now, if it has one. */
  Optional<NodeEntry> onlyNode() {
    return added.values().stream().findFirst().or(() -> keptNodes(1).stream().findFirst());
  }

  // The nodes that are as they were, up to a number or one more. An entry above this level stands
  // here twice: a node that is not of this level has two or more below it that are.
  private List<NodeEntry> keptNodes(int most) {
    List<NodeEntry> kept = new ArrayList<>();
    PathBytes before = PathBytes.of("");
    Cursor cursor = new Cursor(nodes, Optional.of(root));
    while (kept.size() < most && !cursor.isAtEnd()) {
      NodeEntry item = cursor.item();
      boolean isKept = removed.subMap(before, false, item.path(), true).isEmpty();
      boolean isAbove = cursor.itemLevel() > level + 1;
      if (!isKept && isAbove) {
        cursor.descend();
        continue;
      }
      if (isKept) {
        kept.addAll(isAbove ? List.of(item, item) : List.of(item));
      }
      before = item.path();
      cursor.advance();
    }
    return kept;
  }

  /**
   * The nodes that are new or were read; on the level of the root, these are all that there are.
   */
  Collection<NodeEntry> rewrittenNodes() {
    return added.values();
  }
}
