// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.gc.Adoption;
import io.beamwright.versioning.gc.DroppedCommits;
import io.beamwright.versioning.gc.KeptLeaf;
import io.beamwright.versioning.gc.Lookout;
import io.beamwright.versioning.gc.SessionClock;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.StoredNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One writer of a store: the only way in which anything that is named by its digest gets into it,
 * and what keeps writers clear of garbage collection. Safe for many threads.
 *
 * <p>Before its first write, and at the next write whenever five minutes have passed, a writer
 * looks whether there is a list of what will be deleted. While there is one, what is on it is not
 * used: it is stored again, in the next generation. A list stands for ten minutes at least, so
 * nothing is deleted that was not on a list when a writer last looked, before the write that names
 * it. A writer that finds a list that was not there when it began is <em>late</em>: it may hold
 * what that list has or had on it. From then on it makes sure of everything that it names, that it
 * is there and stays.
 *
 * <p>What this rests on: a call to the storage takes less than five minutes longer than the process
 * that makes it can tell.
 */
public final class WriteSession {

  private final FeatureWatch features;
  private final Storage storage;
  private final Storage copies;
  private final Lookout lookout;
  private final Reached reached = new Reached();
  private final Set<CommitId> made = ConcurrentHashMap.newKeySet();
  private final Set<Sha256> written = ConcurrentHashMap.newKeySet();
  private final BytesGo bytesGo = new BytesGo();

  /** A writer to {@code storage}, which the caller closes. */
  public WriteSession(Storage storage) {
    this(storage, storage);
  }

  /**
   * The same.
   *
   * @param copies {@code storage}, perhaps seen through copies on this machine of what it held once
   */
  public WriteSession(Storage storage, Storage copies) {
    this(storage, copies, SessionClock.SYSTEM);
  }

  /** The same, by other clocks. */
  public WriteSession(Storage storage, SessionClock clock) {
    this(storage, storage, clock);
  }

  private WriteSession(Storage storage, Storage copies, SessionClock clock) {
    this.features = new FeatureWatch(storage, clock);
    this.storage = new WatchedStorage(storage, features);
    this.copies = copies == storage ? this.storage : new WatchedStorage(copies, features);
    this.lookout = new Lookout(this.storage, clock, this::forgetReached);
  }

  /**
   * Looks whether this version knows every feature that the store has now; one list request. Where
   * it does not, this session writes nothing any more. It looks by itself before a write when five
   * minutes have passed.
   *
   * @throws NewerStore if it does not
   */
  public void requireKnownFeatures() {
    features.look();
  }

  /** Where it writes; refuses to, when the store has a feature that this version does not know. */
  public Storage storage() {
    return storage;
  }

  /**
   * Where inner nodes may be read of a tree whose root is in the storage itself: then all of the
   * tree is there, and an inner node says nothing but what its id covers. Leaves must not: those
   * that were stored again say other places.
   */
  public Storage copies() {
    return copies;
  }

  // --- what it writes ---

  /**
   * Makes the bytes whose SHA-256 is {@code id} durable as an object; says in which generation they
   * are. What is there already is used, after a look at its size, unless it is condemned.
   *
   * @throws DamagedObject if it is there with another size
   */
  public ObjectRef createObject(Sha256 id, Content content) {
    return createObject(id, content, checks());
  }

  private ObjectRef createObject(Sha256 id, Content content, Optional<Adoption> list) {
    int generation = list.map(condemned -> condemned.freeGeneration(id)).orElse(0);
    StorageKey key = StoreLayout.object(id, generation);
    if (storage.createIfAbsent(key, content) == Creation.EXISTS) {
      requireSize(key, content.size());
    }
    list.ifPresent(condemned -> condemned.isSafe(id));
    return new ObjectRef(id, generation);
  }

  // Its bytes are checked by who reads them; that it was cut short is cheap to see.
  private void requireSize(StorageKey key, long size) {
    for (Listed listed : storage.list(key.text(), Optional.empty(), 1)) {
      if (listed.key().equals(key) && listed.size() != size) {
        String holds = "the " + size + " bytes that its name is the SHA-256 of";
        throw DamagedObject.at(storage, key, holds, "has " + listed.size() + " bytes");
      }
    }
  }

  /**
   * Makes a map of {@code pack} durable, beside those that it has: what was at the old offset of
   * each of {@code moves}, in the order of these, is where that says, and is there already.
   */
  public void createMap(Sha256 pack, List<MovedMaps.Move> moves) {
    createMap(pack, moves, checks());
  }

  private void createMap(Sha256 pack, List<MovedMaps.Move> moves, Optional<Adoption> list) {
    new MovedMaps(storage)
        .create(
            pack,
            moves,
            least -> list.map(condemned -> condemned.freeMap(pack, least)).orElse(least));
    list.ifPresent(condemned -> condemned.isMapped(pack));
  }

  /**
   * Makes the node of a tree whose identity is {@code id} durable. What it names is there already:
   * children that this writer wrote, or that lie in trees it asked about by {@link #useTree}.
   *
   * @param stored its stored form
   * @param node what it names; asked for only if that has to be checked
   */
  public void createNode(Sha256 id, Content stored, Supplier<StoredNode> node) {
    Optional<Adoption> list = checks();
    if (list.isPresent()) {
      list.get()
          .createNode(
              id,
              stored,
              node.get(),
              written::contains,
              (leaf, key, written) -> makeWhole(leaf, key, written, list));
    } else {
      StorageKey key = StoreLayout.treeNode(id, 0);
      if (copies.createIfAbsent(key, stored) == Creation.EXISTS) {
        makeWhole(id, key, node.get(), list);
      }
    }
    written.add(id);
  }

