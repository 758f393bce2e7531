// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The results that a store had at one moment. Not safe for several threads. */
public final class KnownResults {

  private final WriteSession session;
  private final StoredFiles files;
  private final Storage storage;
  private final ResultBytes bytes;
  private final PresentObjects present;
  private final Tree tree;
  private final SortedMap<Sha256, DatumResult> unmerged = new TreeMap<>();

  KnownResults(WriteSession session, StoredFiles files, Tree tree) {
    this.session = session;
    this.files = files;
    this.storage = session.storage();
    this.bytes = new ResultBytes(storage, files);
    this.present = new PresentObjects(storage);
    this.tree = tree;
  }

  /** The result of the datum {@code key}, if it ran well once and all its bytes are still there. */
  public Optional<DatumResult> find(Sha256 key) {
    return tree.find(path(key))
        .map(this::read)
        .filter(this::isWhole)
        .or(() -> Optional.ofNullable(unmerged.get(key)));
  }

  /**
   * The same for who planned with it and publishes it now, through this store: also if garbage
   * collection is about to take its bytes, for what a node names is stored again.
   */
  public Optional<DatumResult> findPlanned(Sha256 key) {
    return tree.find(path(key)).map(this::read).filter(this::isThere);
  }

  /** Adds what a journal holds: the first whole success of a key counts. */
  void addUnmerged(DatumResult result) {
    if (result.state() == DatumResult.State.SUCCESS && isWhole(result)) {
      unmerged.putIfAbsent(result.key(), result);
    }
  }

  /** Whether every byte of {@code result} is in the store, and garbage collection lets it stay. */
  boolean isWhole(DatumResult result) {
    return isThere(result) && extents(result).noneMatch(session::isCondemned);
  }

  /** Whether every byte of {@code result} is in the store; each object is looked for once. */
  boolean isThere(DatumResult result) {
    return extents(result)
        .allMatch(extent -> present.contains(extent.object()) || files.isPresent(extent));
  }

  private static Stream<Extent> extents(DatumResult result) {
    return result.files().stream().flatMap(file -> file.extents().stream());
  }

  static FilePath path(Sha256 key) {
    return new FilePath("/" + key.hex());
  }

  private DatumResult read(FileEntry entry) {
    try {
      return DatumResult.of(CanonicalJson.parse(bytes.read(entry.file())));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          storage.location() + ": the result of datum " + entry.path().name() + " is damaged.",
          DamagedObject.REMEDY,
          e);
    }
  }
}
