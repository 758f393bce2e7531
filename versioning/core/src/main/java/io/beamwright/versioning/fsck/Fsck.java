// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.NewerStore;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Checks everything that a store holds: every digest, extent, node, commit, log and record, and
 * whether they agree. Changes nothing. Other processes may use the store meanwhile; what they write
 * after the check began is not checked.
 *
 * <p>The keys are listed once. Objects are read once, whole, by all processors; nodes once; commits
 * twice. Heap is about 150 bytes for each object and commit, 200 for each node.
 */
public final class Fsck {

  private static final int PAGE = 1_000;
  private static final int LONGEST_COMMIT = 64 << 20;

  /** How much of a store is read. */
  public enum Depth {
    /** Of objects only presence and sizes are checked. */
    QUICK,
    /** Every object is read once and compared with its name. */
    OBJECTS,
    /**
     * Every file of commits, too, is read through its extents, as readers do, where it is not one
     * whole object: no entry of a tree has the bytes of another file.
     */
    FILES
  }

  private final Storage storage;
  private final Depth depth;
  private final Inventory inventory = new Inventory();
  private final Findings findings = new Findings();
  private final Records records = new Records();

  private Fsck(Storage storage, Depth depth) {
    this.storage = storage;
    this.depth = depth;
  }

  /**
   * Checks the store at {@code storage}, which the caller closes, reading every object of it.
   *
   * @throws UserFault if there is no store
   * @throws NewerStore if it asks for what this version does not have: what is sound there, this
   *     version cannot tell
   * @throws EnvironmentFault if the storage fails
   */
  public static FsckReport check(Storage storage) {
    return check(storage, Depth.OBJECTS, Optional.empty());
  }

  /**
   * The same, reading as much as {@code depth} says.
   *
   * @param repo of commits, only what the refs of this repo need is checked; absent for all
   */
  public static FsckReport check(Storage storage, Depth depth, Optional<String> repo) {
    return new Fsck(storage, depth).run(repo);
  }

  private FsckReport run(Optional<String> repo) {
    requireFormat();
    list();
    CrossCheck cross = new CrossCheck(storage, findings, records);
    cross.records();
    Optional<FileScan> files =
        depth == Depth.FILES ? Optional.of(new FileScan(storage)) : Optional.empty();
    CommitScan scan = new CommitScan(storage, inventory, findings, records, files);
    List<Records.Ref> heads = heads(repo);
    scan.walk(heads);
    long danglingNodes = 0;
    if (repo.isEmpty()) {
      records.results.ifPresent(head -> scan.results(Sha256.parse(head.required("tree").asText())));
      records.needed.forEach(scan::record);
      danglingNodes = scan.danglingNodes();
      cross.commits(scan, inventory);
    }
    new Copies(storage, inventory, findings, scan).find();
    return findings.report(
        checked(files), dangling(scan, danglingNodes, repo), scan.affected(), scan.affectedCount());
  }

  private List<Records.Ref> heads(Optional<String> repo) {
    List<Records.Ref> live =
        records.refs.stream()
            .filter(
                ref ->
                    records.liveRepos.contains(ref.repo())
                        || !records.repoNames.containsKey(ref.repo()))
            .toList();
    if (repo.isEmpty()) {
      return live;
    }
    List<Records.Ref> some =
        live.stream().filter(ref -> repo.get().equals(records.repoNames.get(ref.repo()))).toList();
    if (some.isEmpty() && !records.newest.containsKey(StoreLayout.repoLog(repo.get()))) {
      throw new UserFault(
          "There is no repo \"" + repo.get() + "\" in " + storage.location() + ".",
          "Try: beamwright list repo");
    }
    return some;
  }

  private boolean readsObjects() {
    return depth != Depth.QUICK;
  }

  private void requireFormat() {
    try {
      Store.requireFormat(storage);
    } catch (ObjectAbsent e) {
      if (storage.list("", Optional.empty(), 1).isEmpty()) {
        throw new UserFault(
            "There is no store at " + storage.location() + ".",
            "Check --store and the working folder.");
      }
      findings.damaged(Damage.Kind.FORMAT, StoreLayout.FORMAT, "is absent").neededBy("everything");
    } catch (NewerStore e) {
      throw e;
    } catch (EnvironmentFault e) {
      findings
          .damaged(Damage.Kind.FORMAT, StoreLayout.FORMAT, "is not what it should be")
          .neededBy("everything");
    }
    new StoreFeatures(storage).requireKnown();
  }

