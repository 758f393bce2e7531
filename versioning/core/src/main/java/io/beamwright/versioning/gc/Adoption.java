// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.StoredNode;
import io.beamwright.versioning.tree.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes things safe from one list of what will be deleted: what is on it, and needed, is copied
 * into the next generation.
 *
 * <p>What makes it cheap: whatever was there when the collection began that wrote the list, and is
 * not on it, was needed then; and so was all that it names. Only what was created since has to be
 * looked into.
 */
public final class Adoption {

  private static final int MOST_GENERATIONS = 1_000;
  private static final int MOST_NODE_BYTES = 256 << 20;
  private static final String DATUMS = "/datums/";

  private final Storage storage;
  private final CondemnedList list;
  private final StoredFiles files;
  private final MovedMaps maps;
  private final Set<Sha256> safeNodes = new HashSet<>();
  private final Set<CommitId> safeCommits = new HashSet<>();
  private final Set<Extent> safeExtents = new HashSet<>();
  private final Set<Sha256> safeObjects = new HashSet<>();
  private final boolean isLate;

  /**
   * @param isLate whether what is on no list has to be looked for too: a list of before may have
   *     had it
   */
  Adoption(Storage storage, CondemnedList list, boolean isLate) {
    this.storage = storage;
    this.list = list;
    this.isLate = isLate;
    this.files = new StoredFiles(storage);
    this.maps = new MovedMaps(storage);
  }

  /** The object {@code id} was stored just now. */
  public synchronized void isSafe(Sha256 id) {
    safeObjects.add(id);
  }

  /** The same when the list is done with: what was safe from it is there, and stays. */
  synchronized Adoption withoutList() {
    Adoption without = new Adoption(storage, new CondemnedList(storage, ListEntry.NONE), true);
    without.safeNodes.addAll(safeNodes);
    without.safeCommits.addAll(safeCommits);
    without.safeExtents.addAll(safeExtents);
    without.safeObjects.addAll(safeObjects);
    return without;
  }

  /** The lowest generation of the object {@code id} that is not condemned. */
  public int freeGeneration(Sha256 id) {
    return list.freeGeneration(Space.OBJECTS, id);
  }

  // --- commits ---

  /**
   * Writes a commit, and makes sure of what it names.
   *
   * @param isReached whether a commit is safe because a ref names it
   * @param isReachedTree whether a tree is
   */
  public synchronized void createCommit(
      CommitId id, Commit commit, Predicate<CommitId> isReached, Predicate<Sha256> isReachedTree) {
    needs(commit, isReachedTree).stream().filter(isReached.negate()).forEach(this::commit);
    Space space = Space.COMMITS;
    StorageKey key = space.key(id.digest(), list.freeGeneration(space, id.digest()));
    var unused = storage.createIfAbsent(key, Content.of(commit.bytes()));
    safeCommits.add(id);
  }

  /** Makes sure of a commit and of everything that it needs, other commits included. */
  public synchronized void commit(CommitId id) {
    Set<CommitId> seen = new HashSet<>();
    Deque<CommitId> ahead = new ArrayDeque<>(List.of(id));
    while (!ahead.isEmpty()) {
      CommitId next = ahead.remove();
      if (safeCommits.contains(next) || !seen.add(next)) {
        continue;
      }
      Optional<byte[]> fresh = adopt(Space.COMMITS, next.digest());
      if (fresh.isPresent()) {
        ahead.addAll(needs(Commits.parse(storage, next, fresh.get()), tree -> false));
      }
    }
    // Only now: each is as safe as the last of those that it needs.
    safeCommits.addAll(seen);
  }

  /** Makes sure of what {@code commit} needs but other commits, and returns those. */
  private List<CommitId> needs(Commit commit, Predicate<Sha256> isReachedTree) {
    Optional.of(commit.tree()).filter(isReachedTree.negate()).ifPresent(this::tree);
    commit.datums().filter(isReachedTree.negate()).ifPresent(this::tree);
    commit.provenance().ifPresent(made -> object(made.spec()));
    commit.provenance().flatMap(made -> made.code()).ifPresent(this::tree);
    List<CommitId> needed = new java.util.ArrayList<>(commit.parents());
    commit
        .provenance()
        .ifPresent(made -> made.inputs().forEach(input -> needed.add(input.commit())));
    return needed;
  }

