// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.DigestMap;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.TreeCheck;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Goes from the heads of refs over every commit that they need, and over everything that those
 * need, each thing once; says of each damage who needs it.
 */
final class CommitScan implements TreeCheck.Reports {

  private static final String DATUMS = "/datums/";
  private static final Sha256 OF_NOTHING = Sha256.of(new byte[0]);
  private static final int MOST_LOST = 200_000;
  private static final int LONGEST_COMMIT = 64 << 20;

  private final Storage storage;
  private final Inventory inventory;
  private final Findings findings;
  private final Records records;
  private final Extents extents;
  private final StoredFiles files;
  private final TreeCheck trees;
  private final Optional<FileScan> fileScan;

  private final DigestSet commits = new DigestSet();
  // Those that a ref reaches by parents alone, without the inputs of what stages made.
  private final DigestSet history = new DigestSet();
  private final DigestSet objects = new DigestSet();
  private final Deque<Step> ahead = new ArrayDeque<>();
  private final List<String> affected = new ArrayList<>();
  private long affectedCount;

  // For each node that is not whole, and for those on the way to where we are: bits of damages.
  private final DigestMap masks = new DigestMap();
  private final Deque<Long> open = new ArrayDeque<>();
  private final Deque<Sha256> way = new ArrayDeque<>();
  private String who = "";
  private final List<Step> lettingGo = new ArrayList<>();
  private boolean bytesAreNeeded = true;
  private boolean inDatums;

  /** Files whose bytes are damaged, by their digest: copies of them are looked for. */
  private final Map<Sha256, List<Lost>> lost = new HashMap<>();

  /** A file that lies in a damaged object. */
  record Lost(Findings.Finding damage, Extent extent) {}

  /** A commit to go to: {@code repo} is whose it must be, if that is known. */
  private record Step(
      CommitId id, String who, Optional<Sha256> repo, long childDepth, boolean isHistory) {}

  /**
   * @param fileScan reads files through their extents; absent if objects alone are read
   */
  CommitScan(
      Storage storage,
      Inventory inventory,
      Findings findings,
      Records records,
      Optional<FileScan> fileScan) {
    this.storage = storage;
    this.inventory = inventory;
    this.findings = findings;
    this.records = records;
    this.extents = new Extents(storage, inventory, findings);
    this.files = new StoredFiles(storage);
    this.trees = new TreeCheck(storage, this);
    this.fileScan = fileScan;
  }

  /** Checks everything that the heads of {@code refs} need. */
  void walk(List<Records.Ref> refs) {
    for (Records.Ref ref : refs) {
      String repo = records.repoNames.getOrDefault(ref.repo(), ref.repo().hex());
      ref.commit()
          .ifPresent(
              id ->
                  ahead.add(
                      new Step(id, repo + "@" + ref.name(), Optional.of(ref.repo()), -1, true)));
    }
    while (!ahead.isEmpty()) {
      visit(ahead.removeFirst());
    }
    // Last, so that a node that another commit needs too was checked with its bytes.
    bytesAreNeeded = false;
    for (Step step : lettingGo) {
      who = step.who();
      boolean treeStays = records.dropped.getOrDefault(step.id(), false);
      if (treeStays) {
        read(step).ifPresent(commit -> needs(step, content(commit)));
      }
    }
    bytesAreNeeded = true;
  }

  private void visit(Step step) {
    boolean isFirst = commits.add(step.id().digest());
    boolean isNewsOfHistory = step.isHistory() && history.add(step.id().digest());
    long depth = inventory.commitDepths.get(step.id().digest(), -2);
    StorageKey key = StoreLayout.commit(step.id().digest());
    if (depth == -2) {
      String how = findings.isDamaged(key) ? "" : "is absent";
      findings.damaged(Damage.Kind.COMMIT, key, how).neededBy(step.who());
      return;
    }
    if (step.childDepth() >= 0 && step.childDepth() <= depth) {
      findings.damaged(Damage.Kind.COMMIT, key, "is deeper than a commit that follows it");
    }
    if (isFirst) {
      read(step).ifPresent(commit -> visit(step, commit));
    } else if (isNewsOfHistory) {
      read(step).ifPresent(commit -> parents(step, commit));
    }
  }