  private void list() {
    RecordScan recordScan = new RecordScan(storage, findings, records);
    try (ObjectScan objects = new ObjectScan(storage, findings)) {
      Optional<String> after = Optional.empty();
      List<Listed> page;
      do {
        page = storage.list("", after, PAGE);
        for (Listed listed : page) {
          if (!see(listed, objects, recordScan)) {
            findings.notice(
                storage.location() + "/" + listed.key() + " is nothing that a store holds.");
          }
          after = Optional.of(listed.key().text());
        }
      } while (page.size() == PAGE);
      recordScan.finish();
    }
  }

  private boolean see(Listed listed, ObjectScan objects, RecordScan recordScan) {
    StorageKey key = listed.key();
    String text = key.text();
    String space = text.substring(0, Math.max(0, text.indexOf('/')));
    switch (space) {
      case "objects", "trees", "moved", "commits" -> {
        Optional<Keys.Named> named = Keys.named(text);
        named.ifPresent(name -> see(listed, space, name, objects));
        return named.isPresent();
      }
      default -> {
        return key.equals(StoreLayout.FORMAT) || recordScan.check(key);
      }
    }
  }

  private void see(Listed listed, String space, Keys.Named name, ObjectScan objects) {
    switch (space) {
      case "objects" -> {
        inventory.objects.add(name.id(), name.generation(), listed.size());
        if (readsObjects()) {
          objects.check(name.id(), listed.key());
        }
      }
      case "trees" -> inventory.nodes.add(name.id(), name.generation(), listed.size());
      case "moved" -> {
        inventory.moved.add(name.id(), name.generation(), listed.size());
        checkMoved(listed.key());
      }
      default -> {
        inventory.commits.add(name.id(), name.generation(), listed.size());
        checkCommit(listed.key(), new CommitId(name.id()));
      }
    }
  }

  private void checkMoved(StorageKey key) {
    try {
      var unused = new MovedMaps(storage).read(key);
    } catch (DamagedObject | ObjectAbsent e) {
      findings.damaged(Damage.Kind.MOVED_MAP, key, "is not the map of a moved pack");
    }
  }

  private void checkCommit(StorageKey key, CommitId id) {
    try {
      byte[] stored = storage.read(key, 0, LONGEST_COMMIT);
      Commit commit = Commits.decode(id, stored);
      if (!Arrays.equals(commit.bytes(), stored)) {
        findings.damaged(Damage.Kind.COMMIT, key, "says more than a commit of its version says");
      }
      inventory.commitDepths.put(id.digest(), commit.depth());
    } catch (MalformedBytes e) {
      findings.damaged(Damage.Kind.COMMIT, key, e.how());
    } catch (ObjectAbsent e) {
      findings.notice(storage.location() + "/" + key + " went away during the check.");
    }
  }

  private FsckReport.Checked checked(Optional<FileScan> files) {
    return new FsckReport.Checked(
        inventory.objects.count(),
        inventory.objects.bytes(),
        readsObjects(),
        files.map(FileScan::count).orElse(0L),
        inventory.nodes.count(),
        inventory.commitDepths.size(),
        records.entries,
        records.unverified);
  }

  private FsckReport.Dangling dangling(CommitScan scan, long nodes, Optional<String> repo) {
    if (repo.isPresent()) {
      return new FsckReport.Dangling(0, 0, 0, 0);
    }
    long[] objects = {0, 0};
    inventory.objects.forEach(
        id -> {
          if (!scan.reachedObjects().contains(id)) {
            objects[0]++;
            for (int generation : inventory.objects.generations(id)) {
              objects[1] += inventory.objects.size(id, generation).orElse(0);
            }
          }
        });
    long[] commits = {0};
    inventory.commitDepths.forEach(
        (id, depth) -> commits[0] += scan.reachedCommits().contains(id) ? 0 : 1);
    return new FsckReport.Dangling(objects[0], objects[1], nodes, commits[0]);
  }
}
