// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import io.beamwright.versioning.DigestMap;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.Whereabouts;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeVisitor;
import io.beamwright.versioning.walk.CommitVisitor;
import io.beamwright.versioning.walk.CommitWalk;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what some commits need that the target does not have: nodes, and how much of each object. A
 * node that is at the target is whole, and nothing below it is looked at; but where a rule let
 * bytes go and kept trees, everything is.
 */
final class Survey {

  private final Store from;
  private final Store to;
  private final boolean trial;
  private final CommitWalk walk;
  private final boolean targetLetBytesGo;
  private final DigestSet nodes = new DigestSet();
  private final DigestSet present = new DigestSet();
  private final DigestSet whole = new DigestSet();
  private final DigestMap bytes = new DigestMap();
  private final Whereabouts.Holdings holdings;
  private final Map<Sha256, Set<Extent>> moved = new HashMap<>();

  /** A {@code trial} writes nothing. */
  Survey(Store from, Store to, boolean trial) {
    this.from = from;
    this.to = to;
    this.trial = trial;
    this.walk = new CommitWalk(from);
    this.holdings = Whereabouts.holdings(from.storage());
    this.targetLetBytesGo = to.droppedCommits().isAny();
  }

  /**
   * Everything that {@code commit} needs; {@code base} is a tree of the target that is like its.
   */
  void commit(Commit commit, Optional<Tree> base) {
    walk.visit(commit, new Seen(base));
  }

  /** What is kept of a commit whose files were let go. */
  void droppedCommit(Commit commit, boolean treeStays) {
    commit.provenance().ifPresent(made -> need(made.spec()));
    commit
        .provenance()
        .flatMap(made -> made.code())
        .ifPresent(code -> from.trees().walk(code, new Seen(Optional.empty())));
    if (treeStays) {
      from.trees().walk(commit.tree(), new WithoutBytes());
      // What was run stays, though not what came of it.
      commit.datums().ifPresent(root -> from.trees().walk(root, new Seen(Optional.empty())));
    }
  }

  /** The bytes of {@code file}, which some text names where they lie: these objects as they are. */
  void file(StoredFile file) {
    for (Extent extent : file.extents()) {
      Sha256 object = extent.object().id();
      need(object);
      if (moved.containsKey(object)) {
        moved.get(object).add(extent);
      }
    }
  }

  /** An object that is needed under its name; or, if it is not here any more, what it led to. */
  private void need(Sha256 object) {
    if (!whole.contains(object) && holdings.generations(object).isEmpty()) {
      moved.put(object, new HashSet<>());
    }
    whole.add(object);
    needSome(object, 0);
  }

  private void needSome(Sha256 object, long length) {
    var unused = bytes.put(object, bytes.get(object, 0) + length);
  }

  private boolean enters(Sha256 id) {
    if (present.contains(id) || nodes.contains(id)) {
      return false;
    }
    if (!targetLetBytesGo && isAtTarget(id)) {
      present.add(id);
      if (!trial) {
        // If garbage collection is about to take it, it is stored again.
        to.session().useTree(id);
      }
      return false;
    }
    return nodes.add(id);
  }

  private boolean isAtTarget(Sha256 node) {
    String key = StoreLayout.treeNode(node, 0).text();
    return !to.storage().list(key, Optional.empty(), 1).isEmpty();
  }

  /** The nodes that the target does not have. */
  DigestSet nodes() {
    return nodes;
  }

  /** How many bytes are needed of each object, whether the target has it or not. */
  DigestMap objects() {
    return bytes;
  }

  /** What is needed of {@code object}; nothing unless it was not here any more when it was met. */
  Set<Extent> moved(Sha256 object) {
    return moved.getOrDefault(object, Set.of());
  }

  /** Whether {@code object} was here when it was met. */
  boolean wasHere(Sha256 object) {
    return !moved.containsKey(object);
  }

  /** Whether all of {@code object} is needed, under its name. */
  boolean needsWhole(Sha256 object) {
    return whole.contains(object);
  }

  private final class Seen implements CommitVisitor {

    private final Optional<Tree> base;

    Seen(Optional<Tree> base) {
      this.base = base;
    }

    @Override
    public boolean enters(Sha256 id) {
      return Survey.this.enters(id);
    }

    @Override
    public void file(FileEntry file) {
      boolean isThere =
          base.flatMap(tree -> tree.find(file.path())).filter(file::isSameAs).isPresent();
      if (!isThere) {
        for (Extent extent : file.file().extents()) {
          needSome(extent.object().id(), extent.length());
        }
      }
    }

    @Override
    public void content(StoredFile file) {
      Survey.this.file(file);
    }

    @Override
    public void object(Sha256 id) {
      need(id);
    }

    // Made anew with the node, which names where the target has what it names.
    @Override
    public void attachment(Extent attachment) {}

    @Override
    public void unreadable(StoredFile datum, DamagedObject fault) {
      throw fault;
    }
  }

  private final class WithoutBytes implements TreeVisitor {
    @Override
    public boolean enters(Sha256 id) {
      return Survey.this.enters(id);
    }

    @Override
    public void file(FileEntry file) {}

    @Override
    public void attachment(Extent attachment) {}
  }
}
