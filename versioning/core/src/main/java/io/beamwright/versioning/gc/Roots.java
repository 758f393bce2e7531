// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.job.Copies;
import io.beamwright.versioning.ref.NamedLogs;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.CopiedResults;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds what a store needs, from its refs, runs and results on, and has it marked. */
final class Roots {

  private static final int PAGE = 1_000;
  private static final int STAMPS = 100;

  private final Store store;
  private final Storage storage;
  private final Mark mark;
  private final Policy policy;
  private final Instant now;
  private final Instant windowStart;
  private final Map<Sha256, RepoRule> rules = new HashMap<>();
  private final Set<CommitId> keptByRule = new HashSet<>();
  private final Set<CommitId> dropped;
  private final Deque<CommitId> ahead = new ArrayDeque<>();
  private final Deque<CommitId> history = new ArrayDeque<>();
  private final List<DroppedCommit> letGo = new ArrayList<>();
  private final List<StorageKey> leftovers = new ArrayList<>();
  private final Set<NewCommit> newCommits = new HashSet<>();
  private final ResultRoots results;
  private final boolean tellsOfJobs;
  private Set<String> alive = Set.of();

  /**
   * @param now by the storage's clock
   */
  Roots(Store store, Mark mark, Policy policy, Instant now) {
    this.store = store;
    this.storage = store.storage();
    this.mark = mark;
    this.policy = policy;
    this.now = now;
    this.windowStart = now.minus(policy.window());
    this.dropped = new DroppedCommits(storage).all();
    this.tellsOfJobs = store.copies().isAny();
    this.results = new ResultRoots(store, mark, now.minus(policy.keepResults()), windowStart);
  }

  private record RepoRule(Repo repo, Retention rule) {}

  // One that was created since the inventory, and what it was marked as.
  private record NewCommit(CommitId id, int as) {}

  /** Marks everything. */
  void mark() {
    leases();
    refs();
    slots();
    runs();
    commits();
    mark.neededBy("the log of results");
    results.mark();
    mark.asFarAsThere(this::attempts);
    mark.asFarAsThere(() -> leftovers.addAll(results.journals()));
    leftovers.addAll(new OldLiveLogs(store, now.minus(policy.grace()), windowStart).keys());
  }

  /** The commits whose files are no longer needed, and of which that is not written down yet. */
  List<DroppedCommit> letGo() {
    Inventory commits = mark.all(Space.COMMITS);
    return letGo.stream()
        .filter(commit -> !commits.has(commits.first(commit.commit().digest()), Mark.NEEDED))
        .toList();
  }

  /** Keys that nothing needs, and that nobody creates again: old journals, live logs and leases. */
  List<StorageKey> leftovers() {
    return leftovers;
  }

  // --- runs ---

  private void leases() {
    Duration half = policy.grace().dividedBy(2);
    Leases.Found found = new Leases(storage).find(now.minus(half), windowStart);
    alive = found.alive();
    leftovers.addAll(found.old());
  }

  private void runs() {
    mark.neededBy("the log of runs");
    for (JsonNode run : store.runs().newestFirst(Integer.MAX_VALUE)) {
      mark.asFarAsThere(
          () -> run.path("specs").forEach(s -> mark.file(StoredFile.fromJson(s.required("text")))));
      if (alive.contains(run.path("run").asText())) {
        run.path("puts").forEach(commit -> ahead.add(CommitId.parse(commit.textValue())));
        run.path("inputs").forEach(commit -> ahead.add(CommitId.parse(commit.textValue())));
      }
    }
  }

  /** Young attempts, and those of runs that are alive: their plans. */
  private void attempts() {
    NumberedLog log = new NumberedLog(storage, StoreLayout.ATTEMPTS);
    for (NumberedLog.Stamp stamp : log.stamps(Long.MAX_VALUE, Integer.MAX_VALUE)) {
      boolean isYoung = !stamp.created().isBefore(windowStart);
      if (!isYoung && alive.isEmpty()) {
        return;
      }
      store
          .attempts()
          .at(stamp.number())
          .filter(attempt -> isYoung || alive.contains(attempt.run()))
          .ifPresent(
              attempt -> {
                results.keepJournals(stamp.number());
                plans(attempt.job(), alive.contains(attempt.run()));
              });
    }
  }