  /** The commit, from the generation that readers read, which is sound or told to be damaged. */
  private Optional<Commit> read(Step step) {
    Sha256 id = step.id().digest();
    int generation = inventory.commits.generations(id).stream().findFirst().orElse(0);
    StorageKey key = StoreLayout.commit(id, generation);
    try {
      return Optional.of(Commits.decode(step.id(), storage.read(key, 0, LONGEST_COMMIT)));
    } catch (MalformedBytes e) {
      findings.damaged(Damage.Kind.COMMIT, key, e.how()).neededBy(step.who());
    } catch (ObjectAbsent e) {
      findings.damaged(Damage.Kind.COMMIT, key, "is absent").neededBy(step.who());
    }
    return Optional.empty();
  }

  private void visit(Step step, Commit commit) {
    StorageKey key = StoreLayout.commit(step.id().digest());
    if (step.repo().filter(repo -> !repo.equals(commit.repoId())).isPresent()) {
      findings
          .damaged(Damage.Kind.COMMIT, key, "is of the repo " + commit.repoId())
          .neededBy(step.who());
    }
    requireDepth(key, commit);
    who = step.who();
    if (records.dropped.containsKey(step.id())) {
      lettingGo.add(step);
      needs(step, makers(commit));
    } else {
      needs(step, content(commit) | makers(commit));
    }
    provenance(commit);
    if (!records.repoNames.containsKey(commit.repoId())) {
      unknownRepos.put(commit.repoId(), commit.repo());
    }
    parents(step, commit);
  }

  private void needs(Step step, long needs) {
    if (needs != 0) {
      affectedCount++;
      if (affected.size() < FsckReport.MOST_AFFECTED) {
        affected.add(step.who());
      }
      findings.commitNeeds(needs, step.who());
    }
  }

  private void parents(Step step, Commit commit) {
    for (CommitId parent : commit.parents()) {
      String name = commit.repo() + "@" + parent.hex();
      Optional<Sha256> repo = Optional.of(commit.repoId());
      ahead.add(new Step(parent, name, repo, commit.depth(), step.isHistory()));
    }
  }

  private void requireDepth(StorageKey key, Commit commit) {
    long deepest = -1;
    for (CommitId parent : commit.parents()) {
      deepest = Math.max(deepest, inventory.commitDepths.get(parent.digest(), commit.depth() - 1));
    }
    if (commit.depth() != deepest + 1) {
      findings.damaged(
          Damage.Kind.COMMIT, key, "has the depth " + commit.depth() + ", not " + (deepest + 1));
    }
  }

  /** Names of repos that commits name and no log of a repo does, by their ids. */
  final Map<Sha256, String> unknownRepos = new HashMap<>();

  private long content(Commit commit) {
    long needs = tree(commit.tree(), false);
    if (commit.datums().isPresent()) {
      needs |= tree(commit.datums().get(), true);
    }
    return needs;
  }

  /** What it was made by, which stays when its files are let go. */
  private long makers(Commit commit) {
    long needs = 0;
    if (commit.provenance().isPresent()) {
      Provenance made = commit.provenance().get();
      needs |= object(made.spec());
      if (made.code().isPresent()) {
        needs |= tree(made.code().get(), false);
      }
    }
    return needs;
  }

  private void provenance(Commit commit) {
    if (commit.provenance().isEmpty()) {
      return;
    }
    Provenance made = commit.provenance().get();
    for (Provenance.Input input : made.inputs()) {
      ahead.add(
          new Step(
              input.commit(),
              input.repo() + "@" + input.commit().hex(),
              Optional.empty(),
              -1,
              false));
    }
    Records.Job job = records.jobs.get(made.job());
    if (job == null || !job.hasSlot) {
      findings
          .damaged(Damage.Kind.RECORD, StoreLayout.jobSlot(made.job()), "is absent")
          .neededBy(who);
    }
  }

