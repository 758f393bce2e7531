// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Retry;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.gc.DroppedCommit;
import io.beamwright.versioning.gc.DroppedCommits;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeCopy;
import io.beamwright.versioning.tree.TreeVisitor;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Copies branches and tags of a repo to another store: their commits with the history and all that
 * these were made from, in this order: bytes, nodes, repos, what tells of jobs, commits, refs. So
 * what is there is whole, whenever this stops, and doing it again goes on where it stopped.
 * Everything is checked as it goes.
 */
public final class Sync {

  private final Store from;
  private final Store to;
  private final Options options;
  private final Survey survey;
  private final Objects objects;
  private final JobTransfer jobs;
  private final DroppedCommits dropped;
  // Commits that the target has already, and tells nothing of their jobs.
  private final List<Commit> untold = new ArrayList<>();

  /**
   * How to copy.
   *
   * @param by who does
   * @param at when, by this machine's clock
   * @param force whether branches move to commits that do not follow
   * @param trial whether nothing is to be written
   */
  public record Options(String by, Instant at, boolean force, boolean trial) {}

  private Sync(Store from, Store to, Options options) {
    this.from = from;
    this.to = to;
    this.options = options;
    this.survey = new Survey(from, to, options.trial());
    this.objects = new Objects(from, to, survey);
    this.jobs = new JobTransfer(from, to, survey, options.at());
    this.dropped = new DroppedCommits(from.storage());
  }

  /**
   * Copies the branch or tag {@code ref} of {@code repo}, or all of them.
   *
   * @throws UserFault if there is no such repo, branch or tag
   * @throws ConflictFault if the target has another repo of the name, a branch that does not lead
   *     to ours, or another tag of the name; nothing has changed there
   * @throws EnvironmentFault if something of it is damaged; then no ref there names it
   */
  public static SyncReport copy(
      Store from, Store to, String repo, Optional<String> ref, Options options) {
    return new Sync(from, to, options).copy(repo, ref);
  }