  /** The plans of a job with what they name; of one that is under way, with its inputs. */
  private void plans(Sha256 job, boolean isUnderWay) {
    String prefix = StoreLayout.jobPlan(job).text();
    for (Listed plan : storage.list(prefix, Optional.empty(), PAGE)) {
      JsonNode json = json(plan.key());
      json.path("segments").forEach(segment -> mark.file(StoredFile.fromJson(segment)));
      json.path("to_run").forEach(segment -> mark.file(StoredFile.fromJson(segment)));
      if (json.has("provenance")) {
        Provenance made = Provenance.of(json.required("provenance"));
        mark.object(made.spec());
        made.code().ifPresent(mark::tree);
        if (isUnderWay) {
          made.inputs().forEach(input -> ahead.add(input.commit()));
        }
      }
      if (isUnderWay) {
        json.path("segments").forEach(s -> results.planned(StoredFile.fromJson(s)));
      }
    }
    if (isUnderWay) {
      commits();
    }
  }

  private JsonNode json(StorageKey key) {
    try {
      return SummedJson.parse(storage.read(key, 0, NumberedLog.MOST_BYTES));
    } catch (JsonProcessingException | ObjectAbsent e) {
      throw new EnvironmentFault(
          "Nothing is collected: " + storage.location() + "/" + key + " is damaged.",
          "Restore it from a copy of the store.",
          e);
    }
  }

  /** Commits that jobs made lately, whether a branch took them or not. */
  private void slots() {
    forEach(
        storage,
        StoreLayout.JOBS,
        listed -> {
          if (listed.key().text().endsWith("/slot") && !listed.created().isBefore(windowStart)) {
            ahead.add(CommitId.parse(json(listed.key()).required("commit").textValue()));
          }
        });
  }

