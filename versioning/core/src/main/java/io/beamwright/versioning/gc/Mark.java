// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.Whereabouts;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.TreeVisitor;
import io.beamwright.versioning.walk.CommitVisitor;
import io.beamwright.versioning.walk.CommitWalk;
import java.util.HashMap;
import java.util.HashSet;
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

  private static final List<Integer> FIRST = List.of(0);
  private static final String DATUMS = "/datums/";

  private final Store store;
  private final Storage storage;
  private final Whereabouts.Holdings stored;
  private final Whereabouts.Holdings maps;
  private final Whereabouts whereabouts = new Whereabouts(new Listed());
  private final Whereabouts whereaboutsNow = new Whereabouts(new Now());
  private final CommitWalk walk;
  private final Runnable progress;
  private final Map<Space, Inventory> inventories = new HashMap<>();
  private final Inventory objects;
  private final Inventory moved;
  private final LiveRanges ranges = new LiveRanges();
  private final Set<Sha256> newNodes = new HashSet<>();
  private final Set<Sha256> newObjects = new HashSet<>();
  private final DigestSet absent = new DigestSet();
  private boolean mayBeAbsent;
  private String neededBy = "";

  /** Takes the inventory of {@code store}; {@code progress} is called often, and may throw. */
  Mark(Store store, AtOnce atOnce, Runnable progress) {
    this.store = store;
    this.storage = store.storage();
    this.stored = Whereabouts.holdings(storage);
    this.maps = Whereabouts.remembered(storage);
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
      elsewhere(new Extent(ObjectRef.of(id), 0, 0), Set.of());
    }
  }

  /** Marks the bytes of {@code extent}, wherever they lie. */
  void extent(Extent extent) {
    extent(extent, Set.of());
  }

  /**
   * The same, where these bytes are found because they moved.
   *
   * @param goes the objects that they moved from: each may be deleted because they are here, so
   *     none of them counts as a place where they are
   */
  private void extent(Extent extent, Set<Sha256> goes) {
    Sha256 id = extent.object().id();
    int at = objects.find(id, extent.object().generation());
    at = at >= 0 ? at : objects.first(id);
    if (at < 0) {
      elsewhere(extent, goes);
      return;
    }
    objects.mark(at, NEEDED);
    long size = objects.bytes(at);
    if (extent.length() == size || !LiveRanges.canHold(size)) {
      objects.mark(at, WHOLE);
    } else if (extent.length() > 0 && extent.offset() + extent.length() <= size) {
      ranges.add(at, extent.offset(), (int) extent.length());
    }
    // What came since the inventory is not asked for: the object stays then, until the next time.
    if (moved.first(id) >= 0 && !moved(extent, with(goes, id), whereabouts)) {
      objects.mark(at, NOT_MOVED);
    }
  }

  private static Set<Sha256> with(Set<Sha256> some, Sha256 another) {
    Set<Sha256> all = new HashSet<>(some);
    all.add(another);
    return all;
  }

  /** Marks the bytes of an extent whose object is not in the inventory. */
  private void elsewhere(Extent extent, Set<Sha256> goes) {
    Sha256 id = extent.object().id();
    if (mayBeAbsent && absent.contains(id)) {
      return;
    }
    boolean isThere =
        newObjects.contains(id)
            || moved(extent, goes, whereabouts)
            || moved(extent, goes, whereaboutsNow)
            || isNew(id);
    if (!isThere && moved.first(id) < 0) {
      absent.add(id);
    }
    if (!isThere && !mayBeAbsent) {
      throw stopped(
          storage.location()
              + "/"
              + StoreLayout.object(id, extent.object().generation())
              + " is absent");
    }
  }

  /** Whether an object that is not in the inventory was created since. */
  private boolean isNew(Sha256 id) {
    if (!newObjects.contains(id) && !stored.generations(id).isEmpty()) {
      newObjects.add(id);
    }
    return newObjects.contains(id);
  }

  /** Marks the maps that lead from {@code extent} to the same bytes elsewhere, and those. */
  private boolean moved(Extent extent, Set<Sha256> goes, Whereabouts among) {
    Optional<Whereabouts.Way> way = Optional.empty();
    try {
      way = among.findMoved(extent, object -> !goes.contains(object));
    } catch (DamagedObject e) {
      damaged(e);
    }
    way.ifPresent(
        found -> {
          found.hops().forEach(this::markMap);
          extent(found.end(), goes);
        });
    return way.isPresent();
  }

  private void markMap(Whereabouts.Hop hop) {
    int at = moved.find(hop.pack(), hop.generation());
    if (at >= 0) {
      moved.mark(at, NEEDED);
    }
  }

  /** What the inventory lists, and what is known to have been created since. */
  private class Listed implements Whereabouts.Holdings {

    @Override
    public List<Integer> generations(Sha256 object) {
      return newObjects.contains(object) ? FIRST : objects.generations(object);
    }

    @Override
    public List<Integer> maps(Sha256 pack) {
      return moved.generations(pack);
    }

    @Override
    public List<MovedMaps.Move> map(Sha256 pack, int generation) {
      return maps.map(pack, generation);
    }
  }

  /** What the inventory lists, and what was created since. */
  private final class Now extends Listed {

    @Override
    public List<Integer> generations(Sha256 object) {
      List<Integer> listed = objects.generations(object);
      return listed.isEmpty() && isNew(object) ? FIRST : listed;
    }

    @Override
    public List<Integer> maps(Sha256 pack) {
      return stored.maps(pack);
    }
  }

  /** Marks what the map at this place of its inventory leads to. */
  void map(int at) {
    moved.mark(at, NEEDED);
    try {
      stored.map(moved.id(at), moved.generation(at)).forEach(move -> extent(move.now()));
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
