// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.commit.CommitId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which commits touched a path, as git's default history simplification has it (git-log(1),
 * "History Simplification"): a commit whose path is the same as in one of its parents did not touch
 * it, and only the first such parent is followed, for that is where the path came from. Other
 * commits touched it, merges too, and all their parents are followed. So a change that a merge
 * brought in is listed once, at the commit that made it, and a change that was dropped by a merge
 * is not listed.
 */
final class PathLog {

  private final CommitGraph graph;
  private final String path;
  private final Set<CommitId> seen = new HashSet<>();
  private final PriorityQueue<GraphNode> next =
      new PriorityQueue<>(
          Comparator.comparing(GraphNode::time).thenComparingLong(GraphNode::depth).reversed());

  PathLog(CommitGraph graph, String path) {
    this.graph = graph;
    this.path = path;
  }

  /** The commits from {@code head} back, newest first by their times. */
  Stream<Touch> from(CommitId head) {
    follow(graph.node(head));
    return Stream.generate(this::nextTouch)
        .takeWhile(Optional::isPresent)
        .map(Optional::orElseThrow);
  }

  private Optional<Touch> nextTouch() {
    while (!next.isEmpty()) {
      GraphNode node = next.remove();
      Optional<GraphNode> same = parentWithTheSame(node);
      if (same.isPresent()) {
        follow(same.get());
      } else if (!node.parents().isEmpty() || graph.files(node).holds(path)) {
        parents(node).forEach(this::follow);
        return Optional.of(new Touch(node.id(), how(node)));
      }
    }
    return Optional.empty();
  }

  private void follow(GraphNode node) {
    if (seen.add(node.id())) {
      next.add(node);
    }
  }

  private List<GraphNode> parents(GraphNode node) {
    return node.parents().stream().map(parent -> graph.parent(node, parent)).toList();
  }

  private Optional<GraphNode> parentWithTheSame(GraphNode node) {
    for (int i = 0; i < node.parents().size(); i++) {
      GraphNode parent = graph.parent(node, node.parents().get(i));
      // What is known of changes is known against the first parent.
      boolean same = i == 0 ? !touches(node, parent) : !differs(parent, node);
      if (same) {
        return Optional.of(parent);
      }
    }
    return Optional.empty();
  }

  private boolean touches(GraphNode node, GraphNode firstParent) {
    return !node.tree().equals(firstParent.tree())
        && (isRoot() || graph.withChanges(node).changed().orElseThrow().mayHold(path))
        && differs(firstParent, node);
  }

  // Every change is one of the root, so no filter holds it.
  private boolean isRoot() {
    return path.equals("/");
  }

  private boolean differs(GraphNode one, GraphNode other) {
    return graph.files(one).diff(graph.files(other), path).findFirst().isPresent();
  }

  private Touch.How how(GraphNode node) {
    boolean before =
        node.parents().stream()
            .findFirst()
            .map(parent -> graph.files(graph.parent(node, parent)).holds(path))
            .orElse(false);
    if (!before) {
      return Touch.How.ADDED;
    }
    return graph.files(node).holds(path) ? Touch.How.CHANGED : Touch.How.REMOVED;
  }
}