  // A leaf is whole wherever it was written before, unless a rule let its bytes go since, which is
  // written down before any of them goes.
  private void makeWhole(Sha256 id, StorageKey key, StoredNode written, Optional<Adoption> list) {
    if (written.isLeaf() && bytesGo.look()) {
      new KeptLeaf(
              storage,
              (object, content) -> createObject(object, content, list),
              (pack, moves) -> createMap(pack, moves, list))
          .makeWhole(id, key, written);
    }
  }

  /** Makes {@code commit}, whose id is {@code id}, durable. */
  public void createCommit(CommitId id, Commit commit) {
    Optional<Adoption> list = checks();
    if (list.isPresent()) {
      list.get().createCommit(id, commit, reached::has, reached::has);
    } else {
      StorageKey key = StoreLayout.commit(id.digest());
      var unused = copies.createIfAbsent(key, Content.of(commit.bytes()));
    }
    made.add(id);
  }

  // --- what it relies on ---

  /** A ref names {@code commit} now: it cannot be deleted for as long as the grace. */
  public void reached(CommitId commit) {
    reached.add(commit);
  }

  /**
   * {@code commit} is about to be read. If no ref names it, what comes of that has to be checked
   * against any list that stands from now on.
   *
   * @return where it may be read
   */
  public Storage reading(CommitId commit) {
    if (reached.has(commit)) {
      return copies;
    }
    synchronized (this) {
      lookout.beforeReading();
    }
    return storage;
  }

  /** {@code commit} was read: if a ref names it, its trees are as safe. */
  public void read(CommitId id, Commit commit) {
    reached.addTrees(id, commit);
  }

  /** The newest entry of a log that garbage collection follows names the tree {@code root}. */
  public void reachedTree(Sha256 root) {
    reached.add(root);
  }

  /**
   * Makes sure that parts of the tree {@code root} can be made parts of others; what is condemned
   * of it is stored again.
   *
   * @throws ConflictFault if something of it is gone
   */
  public void useTree(Sha256 root) {
    checks().filter(list -> !reached.has(root)).ifPresent(list -> list.tree(root));
  }

  /** Makes sure of the bytes of {@code file} likewise. */
  public void useFile(StoredFile file) {
    checks().ifPresent(list -> file.extents().forEach(list::extent));
  }

  /** Makes sure of the object {@code id} likewise. */
  public void useObject(Sha256 id) {
    checks().ifPresent(list -> list.object(id));
  }

  /** Whether {@code extent} lies in what will be deleted, and nowhere else. */
  public boolean isCondemned(Extent extent) {
    return checks().filter(list -> list.isCondemned(extent)).isPresent();
  }

  /**
   * To be called immediately before anything is written that makes {@code commit} reachable, if it
   * is not sure that this has just been called: makes sure of it, and of all that it needs.
   *
   * @throws ConflictFault if something of it is gone
   * @throws io.beamwright.versioning.fault.UserFault if its files were dropped by a rule
   */
  public void beforePublishing(CommitId commit) {
    Optional<Adoption> list = checks();
    if (reached.has(commit)) {
      return;
    }
    boolean isOurs = made.contains(commit);
    if (!isOurs) {
      new DroppedCommits(storage).refuseWithoutBytes(commit);
    }
    if (list.isPresent() || !isOurs) {
      checksOfOthers().commit(commit);
    }
  }

  /** The same for a tree that becomes reachable by itself. */
  public void beforePublishing(Sha256 root) {
    checks().filter(list -> !reached.has(root)).ifPresent(list -> list.tree(root));
  }

  /** The same for what names nothing, or only what was checked just now. */
  public void beforePublishing() {
    var unused = checks();
  }

  /**
   * What refs and logs name. Asked by an {@link Adoption} at work, so it takes no other lock: who
   * looks for a list has the session's, and waits for the adoption.
   */
  private static final class Reached {

    private final Set<CommitId> commits = new HashSet<>();
    private final Set<Sha256> trees = new HashSet<>();

    synchronized void add(CommitId commit) {
      commits.add(commit);
    }

    synchronized void add(Sha256 tree) {
      trees.add(tree);
    }

    synchronized void addTrees(CommitId id, Commit commit) {
      if (commits.contains(id)) {
        trees.add(commit.tree());
        commit.datums().ifPresent(trees::add);
      }
    }

    synchronized boolean has(CommitId commit) {
      return commits.contains(commit);
    }

    synchronized boolean has(Sha256 tree) {
      return trees.contains(tree);
    }

    synchronized void clear() {
      commits.clear();
      trees.clear();
    }
  }

  // --- what garbage collection is about to do ---

  private synchronized Optional<Adoption> checks() {
    return lookout.checks();
  }

  private synchronized Adoption checksOfOthers() {
    return lookout.checksOfOthers();
  }

  private void forgetReached() {
    reached.clear();
    bytesGo.forget();
  }

  /**
   * Whether a rule lets bytes go. Asked once for each look: before bytes go there is a list, which
   * stands longer than a look. A lock of its own, for the same reason as that of what is reached.
   */
  private final class BytesGo {

    private Optional<Boolean> known = Optional.empty();

    synchronized boolean look() {
      if (known.isEmpty()) {
        known = Optional.of(new DroppedCommits(storage).isAny());
      }
      return known.get();
    }

    synchronized void forget() {
      known = Optional.empty();
    }
  }
}
