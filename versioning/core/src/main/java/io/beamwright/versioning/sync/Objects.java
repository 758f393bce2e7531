// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import io.beamwright.versioning.DigestMap;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.file.Whereabouts;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings bytes to the target: objects whole where at least half of them is needed, else the files
 * that are needed in packs of their own. Every byte is checked as it goes.
 */
final class Objects {

  private final Store from;
  private final Store to;
  private final Survey survey;
  private final DigestMap generations = new DigestMap();
  private final Whereabouts.Holdings holdings;
  private final Whereabouts whereabouts;
  private final Set<Whereabouts.Hop> maps = new HashSet<>();
  private long sent;
  private long sentBytes;

  Objects(Store from, Store to, Survey survey) {
    this.from = from;
    this.to = to;
    this.survey = survey;
    this.holdings = Whereabouts.remembered(from.storage());
    this.whereabouts = new Whereabouts(holdings);
  }

  /** Makes durable at the target all objects that are copied whole. */
  void copy() {
    List<Sha256> needed = new ArrayList<>();
    survey.objects().forEach((id, bytes) -> needed.add(id));
    // In the order of their names: a copy that is repeated does the same again.
    needed.sort(null);
    needed.forEach(this::copy);
  }

  private void copy(Sha256 id) {
    Optional<Listed> there = first(to, id);
    if (there.isPresent()) {
      use(id, there.get());
      return;
    }
    Optional<Listed> here = first(from, id);
    boolean isMostlyNeeded =
        here.isPresent() && 2 * survey.objects().get(id, 0) >= here.get().size();
    if (here.isPresent() && (survey.needsWhole(id) || isMostlyNeeded)) {
      send(id, here.get());
    } else if (here.isEmpty() && survey.needsWhole(id)) {
      moved(id);
    }
  }

  private static Optional<Listed> first(Store store, Sha256 id) {
    return store.storage().list(StoreLayout.object(id, 0).text(), Optional.empty(), 1).stream()
        .findFirst();
  }

  /** What is there is used; what is about to be collected is stored again. */
  private void use(Sha256 id, Listed there) {
    ObjectRef object = new ObjectRef(id, StoreLayout.generationOf(there.key()));
    if (to.session().isCondemned(new Extent(object, 0, there.size()))) {
      first(from, id).ifPresentOrElse(here -> send(id, here), () -> to.session().useObject(id));
      return;
    }
    requireSize(id, there);
    generations.put(id, object.generation());
  }

  private void requireSize(Sha256 id, Listed there) {
    Optional<Listed> here = first(from, id);
    if (here.isPresent() && here.get().size() != there.size()) {
      throw DamagedObject.at(
          to.storage(),
          there.key(),
          "the " + here.get().size() + " bytes that its name is the SHA-256 of",
          "has " + there.size() + " bytes");
    }
  }

  private void send(Sha256 id, Listed here) {
    ObjectRef object = new ObjectRef(id, StoreLayout.generationOf(here.key()));
    Content content = from.files().content(StoredFiles.wholeObject(object, here.size()));
    ObjectRef copy = to.session().createObject(id, content);
    generations.put(id, copy.generation());
    sent++;
    sentBytes += here.size();
  }

  /**
   * A pack that garbage collection rewrote here: what is needed of it, where that is now, and the
   * maps that lead there.
   */
  private void moved(Sha256 id) {
    if (survey.wasHere(id)) {
      throw new ConflictFault(
          from.storage().location()
              + "/"
              + StoreLayout.object(id, 0)
              + " went while it was about to be copied: garbage collection deleted it.",
          "Repeat the command: what is needed of it is found where it is now.");
    }
    Set<Extent> parts = survey.moved(id);
    if (parts.isEmpty()) {
      throw absent(id);
    }
    for (Extent part : parts) {
      send(whereabouts.find(part).orElseThrow(() -> absent(id)));
    }
  }

