// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.DigestSet;
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
import io.beamwright.versioning.file.RememberedHoldings;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.file.Whereabouts;
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
import org.jspecify.annotations.Nullable;

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
  private final RememberedHoldings stored;
  private final Whereabouts staying;
  private final Set<Sha256> safeNodes = new HashSet<>();
  private final Set<CommitId> safeCommits = new HashSet<>();
  private final Set<Extent> safeExtents = new HashSet<>();
  private final Set<Sha256> safeObjects = new HashSet<>();
  private final boolean isLate;
  private @Nullable DigestSet movedPacks;
  private Optional<Boolean> letsBytesGo = Optional.empty();

  /**
   * @param isLate whether what is on no list has to be looked for too: a list of before may have
   *     had it
   */
  Adoption(Storage storage, CondemnedList list, boolean isLate) {
    this.storage = storage;
    this.list = list;
    this.isLate = isLate;
    this.files = new StoredFiles(storage);
    this.stored = Whereabouts.remembered(storage);
    this.staying = new Whereabouts(new Staying(stored, false));
  }

  /** The object {@code id} was stored just now. */
  public synchronized void isSafe(Sha256 id) {
    safeObjects.add(id);
    stored.forget(id);
  }

  /** A map of the pack {@code id} was stored just now. */
  public synchronized void isMapped(Sha256 id) {
    movedPacks().add(id);
    stored.forget(id);
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

  /** The lowest generation from {@code least} on that a new map of {@code pack} may have. */
  public int freeMap(Sha256 pack, int least) {
    int generation = least;
    while (list.isCondemned(Space.MOVED, pack, generation)) {
      generation++;
    }
    return generation;
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
    Deque<Step> steps = new ArrayDeque<>(List.of(new Step(id, Optional.empty())));
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      if (step.found().isPresent()) {
        // All that it needs is safe by now, and only then is it there for others to find.
        store(Space.COMMITS, step.commit().digest(), step.found().get());
      } else if (!safeCommits.contains(step.commit()) && seen.add(step.commit())) {
        Found found = find(Space.COMMITS, step.commit().digest());
        if (found.toLookInto().isPresent()) {
          byte[] bytes = found.toLookInto().get();
          if (found.isCondemned()) {
            steps.push(new Step(step.commit(), Optional.of(found)));
          }
          needs(Commits.parse(storage, step.commit(), bytes), tree -> false)
              .forEach(needed -> steps.push(new Step(needed, Optional.empty())));
        }
      }
    }
    // Only now: each is as safe as the last of those that it needs.
    safeCommits.addAll(seen);
  }

  /** A commit to look at; or, where it was found, one to store after all that it needs. */
  private record Step(CommitId commit, Optional<Found> found) {}

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
   * @param makeWhole is told of a leaf that was there before
   */
  public synchronized void createNode(
      Sha256 id,
      Content stored,
      StoredNode node,
      Predicate<Sha256> isWritten,
      NodeThere makeWhole) {
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
      makeWhole.accept(id, key, node);
      leaf(StoredNode.parse(id, read(key)));
    }
    safeNodes.add(id);
  }

  /** Is told that a node was there already. */
  @FunctionalInterface
  public interface NodeThere {
    /** The node {@code id} lies at {@code key}; {@code written} is the one that was to be. */
    void accept(Sha256 id, StorageKey key, StoredNode written);
  }

  /** Makes sure of the node {@code id} and all below it. */
  public synchronized void tree(Sha256 id) {
    if (id.equals(Trees.EMPTY) || safeNodes.contains(id)) {
      return;
    }
    Found found = find(Space.TREES, id);
    if (found.toLookInto().isPresent()) {
      StoredNode node = parse(id, found.toLookInto().get());
      node.children().forEach(this::tree);
      leaf(node);
      // Before the node is there: whoever finds it takes it for whole.
      store(Space.TREES, id, found);
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
    if (safeObjects.contains(id) || !(isLate || list.names(Space.OBJECTS, id))) {
      return;
    }
    List<Integer> there = Whereabouts.holdings(storage).generations(id);
    if (there.isEmpty()) {
      throw gone(StoreLayout.object(id, 0));
    }
    if (there.stream().allMatch(generation -> list.isCondemned(Space.OBJECTS, id, generation))) {
      copyObject(id, StoreLayout.object(id, there.get(0)));
    }
    isSafe(id);
  }

  /** Makes sure of the bytes of {@code extent}, wherever they lie. */
  public synchronized void extent(Extent extent) {
    Sha256 id = extent.object().id();
    boolean isSafe = safeObjects.contains(id) || safeExtents.contains(extent);
    if (!isSafe && (isLate || mayBeListed(id))) {
      find(extent);
      safeExtents.add(extent);
    }
  }

  /**
   * Whether the list may have bytes that are named as those of the object {@code id}: it has the
   * object, or a map of it, or what a map leads to. Of a map that is needed not all that it leads
   * to is.
   */
  private boolean mayBeListed(Sha256 id) {
    return list.names(Space.OBJECTS, id)
        || list.names(Space.MOVED, id)
        || movedPacks().contains(id);
  }

  private DigestSet movedPacks() {
    DigestSet known = movedPacks;
    if (known == null) {
      known = new DigestSet();
      if (list.hasAny(Space.OBJECTS) || list.hasAny(Space.MOVED)) {
        listMovedPacks(known);
      }
      movedPacks = known;
    }
    return known;
  }

  private void listMovedPacks(DigestSet packs) {
    Roots.forEach(
        storage, Space.MOVED.word() + "/", listed -> packs.add(StoreLayout.digestOf(listed.key())));
  }

  private void find(Extent extent) {
    Whereabouts.Way way = staying.find(extent).orElseGet(() -> wayNow(extent));
    ObjectRef end = way.end().object();
    StorageKey key = StoreLayout.object(end.id(), end.generation());
    if (isCondemned(Space.OBJECTS, key)) {
      copyObject(end.id(), key);
    }
    isSafe(end.id());
    // The last first: each leads to what is safe.
    for (int hop = way.hops().size() - 1; hop >= 0; hop--) {
      keep(way.hops().get(hop));
    }
  }

  /** Where the bytes are by now, rather by maps that have to be copied than in what has to be. */
  private Whereabouts.Way wayNow(Extent extent) {
    Whereabouts.Holdings now = Whereabouts.holdings(storage);
    Whereabouts.Way way =
        new Whereabouts(new Staying(now, false))
            .find(extent)
            .or(() -> new Whereabouts(new Staying(now, true)).find(extent))
            .or(() -> new Whereabouts(now).find(extent))
            .orElseThrow(
                () -> gone(StoreLayout.object(extent.object().id(), extent.object().generation())));
    stored.forget(extent.object().id());
    stored.forget(way.end().object().id());
    way.hops().forEach(hop -> stored.forget(hop.pack()));
    return way;
  }

  private void keep(Whereabouts.Hop hop) {
    if (list.isCondemned(Space.MOVED, hop.pack(), hop.generation())) {
      List<MovedMaps.Move> moves = stored.map(hop.pack(), hop.generation());
      if (moves.isEmpty()) {
        throw gone(StoreLayout.movedMap(hop.pack(), hop.generation()));
      }
      new MovedMaps(storage).create(hop.pack(), moves, least -> freeMap(hop.pack(), least));
      isMapped(hop.pack());
    }
  }

  /** Whether the bytes of {@code extent} are on the list, and nowhere else. */
  public synchronized boolean isCondemned(Extent extent) {
    return mayBeListed(extent.object().id()) && staying.find(extent).isEmpty();
  }

  /** What is there but for condemned objects, and perhaps for condemned maps. */
  private final class Staying implements Whereabouts.Holdings {

    private final Whereabouts.Holdings stored;
    private final boolean withCondemnedMaps;

    Staying(Whereabouts.Holdings stored, boolean withCondemnedMaps) {
      this.stored = stored;
      this.withCondemnedMaps = withCondemnedMaps;
    }

    @Override
    public List<Integer> generations(Sha256 object) {
      return stored.generations(object).stream()
          .filter(generation -> !list.isCondemned(Space.OBJECTS, object, generation))
          .toList();
    }

    @Override
    public List<Integer> maps(Sha256 pack) {
      return stored.maps(pack).stream()
          .filter(map -> withCondemnedMaps || !list.isCondemned(Space.MOVED, pack, map))
          .toList();
    }

    @Override
    public List<MovedMaps.Move> map(Sha256 pack, int generation) {
      return stored.map(pack, generation);
    }
  }

  // --- one thing ---

  /**
   * What was found of a thing.
   *
   * @param isCondemned whether no generation of it stays
   * @param toLookInto its bytes, if what they name has to be looked into
   */
  private record Found(boolean isCondemned, Optional<byte[]> toLookInto) {}

  private Found find(Space space, Sha256 id) {
    List<Listed> generations = generations(space, id);
    Optional<Listed> staying =
        generations.stream().filter(there -> !isCondemned(space, there.key())).findFirst();
    if (staying.isPresent()) {
      boolean wasNeeded =
          staying.get().created().isBefore(list.entry().allSeenBefore())
              && !(space == Space.TREES && letsBytesGo());
      return new Found(
          false, wasNeeded ? Optional.empty() : Optional.of(read(staying.get().key())));
    }
    if (generations.isEmpty()) {
      throw gone(space.key(id, 0));
    }
    return new Found(true, Optional.of(read(generations.get(0).key())));
  }

  /** Whether a tree may have been needed without the bytes of its files: a rule let some go. */
  private boolean letsBytesGo() {
    if (letsBytesGo.isEmpty()) {
      letsBytesGo = Optional.of(new DroppedCommits(storage).isAny());
    }
    return letsBytesGo.get();
  }

  /** Makes sure that what was found is there in a generation that stays. */
  private void store(Space space, Sha256 id, Found found) {
    if (found.isCondemned()) {
      StorageKey key = space.key(id, list.freeGeneration(space, id));
      var unused = storage.createIfAbsent(key, Content.of(found.toLookInto().orElseThrow()));
    }
  }

  private List<Listed> generations(Space space, Sha256 id) {
    return storage.list(space.key(id, 0).text(), Optional.empty(), MOST_GENERATIONS);
  }

  private boolean isCondemned(Space space, StorageKey key) {
    return list.isCondemned(space, StoreLayout.digestOf(key), StoreLayout.generationOf(key));
  }

  private void copyObject(Sha256 id, StorageKey from) {
    try {
      Content content = content(from);
      if (!digest(content).equals(id)) {
        throw DamagedObject.at(
            storage, from, "the bytes that its name is the SHA-256 of", "holds others");
      }
      StorageKey key = StoreLayout.object(id, list.freeGeneration(Space.OBJECTS, id));
      var unused = storage.createIfAbsent(key, content);
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