  // --- trees ---

  /**
   * Writes a node, and makes sure of what it names.
   *
   * @param isWritten whether this writer wrote a node, perhaps before it knew of the list
   */
  public synchronized void createNode(
      Sha256 id, Content stored, StoredNode node, Predicate<Sha256> isWritten) {
    int generation = list.freeGeneration(Space.TREES, id);
    StorageKey key = StoreLayout.treeNode(id, generation);
    for (Sha256 child : node.children()) {
      // Any other is safe as it is: this writer made sure of the tree that it comes from.
      if (list.names(Space.TREES, child) || (isLate && isWritten.test(child))) {
        tree(child);
      }
    }
    // Before the node is there: whoever finds it takes it for whole.
    if (node.isLeaf()) {
      leaf(node);
    }
    boolean exists = storage.createIfAbsent(key, stored) == Creation.EXISTS;
    if (exists && node.isLeaf()) {
      leaf(StoredNode.parse(id, read(key)));
    }
    safeNodes.add(id);
  }

  /** Makes sure of the node {@code id} and all below it. */
  public synchronized void tree(Sha256 id) {
    if (id.equals(Trees.EMPTY) || safeNodes.contains(id)) {
      return;
    }
    Optional<byte[]> fresh = adopt(Space.TREES, id);
    if (fresh.isPresent()) {
      StoredNode node = parse(id, fresh.get());
      node.children().forEach(this::tree);
      leaf(node);
    }
    safeNodes.add(id);
  }

  private StoredNode parse(Sha256 id, byte[] stored) {
    try {
      return StoredNode.parse(id, stored);
    } catch (MalformedBytes e) {
      throw DamagedObject.at(storage, StoreLayout.treeNode(id, 0), "a node of a tree", e.how());
    }
  }

  private void leaf(StoredNode leaf) {
    leaf.attachments().forEach(this::extent);
    for (FileEntry file : leaf.files(files)) {
      file.file().extents().forEach(this::extent);
      if (file.path().text().startsWith(DATUMS)) {
        datum(file.file());
      }
    }
  }

  // The outputs of a datum and its log are named in its description. A file of people at such a
  // path is no description, and names nothing.
  private void datum(StoredFile description) {
    try {
      JsonNode json = CanonicalJson.parse(files.readAll(description));
      DatumResult result = DatumResult.of(json.required("result"));
      result.outputs().forEach(output -> output.file().extents().forEach(this::extent));
      result.log().ifPresent(log -> log.extents().forEach(this::extent));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return;
    }
  }

  // --- bytes ---

  /** Makes sure of an object that is named by its digest alone. */
  public synchronized void object(Sha256 id) {
    extent(new Extent(ObjectRef.of(id), 0, 0));
  }

  /** Makes sure of the bytes of {@code extent}, wherever they lie. */
  public synchronized void extent(Extent extent) {
    Sha256 id = extent.object().id();
    boolean isConcerned = isLate || list.names(Space.OBJECTS, id) || list.names(Space.MOVED, id);
    if (isConcerned && !safeObjects.contains(id) && !safeExtents.contains(extent)) {
      find(extent, 0);
      safeExtents.add(extent);
    }
  }

  private void find(Extent extent, int moves) {
    Sha256 id = extent.object().id();
    List<Listed> generations = generations(Space.OBJECTS, id);
    if (generations.stream().anyMatch(there -> !isCondemned(Space.OBJECTS, there.key()))) {
      safeObjects.add(id);
      return;
    }
    Optional<StorageKey> map = map(extent);
    if (map.isPresent() && moves < MovedMaps.MOST_MOVES) {
      if (isCondemned(Space.MOVED, map.get())) {
        copy(Space.MOVED, id, map.get(), false);
      }
      Extent now = MovedMaps.within(maps.read(map.get()), extent).orElseThrow();
      find(now, moves + 1);
    } else if (!generations.isEmpty()) {
      copy(Space.OBJECTS, id, generations.get(0).key(), true);
    } else {
      throw gone(StoreLayout.object(id, extent.object().generation()));
    }
  }