  /** Sends the object where something is now, and then the maps that lead there. */
  private void send(Whereabouts.Way way) {
    Sha256 end = way.end().object().id();
    if (!generations.contains(end)) {
      first(to, end)
          .ifPresentOrElse(
              there -> use(end, there),
              () -> send(end, first(from, end).orElseThrow(() -> absent(end))));
    }
    // The last first: each leads to what is there.
    for (int hop = way.hops().size() - 1; hop >= 0; hop--) {
      sendMap(way.hops().get(hop));
    }
  }

  private void sendMap(Whereabouts.Hop hop) {
    if (maps.add(hop)) {
      to.session().createMap(hop.pack(), holdings.map(hop.pack(), hop.generation()));
    }
  }

  private DamagedObject absent(Sha256 id) {
    return DamagedObject.absent(
        from.storage(),
        new ObjectAbsent(from.storage().location(), StoreLayout.object(id, 0)),
        "bytes that a commit needs");
  }

  /** The contents of {@code files}, which a leaf names, where the target has them. */
  List<StoredFile> place(List<FileEntry> files, Optional<Tree> base) {
    List<Optional<StoredFile>> placed = new ArrayList<>(files.size());
    List<FileEntry> rest = new ArrayList<>();
    for (FileEntry file : files) {
      Optional<StoredFile> there = placed(file, base);
      placed.add(there);
      if (there.isEmpty()) {
        rest.add(file);
      }
    }
    List<StoredFile> packed = pack(rest);
    List<StoredFile> all = new ArrayList<>(files.size());
    int next = 0;
    for (Optional<StoredFile> there : placed) {
      all.add(there.isPresent() ? there.get() : packed.get(next++));
    }
    return all;
  }

  /** The contents of {@code files}, whose bytes were let go. */
  List<StoredFile> whereTheyWere(List<FileEntry> files) {
    return files.stream().map(file -> atTarget(file.file())).toList();
  }

  private Optional<StoredFile> placed(FileEntry file, Optional<Tree> base) {
    boolean isWhole = file.file().extents().stream().allMatch(this::isAtTarget);
    if (isWhole) {
      return Optional.of(atTarget(file.file()));
    }
    Optional<StoredFile> same =
        base.flatMap(tree -> tree.find(file.path()))
            .filter(file::isSameAs)
            .map(there -> withTableOf(file, there.file()));
    same.ifPresent(to.session()::useFile);
    return same;
  }

  private boolean isAtTarget(Extent extent) {
    Sha256 id = extent.object().id();
    return generations.contains(id) || survey.moved(id).contains(extent);
  }

  private static StoredFile withTableOf(FileEntry file, StoredFile there) {
    return new StoredFile(there.size(), there.sha256(), there.extents(), file.file().table());
  }

  private StoredFile atTarget(StoredFile file) {
    List<Extent> extents = new ArrayList<>(file.extents().size());
    for (Extent extent : file.extents()) {
      Sha256 id = extent.object().id();
      ObjectRef there = new ObjectRef(id, (int) generations.get(id, 0));
      extents.add(new Extent(there, extent.offset(), extent.length()));
    }
    return new StoredFile(file.size(), file.sha256(), extents, file.table());
  }

  private List<StoredFile> pack(List<FileEntry> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    try (Packer packer = to.packer()) {
      List<PendingFile> pending = new ArrayList<>(files.size());
      for (FileEntry file : files) {
        Content content = from.files().content(file.file());
        pending.add(
            file.file().table().isPresent() ? packer.addWhole(content) : packer.add(content));
      }
      packer.flush();
      List<StoredFile> packed = new ArrayList<>(files.size());
      for (int i = 0; i < files.size(); i++) {
        packed.add(withTableOf(files.get(i), pending.get(i).stored()));
        sentBytes += files.get(i).size();
      }
      sent++;
      return packed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long sent() {
    return sent;
  }

  long sentBytes() {
    return sentBytes;
  }

  /** How many objects are going to be looked at, and how many bytes of them are needed. */
  static long sum(DigestMap objects) {
    long[] sum = {0};
    objects.forEach((id, bytes) -> sum[0] += bytes);
    return sum[0];
  }
}
