// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.commit.CommitId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Finds common ancestors by painting what comes before each side in its colour, the deepest commits
 * first: git's {@code paint_down_to_common} (commit-reach.c). A commit is deeper than all before
 * it, so when its turn comes every commit after it has had its own, and its colours are final: the
 * answer is exact, whatever the clocks said. Ends when all that is left comes before an answer.
 */
final class Painting {

  private static final int ONE = 1;
  private static final int OTHER = 2;
  private static final int BOTH = ONE | OTHER;
  private static final int STALE = 4;

  private final CommitGraph graph;
  private final Map<CommitId, Integer> colours = new HashMap<>();
  private final PriorityQueue<GraphNode> next =
      new PriorityQueue<>(Comparator.comparingLong(GraphNode::depth).reversed());
  // Commits in the queue that may still lead to an answer.
  private int fresh;

  Painting(CommitGraph graph) {
    this.graph = graph;
  }

  List<CommitId> bestCommon(Collection<CommitId> ones, Collection<CommitId> others) {
    ones.forEach(id -> paint(graph.node(id), ONE));
    others.forEach(id -> paint(graph.node(id), OTHER));
    List<CommitId> best = new ArrayList<>();
    while (fresh > 0) {
      GraphNode node = next.remove();
      int colour = colours.getOrDefault(node.id(), 0);
      fresh -= isStale(colour) ? 0 : 1;
      if (colour == BOTH) {
        best.add(node.id());
      }
      int handedDown = (colour & BOTH) == BOTH ? BOTH | STALE : colour;
      node.parents().forEach(parent -> paint(graph.parent(node, parent), handedDown));
    }
    best.sort(Comparator.comparing(CommitId::digest));
    return best;
  }

  private void paint(GraphNode node, int colour) {
    Integer before = colours.put(node.id(), colours.getOrDefault(node.id(), 0) | colour);
    int after = colours.getOrDefault(node.id(), 0);
    if (before == null) {
      next.add(node);
      fresh += isStale(after) ? 0 : 1;
    } else if (!isStale(before) && isStale(after)) {
      fresh--;
    }
  }

  private static boolean isStale(int colour) {
    return (colour & STALE) != 0;
  }
}