  /** A map that says where {@code extent} is now; one that stays, if there is. */
  private Optional<StorageKey> map(Extent extent) {
    Optional<StorageKey> condemned = Optional.empty();
    for (Listed there : generations(Space.MOVED, extent.object().id())) {
      if (MovedMaps.within(maps.read(there.key()), extent).isPresent()) {
        if (!isCondemned(Space.MOVED, there.key())) {
          return Optional.of(there.key());
        }
        condemned = Optional.of(there.key());
      }
    }
    return condemned;
  }

  /** Whether the bytes of {@code extent} are there in what will be deleted, and nowhere else. */
  public synchronized boolean isCondemned(Extent extent) {
    Sha256 id = extent.object().id();
    if (!list.names(Space.OBJECTS, id) && !list.names(Space.MOVED, id)) {
      return false;
    }
    boolean stays =
        generations(Space.OBJECTS, id).stream()
            .anyMatch(there -> !isCondemned(Space.OBJECTS, there.key()));
    Optional<StorageKey> map = map(extent).filter(key -> !isCondemned(Space.MOVED, key));
    return !stays
        && map.flatMap(key -> MovedMaps.within(maps.read(key), extent))
            .filter(now -> !isCondemned(now))
            .isEmpty();
  }

  // --- one thing ---

  /**
   * Makes sure that {@code id} is there in a generation that stays.
   *
   * @return its bytes, if what they name has to be looked into
   */
  private Optional<byte[]> adopt(Space space, Sha256 id) {
    List<Listed> generations = generations(space, id);
    Optional<Listed> staying =
        generations.stream().filter(there -> !isCondemned(space, there.key())).findFirst();
    if (staying.isPresent()) {
      boolean wasNeeded = staying.get().created().isBefore(list.entry().allSeenBefore());
      return wasNeeded ? Optional.empty() : Optional.of(read(staying.get().key()));
    }
    if (generations.isEmpty()) {
      throw gone(space.key(id, 0));
    }
    return Optional.of(copy(space, id, generations.get(0).key()));
  }

  private List<Listed> generations(Space space, Sha256 id) {
    return storage.list(space.key(id, 0).text(), Optional.empty(), MOST_GENERATIONS);
  }

  private boolean isCondemned(Space space, StorageKey key) {
    return list.isCondemned(space, StoreLayout.digestOf(key), StoreLayout.generationOf(key));
  }

  private byte[] copy(Space space, Sha256 id, StorageKey from) {
    byte[] bytes = read(from);
    StorageKey to = space.key(id, list.freeGeneration(space, id));
    var unused = storage.createIfAbsent(to, Content.of(bytes));
    return bytes;
  }

  private void copy(Space space, Sha256 id, StorageKey from, boolean isNamedByItsBytes) {
    try {
      Content content = content(from);
      if (isNamedByItsBytes && !digest(content).equals(id)) {
        throw DamagedObject.at(
            storage, from, "the bytes that its name is the SHA-256 of", "holds others");
      }
      var unused = storage.createIfAbsent(space.key(id, list.freeGeneration(space, id)), content);
    } catch (ObjectAbsent e) {
      throw gone(from);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Sha256 digest(Content content) throws IOException {
    var digest = Sha256.messageDigest();
    byte[] buffer = new byte[128 * 1024];
    try (InputStream in = content.open()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return Sha256.ofDigest(digest.digest());
  }

  private Content content(StorageKey key) {
    long size =
        storage.list(key.text(), Optional.empty(), 1).stream()
            .filter(there -> there.key().equals(key))
            .mapToLong(Listed::size)
            .findFirst()
            .orElseThrow(() -> gone(key));
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return storage.open(key);
      }
    };
  }

  private byte[] read(StorageKey key) {
    try (InputStream in = storage.open(key)) {
      return in.readNBytes(MOST_NODE_BYTES);
    } catch (ObjectAbsent e) {
      throw gone(key);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private ConflictFault gone(StorageKey key) {
    return new ConflictFault(
        storage.location()
            + "/"
            + key
            + " is absent: garbage collection may have deleted it meanwhile.",
        "Repeat the command: what it needs is stored again, if it can be.");
  }
}