  private long object(Sha256 id) {
    objects.add(id);
    Optional<Findings.Finding> damage = extents.damageOf(new Extent(ObjectRef.of(id), 0, 0));
    damage.ifPresent(finding -> finding.neededBy(who));
    return damage.map(Findings.Finding::bit).orElse(0L);
  }

  /** Checks the tree {@code root}; gives the bits of the damages that it needs. */
  long tree(Sha256 root, boolean isOfDatums) {
    inDatums = isOfDatums;
    open.push(0L);
    trees.tree(root);
    inDatums = false;
    return open.pop();
  }

  /** Checks the tree of results. */
  void results(Sha256 root) {
    who = "the results of datums";
    var unused = tree(root, false);
  }

  /** Checks a file that a record names. */
  void record(Records.Needed needed) {
    who = needed.by();
    boolean isGone =
        needed.file().extents().stream()
            .anyMatch(extent -> !inventory.objects.contains(extent.object().id()));
    if (records.wasCollected() && isGone) {
      // What plans of old attempts name is collected with what nothing needs.
      return;
    }
    open.push(0L);
    content(needed.file(), who);
    var unused = open.pop();
  }

  private void add(long bits) {
    open.push(open.pop() | bits);
  }

  @Override
  public List<Integer> generations(Sha256 id) {
    return inventory.nodes.generations(id);
  }

  @Override
  public void damaged(StorageKey node, String how) {
    Findings.Finding finding = findings.damaged(Damage.Kind.NODE, node, how);
    if (!open.isEmpty()) {
      finding.neededBy(who);
      add(finding.bit());
    }
  }

  @Override
  public void enter(Sha256 node) {
    open.push(0L);
    way.push(node);
  }

  @Override
  public void leave(Sha256 node) {
    // What is wrong in a leaf is told while we are in it.
    fileScan.ifPresent(FileScan::check);
    long bits = open.pop();
    way.pop();
    if (bits != 0) {
      masks.put(node, bits);
      add(bits);
    }
  }

  @Override
  public void again(Sha256 node) {
    add(masks.get(node, 0));
  }

  @Override
  public void file(FileEntry file) {
    boolean whole =
        content(file.file(), who + ":" + file.path())
            && isItself(
                file.file(),
                what ->
                    damaged(leaf(), "names the " + what + " of another file for " + file.path()));
    if (whole && inDatums && file.path().text().startsWith(DATUMS)) {
      result(file);
    }
  }

  /**
   * Whether the bytes of {@code file}, which are there, have its SHA-256, as far as that can be
   * said without reading them. {@code whenWrong} is told what is another file's, now or, where
   * files are read, before the leaf is left.
   */
  private boolean isItself(StoredFile file, Consumer<String> whenWrong) {
    Optional<Sha256> known = digestByName(file);
    if (known.isEmpty()) {
      fileScan.ifPresent(scan -> scan.add(file, () -> whenWrong.accept("bytes")));
      return true;
    }
    boolean is = known.get().equals(file.sha256());
    if (!is) {
      whenWrong.accept(file.extents().isEmpty() ? "bytes" : "object");
    }
    return is;
  }

  /** The SHA-256 of what {@code file} names, if that is all of an object, or nothing at all. */
  private Optional<Sha256> digestByName(StoredFile file) {
    if (file.extents().isEmpty()) {
      return Optional.of(OF_NOTHING);
    }
    Extent first = file.extents().get(0);
    ObjectRef object = first.object();
    OptionalLong size = inventory.objects.size(object.id(), object.generation());
    boolean isAllOfIt =
        file.extents().size() == 1
            && first.offset() == 0
            && size.equals(OptionalLong.of(first.length()));
    return isAllOfIt ? Optional.of(object.id()) : Optional.empty();
  }

