// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.TreeVisitor;
import io.beamwright.versioning.walk.CommitVisitor;
import io.beamwright.versioning.walk.CommitWalk;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Marks what is needed in an inventory of the store that was taken before. What is not in the
 * inventory was created since, and concerns no collection before the next.
 */
final class Mark {

  /** Of a node: with the bytes of the files. Of anything else: it is needed. */
  static final int NEEDED = 1;

  /** Of a node: it is needed, but not the bytes of its files. Of a commit: but not its files. */
  static final int WITHOUT_BYTES = 2;

  /** Of an object: all of it is needed. */
  static final int WHOLE = 4;

  /** Of an object that has been copied: something is needed that no copy has. */
  static final int NOT_MOVED = 8;

  /** It was deleted. */
  static final int DELETED = 16;

  private static final int MOST_CACHED_MAPS = 64;
  private static final String DATUMS = "/datums/";

  private final Store store;
  private final Storage storage;
  private final MovedMaps maps;
  private final CommitWalk walk;
  private final Runnable progress;
  private final Map<Space, Inventory> inventories = new HashMap<>();
  private final Inventory objects;
  private final Inventory moved;
  private final LiveRanges ranges = new LiveRanges();
  private final Set<Sha256> newNodes = new HashSet<>();
  private final Set<Sha256> newObjects = new HashSet<>();
  private final Map<Sha256, List<List<MovedMaps.Move>>> mapCache =
      new LinkedHashMap<>(MOST_CACHED_MAPS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sha256, List<List<MovedMaps.Move>>> eldest) {
          return size() > MOST_CACHED_MAPS;
        }
      };
  private boolean mayBeAbsent;
  private String neededBy = "";

  /** Takes the inventory of {@code store}; {@code progress} is called often, and may throw. */
  Mark(Store store, AtOnce atOnce, Runnable progress) {
    this.store = store;
    this.storage = store.storage();
    this.maps = new MovedMaps(storage);
    this.walk = new CommitWalk(store);
    this.progress = progress;
    for (Space space : Space.values()) {
      inventories.put(space, Inventory.of(storage, space, atOnce, progress));
    }
    this.objects = all(Space.OBJECTS);
    this.moved = all(Space.MOVED);
  }

  Inventory all(Space space) {
    return java.util.Objects.requireNonNull(inventories.get(space));
  }

  LiveRanges ranges() {
    return ranges;
  }

  /** Marks by {@code marking}; what is absent of it is not needed and no damage. */
  void asFarAsThere(Runnable marking) {
    boolean before = mayBeAbsent;
    mayBeAbsent = true;
    try {
      marking.run();
    } finally {
      mayBeAbsent = before;
    }
  }

  /** Says in the message of a fault what needs what is marked from now on. */
  void neededBy(String who) {
    neededBy = who;
  }

  // --- commits and trees ---

  /** Marks all that {@code commit} needs but other commits. */
  void commit(Commit commit) {
    walk.visit(commit, full);
  }

  /** Marks what is kept of a commit whose files are dropped. */
  void droppedCommit(Commit commit, boolean treeStays) {
    if (treeStays) {
      store.trees().walk(commit.tree(), withoutBytes(false));
      commit.datums().ifPresent(root -> store.trees().walk(root, withoutBytes(true)));
    }
    commit.provenance().ifPresent(made -> object(made.spec()));
    commit.provenance().flatMap(made -> made.code()).ifPresent(this::tree);
  }

  /** Marks a tree with the bytes of its files, and of the results that it may describe. */
  void tree(Sha256 root) {
    store.trees().walk(root, fullTree);
  }

  /** Marks {@code file}'s bytes. */
  void file(StoredFile file) {
    file.extents().forEach(this::extent);
  }

  /** Marks all that {@code result} names. */
  void result(DatumResult result) {
    result.files().forEach(this::file);
  }

  private class Full implements CommitVisitor {
    @Override
    public boolean enters(Sha256 id) {
      progress.run();
      return markNode(id, NEEDED, NEEDED);
    }

    @Override
    public void content(StoredFile file) {
      Mark.this.file(file);
    }

    @Override
    public void object(Sha256 id) {
      Mark.this.object(id);
    }

    @Override
    public void attachment(Extent whole) {
      extent(whole);
    }

    @Override
    public void unreadable(StoredFile datum, DamagedObject fault) {
      Mark.this.damaged(fault);
    }

    @Override
    public void damaged(Sha256 id, DamagedObject fault) {
      Mark.this.damaged(fault);
    }
  }

  private final CommitVisitor full = new Full();

  private final CommitVisitor fullTree =
      new Full() {
        @Override
        public void file(FileEntry file) {
          content(file.file());
          if (file.path().text().startsWith(DATUMS)) {
            describedResult(file.file());
          }
        }
      };

  // A file of people at such a path is no description, and names nothing.
  private void describedResult(StoredFile description) {
    try {
      byte[] json = store.files().readAll(description);
      result(DatumResult.of(CanonicalJson.parse(json).required("result")));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return;
    } catch (DamagedObject e) {
      damaged(e);
    }
  }

  private TreeVisitor withoutBytes(boolean describes) {
    return new TreeVisitor() {
      @Override
      public boolean enters(Sha256 id) {
        progress.run();
        return markNode(id, WITHOUT_BYTES, NEEDED | WITHOUT_BYTES);
      }

      @Override
      public void file(FileEntry file) {
        if (describes) {
          Mark.this.file(file.file());
        }
      }

      @Override
      public void attachment(Extent whole) {
        extent(whole);
      }

      @Override
      public void damaged(Sha256 id, DamagedObject fault) {
        Mark.this.damaged(fault);
      }
    };
  }

  private boolean markNode(Sha256 id, int mark, int isDone) {
    int at = all(Space.TREES).first(id);
    if (at < 0) {
      return newNodes.add(id);
    }
    if (all(Space.TREES).has(at, isDone)) {
      return false;
    }
    all(Space.TREES).mark(at, mark);
    return true;
  }

  // --- bytes ---

  /** Marks an object that is named by its digest alone. */
  void object(Sha256 id) {
    int at = objects.first(id);
    if (at >= 0) {
      objects.mark(at, NEEDED | WHOLE);
      if (moved.first(id) >= 0) {
        objects.mark(at, NOT_MOVED);
      }
    } else {
      elsewhere(new Extent(ObjectRef.of(id), 0, 0), 0);
    }
  }

  /** Marks the bytes of {@code extent}, wherever they lie. */
  void extent(Extent extent) {
    extent(extent, 0);
  }

  private void extent(Extent extent, int moves) {
    Sha256 id = extent.object().id();
    int at = objects.find(id, extent.object().generation());
    at = at >= 0 ? at : objects.first(id);
    if (at < 0) {
      elsewhere(extent, moves);
      return;
    }
    objects.mark(at, NEEDED);
    long size = objects.bytes(at);
    if (extent.length() == size || !LiveRanges.canHold(size)) {
      objects.mark(at, WHOLE);
    } else if (extent.length() > 0 && extent.offset() + extent.length() <= size) {
      ranges.add(at, extent.offset(), (int) extent.length());
    }
    if (moved.first(id) >= 0 && !moved(extent, moves)) {
      objects.mark(at, NOT_MOVED);
    }
  }

  /** Marks the bytes of an extent whose object is not in the inventory. */
  private void elsewhere(Extent extent, int moves) {
    Sha256 id = extent.object().id();
    if (newObjects.contains(id) || moved(extent, moves)) {
      return;
    }
    if (isThereNow(Space.OBJECTS, id)) {
      newObjects.add(id);
    } else if (!mayBeAbsent) {
      throw stopped(
          storage.location()
              + "/"
              + StoreLayout.object(id, extent.object().generation())
              + " is absent");
    }
  }

  private boolean isThereNow(Space space, Sha256 id) {
    return !storage.list(space.key(id, 0).text(), Optional.empty(), 1).isEmpty();
  }

  /** Marks the map that says where {@code extent} is now, and what is there. */
  private boolean moved(Extent extent, int moves) {
    if (moves > MovedMaps.MOST_MOVES) {
      return false;
    }
    Sha256 id = extent.object().id();
    List<List<MovedMaps.Move>> known = mapCache.get(id);
    if (known == null) {
      known = readMaps(id);
      mapCache.put(id, known);
    }
    for (List<MovedMaps.Move> map : known) {
      Optional<Extent> now = MovedMaps.within(map, extent);
      if (now.isPresent()) {
        markMaps(id);
        extent(now.get(), moves + 1);
        return true;
      }
    }
    return false;
  }

  private List<List<MovedMaps.Move>> readMaps(Sha256 id) {
    try {
      return storage.list(StoreLayout.movedMap(id, 0).text(), Optional.empty(), 1_000).stream()
          .map(Listed::key)
          .map(maps::read)
          .toList();
    } catch (DamagedObject e) {
      damaged(e);
      return List.of();
    }
  }

  private void markMaps(Sha256 pack) {
    for (int at = moved.first(pack); at >= 0 && moved.is(at, pack); at++) {
      moved.mark(at, NEEDED);
    }
  }

  /** Marks what the map at this place of its inventory leads to. */
  void map(int at) {
    moved.mark(at, NEEDED);
    try {
      maps.read(moved.key(at)).forEach(move -> extent(move.now()));
    } catch (DamagedObject e) {
      damaged(e);
    }
  }

  // --- damage ---

  private void damaged(DamagedObject fault) {
    if (!mayBeAbsent) {
      throw stopped(String.valueOf(fault.getMessage()).replaceFirst("\\.$", ""));
    }
  }

  private EnvironmentFault stopped(String what) {
    return new EnvironmentFault(
        "Nothing is collected: " + what + ", and " + neededBy + " needs it.",
        "See all that is damaged by: beamwright fsck; repair it from a copy of the store, and run"
            + " gc again. What would be collected may be what is left of it.");
  }
}