  /** Shows every key that begins with {@code prefix} to {@code visitor}. */
  static void forEach(Storage storage, String prefix, Consumer<Listed> visitor) {
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(prefix, after, PAGE);
      page.forEach(visitor);
      after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1).key().text());
    } while (page.size() == PAGE);
  }

  // --- refs ---

  private void refs() {
    Set<Sha256> repos = new HashSet<>(deletedLately());
    for (Repo repo : store.repos().list()) {
      repos.add(repo.id());
      new Retentions(storage).of(repo).ifPresent(rule -> rules.put(repo.id(), rule(repo, rule)));
    }
    repos.forEach(this::refs);
    rules.values().forEach(this::keepLast);
  }

  private static RepoRule rule(Repo repo, Retention rule) {
    return new RepoRule(repo, rule);
  }

  /** The ids of repos that were deleted within the window. */
  private Set<Sha256> deletedLately() {
    Set<Sha256> lately = new HashSet<>();
    for (String name : new NamedLogs(storage, StoreLayout.REPOS, "a log of a repo").names()) {
      NumberedLog log = new NumberedLog(storage, StoreLayout.repoLog(name));
      List<NumberedLog.Stamp> stamps = log.stamps(Long.MAX_VALUE, Integer.MAX_VALUE);
      for (int i = 0; i + 1 < stamps.size(); i++) {
        if (!stamps.get(i).created().isBefore(windowStart)) {
          log.at(stamps.get(i + 1).number()).ifPresent(e -> lately.add(Sha256.of(e.content())));
        }
      }
    }
    return lately;
  }

  private void refs(Sha256 repo) {
    for (String name : new NamedLogs(storage, StoreLayout.refs(repo), "a log of a ref").names()) {
      ref(repo, name);
    }
  }

  /** What a ref names, and what it named within the window. */
  private void ref(Sha256 repo, String name) {
    NumberedLog log = new NumberedLog(storage, StoreLayout.refLog(repo, name));
    long before = Long.MAX_VALUE;
    boolean isNewest = true;
    Instant until = now;
    while (true) {
      List<NumberedLog.Stamp> page = log.stamps(before, isNewest ? 2 : STAMPS);
      for (NumberedLog.Stamp stamp : page) {
        if (!isNewest && until.isBefore(windowStart)) {
          return;
        }
        boolean waits = named(log, stamp.number());
        if (isNewest && waits) {
          // Whether it counts is for the ref to say, and what stands if it does not.
          store.repos().refs(repo).head(name).commit().ifPresent(ahead::add);
        }
        isNewest = false;
        until = stamp.created();
        before = stamp.number();
      }
      if (page.isEmpty() || before == 0) {
        return;
      }
    }
  }

  /** Keeps what an entry names; whether it waits for a transaction. */
  private boolean named(NumberedLog log, long number) {
    JsonNode json = log.at(number).orElseThrow().read(storage, "a ref", entry -> entry);
    if (json.has("to")) {
      ahead.add(CommitId.parse(json.required("to").textValue()));
    }
    return json.has("transaction");
  }

  private void keepLast(RepoRule of) {
    for (RefHead head : store.repos().refs(of.repo()).list()) {
      int last = head.is(RefKind.BRANCH) ? of.rule().keepLast().orElse(1) : 1;
      Optional<CommitId> next = head.commit();
      for (int i = 0; i < last && next.isPresent(); i++) {
        keptByRule.add(next.get());
        next = read(next.get()).parents().stream().findFirst();
      }
    }
  }

  // --- commits ---

  /** Marks the commits that are to be, and from each on those before it and what it is made of. */
  private void commits() {
    while (!ahead.isEmpty()) {
      keep(ahead.remove());
    }
    while (!history.isEmpty()) {
      keepWithoutFiles(history.remove());
    }
  }

  private void keep(CommitId id) {
    if (!markCommit(id, Mark.NEEDED)) {
      return;
    }
    Commit commit = read(id);
    mark.neededBy("commit " + id.brief() + " of " + commit.repo());
    if (dropped.contains(id)) {
      mark.asFarAsThere(() -> mark.commit(commit));
    } else {
      mark.commit(commit);
    }
    commit.parents().forEach(parent -> (isKept(parent, commit) ? ahead : history).add(parent));
    commit.provenance().ifPresent(this::keepSources);
  }

  private void keepSources(Provenance made) {
    made.inputs().forEach(input -> ahead.add(input.commit()));
    mark.asFarAsThere(() -> plans(made.job(), false));
    if (tellsOfJobs) {
      mark.asFarAsThere(() -> told(made.job()));
    }
  }

  /** What another store told of a job. */
  private void told(Sha256 job) {
    store
        .jobs()
        .plan(job)
        .flatMap(Copies::planned)
        .flatMap(planned -> store.copies().find(job, planned))
        .ifPresent(
            copy -> {
              copy.results().forEach(mark::file);
              CopiedResults.forEach(
                  copy, store.files(), result -> result.log().ifPresent(mark::file));
            });
  }

  private boolean isKept(CommitId parent, Commit child) {
    RepoRule of = rules.get(child.repoId());
    if (of == null || keptByRule.contains(parent)) {
      return !dropped.contains(parent);
    }
    Inventory commits = mark.all(Space.COMMITS);
    int at = commits.first(parent.digest());
    boolean isOld =
        of.rule().keepDays().isEmpty()
            || (at >= 0
                && commits.isCreatedBefore(
                    at, now.minus(Duration.ofDays(of.rule().keepDays().getAsInt()))));
    return !isOld && !dropped.contains(parent);
  }

  private void keepWithoutFiles(CommitId id) {
    if (!markCommit(id, Mark.WITHOUT_BYTES)) {
      return;
    }
    Commit commit = read(id);
    mark.neededBy("commit " + id.brief() + " of " + commit.repo());
    RepoRule of = rules.get(commit.repoId());
    boolean treeStays = of != null && of.rule().dropData();
    if (dropped.contains(id)) {
      mark.asFarAsThere(() -> mark.droppedCommit(commit, treeStays));
    } else {
      mark.droppedCommit(commit, treeStays);
      letGo.add(letGo(id, commit, of, treeStays));
    }
    for (CommitId parent : commit.parents()) {
      (isKept(parent, commit) ? ahead : history).add(parent);
    }
    commit.provenance().ifPresent(made -> made.inputs().forEach(in -> history.add(in.commit())));
    while (!ahead.isEmpty()) {
      keep(ahead.remove());
    }
  }

  private DroppedCommit letGo(CommitId id, Commit commit, @Nullable RepoRule of, boolean tree) {
    DroppedCommit.What what = tree ? DroppedCommit.What.DATA : DroppedCommit.What.TREE;
    String rule = of == null ? "no ref and no commit that is kept needs them" : of.rule().words();
    String by = of == null ? policy.by() : of.rule().by();
    return new DroppedCommit(id, commit.repo(), what, rule, by, now);
  }

  /** Whether the commit is to be looked at: it was not marked so, or as needed, before. */
  private boolean markCommit(CommitId id, int as) {
    Inventory commits = mark.all(Space.COMMITS);
    int at = commits.first(id.digest());
    if (at < 0) {
      return newCommits.add(new NewCommit(id, as));
    }
    if (commits.has(at, Mark.NEEDED | as)) {
      return false;
    }
    commits.mark(at, as);
    return true;
  }

  private Commit read(CommitId id) {
    try {
      return store.commits().read(id);
    } catch (EnvironmentFault e) {
      throw new EnvironmentFault(
          "Nothing is collected: commit " + id + " is needed. " + e.getMessage(),
          "See all that is damaged by: beamwright fsck",
          e);
    }
  }

  // --- what a sweep must not break ---

  /**
   * Marks what things name that the collection which wrote {@code list} did not see, whoever needs
   * them: a writer that finds one relies on all of it.
   */
  void markUnseenBy(CondemnedList list) {
    mark.asFarAsThere(
        () -> {
          unseenCommits(list);
          Inventory trees = mark.all(Space.TREES);
          for (int at = 0; at < trees.size(); at++) {
            if (!trees.has(at, Mark.NEEDED) && isUnseen(list, Space.TREES, at)) {
              mark.tree(trees.id(at));
            }
          }
          Inventory maps = mark.all(Space.MOVED);
          for (int at = 0; at < maps.size(); at++) {
            if (isUnseen(list, Space.MOVED, at)) {
              mark.map(at);
            }
          }
        });
  }

  private void unseenCommits(CondemnedList list) {
    Inventory commits = mark.all(Space.COMMITS);
    for (int at = 0; at < commits.size(); at++) {
      if (!commits.has(at, Mark.NEEDED) && isUnseen(list, Space.COMMITS, at)) {
        ahead.add(new CommitId(commits.id(at)));
        keepAsFarAsThere();
      }
    }
  }

  private boolean isUnseen(CondemnedList list, Space space, int at) {
    Inventory things = mark.all(space);
    if (things.isCreatedBefore(at, list.entry().allSeenBefore())) {
      return false;
    }
    return !things.isCreatedBefore(at, list.entry().began())
        || !list.isCondemned(space, things.id(at), things.generation(at));
  }

  private void keepAsFarAsThere() {
    while (!ahead.isEmpty()) {
      CommitId id = ahead.remove();
      boolean isThere = mark.all(Space.COMMITS).first(id.digest()) >= 0;
      if (isThere && markCommit(id, Mark.NEEDED)) {
        Commit commit = read(id);
        mark.commit(commit);
        ahead.addAll(commit.parents());
        commit.provenance().ifPresent(made -> made.inputs().forEach(i -> ahead.add(i.commit())));
      }
    }
  }
}
