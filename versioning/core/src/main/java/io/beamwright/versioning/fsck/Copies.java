// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.walk.CommitVisitor;
import io.beamwright.versioning.walk.CommitWalk;
import java.util.List;
import java.util.Map;

/**
 * Looks where else a store has what is damaged: another generation of the same object; and for a
 * file in a damaged object, an object of its own or a place in another pack.
 */
final class Copies {

  private final Storage storage;
  private final Inventory inventory;
  private final Findings findings;
  private final CommitScan scan;

  Copies(Storage storage, Inventory inventory, Findings findings, CommitScan scan) {
    this.storage = storage;
    this.inventory = inventory;
    this.findings = findings;
    this.scan = scan;
  }

  /** Adds the copies to the damages. */
  void find() {
    for (Findings.Finding damage : findings.objects()) {
      Keys.named(damage.key().text()).ifPresent(named -> otherGenerations(named, damage));
    }
    Map<Sha256, List<CommitScan.Lost>> lost = scan.lost();
    lost.forEach(this::objectsOfTheirOwn);
    // Without its format object nothing opens the store.
    if (!lost.isEmpty() && !findings.isDamaged(StoreLayout.FORMAT)) {
      otherPacks(lost);
    }
  }

  private void otherGenerations(Keys.Named named, Findings.Finding damage) {
    for (int generation : inventory.objects.generations(named.id())) {
      var key = Extents.key(new ObjectRef(named.id(), generation));
      if (generation != named.generation() && !findings.isDamaged(key)) {
        damage.copyAt(key.text());
      }
    }
  }

  private void objectsOfTheirOwn(Sha256 sha256, List<CommitScan.Lost> lost) {
    var key = Extents.key(ObjectRef.of(sha256));
    if (inventory.objects.contains(sha256) && !findings.isDamaged(key)) {
      lost.forEach(file -> file.damage().copyAt("of a file in it: " + key));
    }
  }

  private void otherPacks(Map<Sha256, List<CommitScan.Lost>> lost) {
    Store store = Store.open(storage);
    Seen seen = new Seen(lost);
    CommitWalk walk = new CommitWalk(store);
    scan.reachedCommits()
        .forEach(
            id -> {
              if (inventory.commitDepths.contains(id)) {
                walk.visit(store.commits().read(new CommitId(id)), seen);
              }
            });
  }

  private final class Seen implements CommitVisitor {

    private final Map<Sha256, List<CommitScan.Lost>> lost;
    private final DigestSet nodes = new DigestSet();

    Seen(Map<Sha256, List<CommitScan.Lost>> lost) {
      this.lost = lost;
    }

    @Override
    public boolean enters(Sha256 id) {
      return nodes.add(id);
    }

    @Override
    public void content(StoredFile file) {
      List<CommitScan.Lost> same = lost.getOrDefault(file.sha256(), List.of());
      boolean whole =
          !same.isEmpty()
              && file.extents().stream().allMatch(e -> scan.extents().damageOf(e).isEmpty());
      if (whole) {
        String where =
            String.join(
                ", ", file.extents().stream().map(e -> Extents.key(e.object()).text()).toList());
        same.forEach(copy -> copy.damage().copyAt("of a file in it: " + where));
      }
    }

    @Override
    public void attachment(Extent whole) {}

    @Override
    public void object(Sha256 id) {}

    @Override
    public void damaged(Sha256 id, DamagedObject fault) {
      // It is among the damages already.
    }
  }
}