  private SyncReport copy(String name, Optional<String> ref) {
    Repo repo = from.repos().require(name);
    List<RefHead> heads = heads(repo, ref);
    Map<CommitId, Commit> missing = missing(heads);
    List<Repo> repos = reposOf(repo, missing.values());
    repos.forEach(this::requireSameRepo);
    List<SyncReport.RefChange> changes = changes(repo, heads, missing);
    surveyAll(missing);
    if (options.trial()) {
      return new SyncReport(
          changes,
          missing.size(),
          survey.nodes().size(),
          survey.objects().size(),
          Objects.sum(survey.objects()),
          true);
    }
    objects.copy();
    jobs.packResults();
    // Nodes of what was let go come last: others may need them with their bytes.
    Map<CommitId, Commit> letGo = new LinkedHashMap<>(missing);
    letGo.keySet().removeIf(id -> dropped.find(id).isEmpty());
    missing.forEach(
        (id, commit) -> {
          if (!letGo.containsKey(id)) {
            nodes(commit, false);
          }
        });
    letGo.forEach(
        (id, commit) -> {
          // Before nodes without bytes are there: whoever finds those looks for that.
          copyAsItIs(StoreLayout.dropped(id.digest()));
          nodes(commit, true);
        });
    // Before the commits: of those that are there, no copy that goes on looks for the repos.
    repos.forEach(this::create);
    missing.forEach(this::commit);
    untold.forEach(jobs::tell);
    List<SyncReport.RefChange> moved = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      moved.add(move(repo, heads.get(i), changes.get(i)));
    }
    return new SyncReport(
        moved, missing.size(), survey.nodes().size(), objects.sent(), objects.sentBytes(), false);
  }

  // --- what is to be copied ---

  private List<RefHead> heads(Repo repo, Optional<String> ref) {
    Refs refs = from.repos().refs(repo);
    if (ref.isEmpty()) {
      return refs.list();
    }
    RefHead head = refs.head(Refs.requireName(ref.get()));
    if (!head.exists()) {
      throw new UserFault(
          "There is no branch or tag \"%s\" in the repo %s of %s."
              .formatted(ref.get(), repo.name(), from.storage().location()),
          "Try: beamwright list branch " + repo.name());
    }
    return List.of(head);
  }

  /** The commits that the target does not have, parents and inputs before those that need them. */
  private Map<CommitId, Commit> missing(List<RefHead> heads) {
    Map<CommitId, Commit> missing = new LinkedHashMap<>();
    Set<CommitId> seen = new HashSet<>();
    Deque<Visit> stack = new ArrayDeque<>();
    heads.forEach(
        head -> head.commit().ifPresent(id -> stack.push(new Visit(id, Optional.empty()))));
    while (!stack.isEmpty()) {
      Visit visit = stack.pop();
      if (visit.read().isPresent()) {
        missing.put(visit.id(), visit.read().get());
      } else if (seen.add(visit.id()) && !isAtTarget(visit.id())) {
        Commit commit = from.commits().read(visit.id());
        stack.push(new Visit(visit.id(), Optional.of(commit)));
        before(commit).forEach(id -> stack.push(new Visit(id, Optional.empty())));
      }
    }
    return missing;
  }

  /** A commit on the way: first to what it needs, then, when it was read, after that. */
  private record Visit(CommitId id, Optional<Commit> read) {}

  private static List<CommitId> before(Commit commit) {
    List<CommitId> before = new ArrayList<>(commit.parents());
    commit.provenance().ifPresent(made -> made.inputs().forEach(in -> before.add(in.commit())));
    return before;
  }

  /** A commit that is there is whole, with all that it follows and was made from. */
  private boolean isAtTarget(CommitId id) {
    String key = StoreLayout.commit(id.digest()).text();
    if (to.storage().list(key, Optional.empty(), 1).isEmpty()) {
      return false;
    }
    if (!options.trial()) {
      // If garbage collection is about to take something of it, that is stored again.
      to.session().beforePublishing(id);
      Commit commit = from.commits().read(id);
      // The copy that wrote it may have ended there.
      slot(id, commit);
      if (jobs.isUntold(commit)) {
        untold.add(commit);
      }
    }
    return true;
  }

  /** The repos of all that is copied, as far as they still exist here; {@code repo} comes first. */
  private List<Repo> reposOf(Repo repo, Iterable<Commit> commits) {
    Map<Sha256, Repo> repos = new LinkedHashMap<>(Map.of(repo.id(), repo));
    for (Commit commit : commits) {
      if (!repos.containsKey(commit.repoId())) {
        from.repos()
            .find(commit.repo())
            .filter(live -> live.id().equals(commit.repoId()))
            .ifPresent(live -> repos.put(live.id(), live));
      }
    }
    return List.copyOf(repos.values());
  }

  private void requireSameRepo(Repo repo) {
    Optional<Repo> there = to.repos().find(repo.name());
    if (there.isPresent() && !there.get().id().equals(repo.id())) {
      throw new ConflictFault(
          "%s has another repo \"%s\": that one was created by %s at %s, ours by %s at %s."
              .formatted(
                  to.storage().location(),
                  repo.name(),
                  there.get().createdBy(),
                  there.get().createdAt(),
                  repo.createdBy(),
                  repo.createdAt()),
          "Repos are the same only if one was pushed or pulled from the other. Use another name or"
              + " another store.");
    }
  }

  private void surveyAll(Map<CommitId, Commit> missing) {
    missing.forEach(
        (id, commit) -> {
          if (dropped.find(id).isEmpty()) {
            survey.commit(commit, base(commit, missing.keySet()));
          }
        });
    missing.forEach(
        (id, commit) ->
            dropped.find(id).ifPresent(gone -> survey.droppedCommit(commit, treeStays(gone))));
    missing.values().forEach(commit -> plan(commit).ifPresent(this::segments));
    jobs.survey(Stream.concat(untold.stream(), missing.values().stream()).toList());
  }

  private static boolean treeStays(DroppedCommit gone) {
    return gone.what() == DroppedCommit.What.DATA;
  }

  /** The tree of a parent that the target has: most files are where they are there. */
  private Optional<Tree> base(Commit commit, Set<CommitId> notThere) {
    for (CommitId parent : commit.parents()) {
      if (!notThere.contains(parent) && new DroppedCommits(to.storage()).find(parent).isEmpty()) {
        return Optional.of(to.trees().open(to.commits().read(parent).tree()));
      }
    }
    return Optional.empty();
  }

  private Optional<byte[]> plan(Commit commit) {
    return commit.provenance().flatMap(made -> read(from, StoreLayout.jobPlan(made.job())));
  }

  private static Optional<byte[]> read(Store store, StorageKey key) {
    return store.storage().list(key.text(), Optional.empty(), 1).stream()
        .filter(listed -> listed.key().equals(key))
        .findFirst()
        .map(listed -> store.storage().read(key, 0, NumberedLog.MOST_BYTES));
  }

  private void segments(byte[] plan) {
    try {
      for (JsonNode segment : SummedJson.parse(plan).path("segments")) {
        StoredFile file = StoredFile.fromJson(segment);
        // Garbage collection takes those of old plans.
        if (file.extents().stream().allMatch(from.files()::isPresent)) {
          survey.file(file);
        }
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          "A plan of a job in " + from.storage().location() + " is damaged.",
          "See what is: beamwright fsck",
          e);
    }
  }

  // --- copying ---

  private void nodes(Commit commit, boolean isDropped) {
    Optional<Tree> base =
        commit.parents().stream()
            .findFirst()
            .filter(parent -> isWholeAtTarget(parent))
            .map(parent -> to.trees().open(to.commits().read(parent).tree()));
    Copying whole = copying(files -> objects.place(files, base));
    Copying withoutBytes = copying(objects::whereTheyWere);
    from.trees().walk(commit.tree(), isDropped ? withoutBytes : whole);
    commit.datums().ifPresent(root -> from.trees().walk(root, whole));
    commit
        .provenance()
        .flatMap(made -> made.code())
        .ifPresent(code -> from.trees().walk(code, whole));
  }

  private Copying copying(Function<List<FileEntry>, List<StoredFile>> place) {
    return new Copying(new TreeCopy(from.storage(), to.session(), place));
  }

  private boolean isWholeAtTarget(CommitId id) {
    String key = StoreLayout.commit(id.digest()).text();
    return !to.storage().list(key, Optional.empty(), 1).isEmpty()
        && new DroppedCommits(to.storage()).find(id).isEmpty();
  }

  private final DigestSet copied = new DigestSet();

  /** Copies each node that is missing after all that is below it. */
  private final class Copying implements TreeVisitor {

    private final TreeCopy copy;

    Copying(TreeCopy copy) {
      this.copy = copy;
    }

    @Override
    public boolean enters(Sha256 id) {
      return survey.nodes().contains(id) && !copied.contains(id);
    }

    @Override
    public void file(FileEntry file) {}

    @Override
    public void attachment(Extent attachment) {}

    @Override
    public void left(Sha256 id) {
      copy.copy(id);
      var unused = copied.add(id);
    }
  }

  private void commit(CommitId id, Commit commit) {
    commit.provenance().ifPresent(made -> copyAsItIs(StoreLayout.jobPlan(made.job())));
    jobs.tell(commit);
    CommitId copy = to.commits().write(commit);
    if (!copy.equals(id)) {
      throw new EnvironmentFault(
          "The commit " + id + " says what this Beamwright does not know.",
          "Use the Beamwright that wrote it.");
    }
    slot(id, commit);
  }

  /** The slot of the job that made {@code commit}: it names the commit that is there. */
  private void slot(CommitId id, Commit commit) {
    commit
        .provenance()
        .map(made -> StoreLayout.jobSlot(made.job()))
        .filter(slot -> to.storage().list(slot.text(), Optional.empty(), 1).isEmpty())
        .ifPresent(
            slot -> {
              ObjectNode json = CanonicalJson.object().put("commit", id.hex());
              byte[] bytes = SummedJson.bytes(json.put("token", "copied " + id.hex()));
              var unused = to.storage().createIfAbsent(slot, Content.of(bytes));
            });
  }

  private void copyAsItIs(StorageKey key) {
    read(from, key)
        .ifPresent(
            bytes -> {
              var unused = to.storage().createIfAbsent(key, Content.of(bytes));
            });
  }

  /** The same repo: its id is the digest of the entry that created it. */
  private void create(Repo repo) {
    Retry.untilWon("the repo " + repo.name(), () -> tryCreate(repo));
  }

  private Optional<Repo> tryCreate(Repo repo) {
    requireSameRepo(repo);
    Optional<Repo> there = to.repos().find(repo.name());
    if (there.isPresent()) {
      return there;
    }
    String prefix = StoreLayout.repoLog(repo.name());
    byte[] created =
        new NumberedLog(from.storage(), prefix)
            .newestFirst().stream()
                .map(NumberedLog.Entry::content)
                .filter(entry -> Sha256.of(entry).equals(repo.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a repo without its creation"));
    NumberedLog log = new NumberedLog(to.storage(), prefix);
    return log.tryAppend(log.newestNumber() + 1, created) ? Optional.of(repo) : Optional.empty();
  }

  // --- refs ---

  private List<SyncReport.RefChange> changes(
      Repo repo, List<RefHead> heads, Map<CommitId, Commit> missing) {
    Optional<Repo> there = to.repos().find(repo.name());
    List<SyncReport.RefChange> changes = new ArrayList<>();
    for (RefHead head : heads) {
      Optional<RefHead> theirs =
          there.map(target -> to.repos().refs(target).head(head.name())).filter(RefHead::exists);
      changes.add(change(repo, head, theirs, missing));
    }
    return changes;
  }

  private SyncReport.RefChange change(
      Repo repo, RefHead ours, Optional<RefHead> theirs, Map<CommitId, Commit> missing) {
    RefKind kind = ours.entry().map(RefEntry::kind).orElseThrow();
    Optional<CommitId> before = theirs.flatMap(RefHead::commit);
    String ref = repo.name() + "@" + ours.name();
    boolean follows =
        theirs.isEmpty()
            || before.equals(ours.commit())
            || (theirs.get().is(kind) && kind == RefKind.BRANCH && follows(ours, before, missing));
    if (!follows && !(options.force() && theirs.filter(t -> t.is(kind)).isPresent())) {
      throw refused(ref, kind, theirs.orElseThrow());
    }
    return new SyncReport.RefChange(
        repo.name(), ours.name(), kind, before, ours.commit(), !follows);
  }

  private boolean follows(RefHead ours, Optional<CommitId> before, Map<CommitId, Commit> missing) {
    if (before.isEmpty()) {
      return true;
    }
    Set<CommitId> seen = new HashSet<>();
    Deque<CommitId> ahead = new ArrayDeque<>(ours.commit().stream().toList());
    while (!ahead.isEmpty()) {
      CommitId id = ahead.pop();
      if (id.equals(before.get())) {
        return true;
      }
      if (seen.add(id)) {
        Commit commit = missing.containsKey(id) ? missing.get(id) : from.commits().read(id);
        ahead.addAll(commit.parents());
      }
    }
    return false;
  }

  private ConflictFault refused(String ref, RefKind kind, RefHead theirs) {
    String names = theirs.commit().map(CommitId::brief).orElse("no commit");
    boolean isTag = kind == RefKind.TAG || theirs.is(RefKind.TAG);
    return isTag
        ? new ConflictFault(
            "The tag or branch \"%s\" in %s is another: it names %s."
                .formatted(ref, to.storage().location(), names),
            "A tag stays where it is. Choose another name, or copy with --force.")
        : new ConflictFault(
            "The branch \"%s\" in %s has commits that ours does not have: its head is %s."
                .formatted(ref, to.storage().location(), names),
            "Take these first and merge them, or copy with --force: its log keeps what it was.");
  }

  private SyncReport.RefChange move(Repo repo, RefHead ours, SyncReport.RefChange planned) {
    return Retry.untilWon(repo.name() + "@" + ours.name(), () -> tryMove(repo, ours, planned));
  }

  private Optional<SyncReport.RefChange> tryMove(
      Repo repo, RefHead ours, SyncReport.RefChange planned) {
    Refs refs = to.repos().refs(repo);
    RefHead head = refs.head(ours.name());
    Optional<RefHead> theirs = Optional.of(head).filter(RefHead::exists);
    SyncReport.RefChange change = change(repo, ours, theirs, Map.of());
    if (theirs.isPresent() && change.before().equals(change.after())) {
      return Optional.of(planned);
    }
    RefMove move =
        new RefMove(
            ours.commit(),
            options.by(),
            options.at(),
            "copied from " + from.storage().location(),
            ours.entry().flatMap(RefEntry::job));
    return refs.move(head, change.kind(), move) instanceof BranchMove.Moved
        ? Optional.of(change)
        : Optional.empty();
  }
}