  /** The leaf that is shown now, where readers read it. */
  private StorageKey leaf() {
    Sha256 id = way.element();
    int generation = inventory.nodes.generations(id).stream().findFirst().orElse(0);
    return StoreLayout.treeNode(id, generation);
  }

  @Override
  public void attachment(Extent whole) {
    objects.add(whole.object().id());
    if (!bytesAreNeeded) {
      return;
    }
    extents
        .damageOf(whole)
        .ifPresent(
            finding -> {
              finding.neededBy(who);
              add(finding.bit());
            });
  }

  @Override
  public void unreadable(Sha256 leaf, String how) {
    // What the entry names besides its content was shown as an attachment, and is damaged or let
    // go;
    // or it is sound, and not what the entry says of it.
    if (bytesAreNeeded && !way.isEmpty() && open.element() == 0) {
      damaged(leaf(), "has an entry that cannot be read: " + how);
      return;
    }
    findings.notice("An entry of the node " + leaf + " cannot be read: " + how);
  }

  private boolean content(StoredFile file, String need) {
    boolean whole = true;
    for (Extent extent : file.extents()) {
      objects.add(extent.object().id());
      if (!bytesAreNeeded) {
        return false;
      }
      Optional<Findings.Finding> damage = extents.damageOf(extent);
      if (damage.isPresent()) {
        whole = false;
        damage.get().neededBy(need);
        add(damage.get().bit());
        remember(file, extent, damage.get());
      }
    }
    return whole;
  }

  private void remember(StoredFile file, Extent extent, Findings.Finding damage) {
    if (file.extents().size() == 1 && lost.size() < MOST_LOST) {
      lost.computeIfAbsent(file.sha256(), any -> new ArrayList<>()).add(new Lost(damage, extent));
    }
  }

  // What its datum wrote and printed is kept with the commit.
  private void result(FileEntry datum) {
    DatumResult result;
    try {
      byte[] json = files.readAll(datum.file());
      result =
          CanonicalJson.read(
              CanonicalJson.parse(json), datumJson -> DatumResult.of(datumJson.required("result")));
    } catch (JsonProcessingException | IllegalArgumentException | DamagedObject e) {
      // Every object that it names is sound, so its entry names the wrong bytes of them.
      wrongResult(datum, "does not hold what a datum names");
      return;
    }
    String need = who + ", as the datum " + datum.path().name() + " wrote it";
    result.outputs().forEach(output -> written(datum, output.file(), need + ":" + output.path()));
    result.log().ifPresent(file -> written(datum, file, need));
  }

  private void written(FileEntry datum, StoredFile file, String need) {
    if (content(file, need)) {
      var unused =
          isItself(
              file,
              what ->
                  wrongResult(datum, "has a datum that names the " + what + " of another file"));
    }
  }

  private void wrongResult(FileEntry datum, String how) {
    if (datum.file().extents().isEmpty()) {
      damaged(leaf(), "names nothing as the result " + datum.path());
      return;
    }
    ObjectRef object = datum.file().extents().get(0).object();
    Findings.Finding finding = findings.damaged(Damage.Kind.OBJECT, Extents.key(object), how);
    finding.neededBy(who + ":" + datum.path());
    add(finding.bit());
  }

  /** Checks the nodes that nothing led to; gives how many there are. */
  long danglingNodes() {
    long[] count = {0};
    inventory.nodes.forEach(
        id -> {
          if (!trees.hasSeen(id)) {
            count[0]++;
            trees.alone(id);
          }
        });
    return count[0];
  }

  /** Whether {@code commit} is in the history of a ref. */
  boolean isHistory(CommitId commit) {
    return history.contains(commit.digest());
  }

  DigestSet reachedObjects() {
    return objects;
  }

  DigestSet reachedCommits() {
    return commits;
  }

  Map<Sha256, List<Lost>> lost() {
    return lost;
  }

  Extents extents() {
    return extents;
  }

  List<String> affected() {
    return affected;
  }

  long affectedCount() {
    return affectedCount;
  }
}
