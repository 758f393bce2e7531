// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.file.Whereabouts;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.StoredNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * A leaf that is written again. Where a rule let bytes go and kept the trees, there are leaves that
 * say where bytes were; who writes the same files finds such a leaf under its name, and it is never
 * replaced. So maps, like those of packs that were moved, lead from where the bytes were to where
 * they are now.
 */
public final class KeptLeaf {

  private static final int MOST_NODE_BYTES = 256 << 20;

  private final Storage storage;
  private final StoredFiles files;
  private final Whereabouts whereabouts;
  private final BiFunction<Sha256, Content, ObjectRef> createObject;
  private final BiConsumer<Sha256, List<MovedMaps.Move>> createMap;
  private final Map<Sha256, List<MovedMaps.Move>> moves = new TreeMap<>();

  /**
   * @param createObject stores an object, and says in which generation
   * @param createMap stores a map of a pack, beside those that it has
   */
  public KeptLeaf(
      Storage storage,
      BiFunction<Sha256, Content, ObjectRef> createObject,
      BiConsumer<Sha256, List<MovedMaps.Move>> createMap) {
    this.storage = storage;
    this.files = new StoredFiles(storage);
    this.whereabouts = new Whereabouts(Whereabouts.remembered(storage));
    this.createObject = createObject;
    this.createMap = createMap;
  }

  /**
   * Makes sure that the leaf {@code id}, which lies at {@code key}, leads to the bytes of its
   * files, as {@code written}, the same leaf of a writer that has stored them, does.
   *
   * @throws DamagedObject if what lies there is not that leaf
   */
  public void makeWhole(Sha256 id, StorageKey key, StoredNode written) {
    List<FileEntry> kept = read(id, key).files(files);
    List<FileEntry> now = written.files(files);
    for (int i = 0; i < kept.size(); i++) {
      compare(kept.get(i).file(), now.get(i).file());
    }
    moves.forEach(this::write);
  }

  private StoredNode read(Sha256 id, StorageKey key) {
    try (InputStream in = storage.open(key)) {
      return StoredNode.parse(id, in.readNBytes(MOST_NODE_BYTES));
    } catch (MalformedBytes e) {
      throw DamagedObject.at(storage, key, "a node of a tree", e.how());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compare(StoredFile kept, StoredFile now) {
    if (kept.extents().equals(now.extents())) {
      return;
    }
    long from = 0;
    for (Extent extent : kept.extents()) {
      if (whereabouts.find(extent).isEmpty()) {
        moves
            .computeIfAbsent(extent.object().id(), pack -> new ArrayList<>())
            .add(new MovedMaps.Move(extent.offset(), place(now, from, extent.length())));
      }
      from += extent.length();
    }
  }

  /** One extent with {@code length} bytes of {@code file} from {@code offset}. */
  private Extent place(StoredFile file, long offset, long length) {
    long start = 0;
    for (Extent extent : file.extents()) {
      if (start <= offset && offset + length <= start + extent.length()) {
        return new Extent(extent.object(), extent.offset() + (offset - start), length);
      }
      start += extent.length();
    }
    // A move is one run of bytes. An extent that is shared by no other way of storing the same
    // content lies in a pack, and so has at most what a pack has.
    byte[] bytes = files.read(file, offset, Math.toIntExact(length));
    return new Extent(createObject.apply(Sha256.of(bytes), Content.of(bytes)), 0, length);
  }

  private void write(Sha256 pack, List<MovedMaps.Move> found) {
    found.sort(
        Comparator.comparingLong(MovedMaps.Move::oldOffset)
            .thenComparingLong(move -> move.now().length()));
    createMap.accept(pack, found.stream().distinct().toList());
  }
}
