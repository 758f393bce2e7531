// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.graph;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.Tree;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The commits of one repo and their parents. What was asked of a store before is kept in a cache of
 * this machine, so that a question about ten thousand commits need not read ten thousand objects.
 * For one thread; closing it writes what is new to the cache, and leaves the store open.
 */
public final class CommitGraph implements AutoCloseable {

  private final Store store;
  private final Optional<GraphCache> cache;
  private final Map<Sha256, GraphNode> nodes;
  private final Map<Sha256, GraphNode> news = new HashMap<>();

  /**
   * The graph of {@code repo}.
   *
   * @param cacheFolder where this machine keeps caches; without one nothing is kept
   */
  public CommitGraph(Store store, Repo repo, Optional<Path> cacheFolder) {
    this.store = store;
    this.cache =
        cacheFolder.map(folder -> new GraphCache(folder.resolve("commit-graph"), repo.id()));
    this.nodes = cache.map(GraphCache::load).orElseGet(HashMap::new);
  }

  /**
   * The best common ancestors of {@code one} and {@code other}: the commits that both are or come
   * after, but for those that another such commit comes after. None if they have nothing in common,
   * and more than one where branches were merged crosswise; in the order of their ids.
   */
  public List<CommitId> mergeBases(CommitId one, CommitId other) {
    return mergeBases(Set.of(one), Set.of(other));
  }

  /** The same, where a side is a merge of several commits that was never made. */
  public List<CommitId> mergeBases(Collection<CommitId> ones, Collection<CommitId> others) {
    return new Painting(this).bestCommon(ones, others);
  }

  /** Whether {@code descendant} is {@code ancestor} or comes after it, along any parents. */
  public boolean isAncestor(CommitId ancestor, CommitId descendant) {
    return mergeBases(ancestor, descendant).equals(List.of(ancestor));
  }

  /**
   * The commits that touched the file or folder {@code path}, from {@code head} back: see {@link
   * PathLog}. Lazy, sequential, need not be closed.
   */
  public Stream<Touch> touching(CommitId head, String path) {
    return new PathLog(this, path).from(head);
  }

  GraphNode node(CommitId id) {
    GraphNode known = nodes.get(id.digest());
    return known == null ? keep(GraphNode.of(id, store.commits().read(id))) : known;
  }

  /**
   * A parent of {@code child}.
   *
   * @throws EnvironmentFault if its depth is not below the child's: every walk relies on that
   */
  GraphNode parent(GraphNode child, CommitId id) {
    GraphNode parent = node(id);
    if (parent.depth() >= child.depth()) {
      throw new EnvironmentFault(
          "The commit %s in %s is damaged: its depth is %d, and that of its parent %s is %d."
              .formatted(child.id(), store.storage().location(), child.depth(), id, parent.depth()),
          "It was not written by Beamwright; leave it out of the history.");
    }
    return parent;
  }

  /** The node with what its commit changed, which is found out now if nobody has before. */
  GraphNode withChanges(GraphNode node) {
    if (node.changed().isPresent()) {
      return node;
    }
    Stream<String> changed = before(node).diff(files(node)).map(change -> change.path().text());
    return keep(node.with(ChangedPaths.of(changed)));
  }

  private Tree before(GraphNode node) {
    return node.parents().stream()
        .findFirst()
        .map(parent -> files(parent(node, parent)))
        .orElse(store.trees().empty());
  }

  Tree files(GraphNode node) {
    return store.droppedCommits().explain(node.id(), () -> store.trees().open(node.tree()));
  }

  private GraphNode keep(GraphNode node) {
    nodes.put(node.id().digest(), node);
    news.put(node.id().digest(), node);
    return node;
  }

  @Override
  public void close() {
    if (!news.isEmpty()) {
      cache.ifPresent(kept -> kept.add(news.values(), nodes.values()));
      news.clear();
    }
  }
}
