// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.gc.ListCheck;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what was lost by what else speaks of it: the newest entry of a log, or a key that is
 * created once, leaves no gap.
 */
final class CrossCheck {

  private final Storage storage;
  private final Findings findings;
  private final Records records;

  CrossCheck(Storage storage, Findings findings, Records records) {
    this.storage = storage;
    this.findings = findings;
    this.records = records;
  }

  /** What can be told before commits are walked. */
  void records() {
    records.attempts.forEach((number, attempt) -> records.job(attempt.job()).attempts.add(number));
    attempts();
    results();
    runs();
    records.jobs.values().forEach(this::job);
    ListCheck.check(storage, this::damagedList);
    for (String feature : records.featuresNamed) {
      if (!records.features.contains(feature)) {
        absentRecord(StoreLayout.feature(feature), "the log of garbage collection, which names it");
      }
    }
  }

  private void damagedList(StorageKey key, String how) {
    boolean isEntry = key.text().startsWith(StoreLayout.COLLECTIONS + "/");
    findings
        .damaged(isEntry ? Damage.Kind.ENTRY : Damage.Kind.RECORD, key, how)
        .neededBy("everybody who writes, as long as the list of garbage collection stands");
  }

  private long newest(String log) {
    return records.newest.getOrDefault(log, -1L);
  }

  private void absentEntry(String log, long number, String by) {
    findings
        .damaged(Damage.Kind.ENTRY, new NumberedLog(storage, log).key(number), "is absent")
        .neededBy(by);
  }

  private void attempts() {
    long newest = newest(StoreLayout.ATTEMPTS);
    for (Records.Job job : records.jobs.values()) {
      for (long attempt : job.plans) {
        requireAttempt(attempt, newest, "the job " + job.id);
      }
      for (Records.End end : job.ends) {
        requireAttempt(end.attempt(), newest, "the job " + job.id);
      }
    }
    for (long attempt : records.journals.keySet()) {
      requireAttempt(attempt, newest, "the journals of attempt " + attempt);
    }
    for (long attempt : records.liveLogs) {
      requireAttempt(attempt, newest, "the live log of attempt " + attempt);
    }
    records.results.ifPresent(
        head -> requireAttempt(head.path("through").longValue(), newest, "the log of results"));
  }

  private void requireAttempt(long attempt, long newest, String by) {
    if (attempt > newest) {
      absentEntry(StoreLayout.ATTEMPTS, attempt, by);
    }
  }

  /** Whoever ends an attempt merges its results first, and so the log of results knows of it. */
  private void results() {
    long through = records.results.map(head -> head.path("through").longValue()).orElse(-1L);
    Set<Long> open = new HashSet<>();
    for (JsonNode number : records.results.map(head -> head.path("open")).orElse(emptyList())) {
      open.add(number.longValue());
    }
    for (Records.Job job : records.jobs.values()) {
      for (Records.End end : job.ends) {
        if (end.attempt() > through || open.contains(end.attempt())) {
          absentEntry(
              StoreLayout.RESULTS,
              newest(StoreLayout.RESULTS) + 1,
              "attempt " + end.attempt() + " at the job " + job.id);
        }
      }
    }
  }

  private static JsonNode emptyList() {
    return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
  }

  private void runs() {
    Set<String> named = new HashSet<>(records.runStates);
    records.attempts.values().forEach(attempt -> named.add(attempt.run()));
    named.removeAll(records.runs);
    for (String run : named) {
      absentEntry(StoreLayout.RUNS, newest(StoreLayout.RUNS) + 1, "the run " + run);
    }
    for (String run : records.runs) {
      if (!records.runStates.contains(run)) {
        findings.notice("The run " + run + " has no end: it is under way, or what ran it is gone.");
      }
    }
  }

  private void job(Records.Job job) {
    String by = "the job " + job.id;
    if (!job.hasPlan) {
      absentRecord(StoreLayout.jobPlan(job.id), by);
    }
    boolean succeeded = false;
    for (Records.End end : job.ends) {
      succeeded |= end.state().equals("SUCCESS");
      if (!job.plans.contains(end.attempt())) {
        absentRecord(StoreLayout.attemptPlan(job.id, end.attempt()), by);
      }
      requireMove(job, end);
    }
    if (succeeded && !job.hasSlot) {
      absentRecord(StoreLayout.jobSlot(job.id), by);
    }
    attemptsAt(job);
  }

  private void attemptsAt(Records.Job job) {
    for (long attempt : job.attempts) {
      if (job.ends.stream().noneMatch(end -> end.attempt() == attempt)) {
        findings.notice(
            "Attempt "
                + attempt
                + " at the job "
                + job.id
                + " has no end: it is under way, or what ran it is gone, or the newest entry of the"
                + " job's log is lost.");
      }
      if (!job.plans.contains(attempt)) {
        findings.notice(
            "Attempt "
                + attempt
                + " at the job "
                + job.id
                + " has no plan: what ran it died as it began, or the plan is lost.");
      }
    }
  }

  private void absentRecord(StorageKey key, String by) {
    findings.damaged(Damage.Kind.RECORD, key, "is absent").neededBy(by);
  }

  /** A job that says that it moved a branch has an entry in the branch's log. */
  private void requireMove(Records.Job job, Records.End end) {
    if (end.commit().isEmpty() || end.superseded() || job.repo.isEmpty()) {
      return;
    }
    Sha256 repo = job.repo.get();
    if (records.liveRepos.contains(repo) && !records.named.contains(end.commit().get().digest())) {
      String log = StoreLayout.refLog(repo, job.branch.orElse(""));
      absentEntry(
          log, newest(log) + 1, "the job " + job.id + ", which moved it to " + end.commit().get());
    }
  }

  /** What can be told when it is known which commits the heads need. */
  void commits(CommitScan scan, Inventory inventory) {
    repos(scan);
    slots(inventory);
    DanglingCommits dangling = new DanglingCommits(scan);
    inventory.commitDepths.forEach((id, depth) -> dangling.look(new CommitId(id)));
  }

  private void repos(CommitScan scan) {
    scan.unknownRepos.forEach(
        (id, name) -> {
          String log = StoreLayout.repoLog(name);
          absentEntry(log, newest(log) + 1, "the repo " + name + " with the id " + id);
        });
    for (Records.Ref ref : records.refs) {
      boolean isKnown =
          records.repoNames.containsKey(ref.repo()) || scan.unknownRepos.containsKey(ref.repo());
      if (!isKnown) {
        findings
            .damaged(
                Damage.Kind.ENTRY,
                new NumberedLog(storage, ref.log()).key(ref.newest()),
                "is of a repo whose creation is in no log")
            .neededBy("the ref " + ref.name());
      }
    }
  }

  private void slots(Inventory inventory) {
    for (Records.Job job : records.jobs.values()) {
      if (job.slot.isPresent() && !inventory.commitDepths.contains(job.slot.get().digest())) {
        findings.notice(
            "The commit " + job.slot.get() + ", which the job " + job.id + " made, is gone.");
      }
    }
  }

  /** Tells commits that should perhaps be reached from those that nobody needs any more. */
  private final class DanglingCommits {

    private final CommitScan scan;
    private final Set<CommitId> heads = new HashSet<>();
    private final Set<CommitId> slots = new HashSet<>();

    DanglingCommits(CommitScan scan) {
      this.scan = scan;
      records.refs.forEach(ref -> ref.commit().ifPresent(heads::add));
      records.jobs.values().forEach(job -> job.slot.ifPresent(slots::add));
    }

    void look(CommitId id) {
      if (!scan.isHistory(id) && !slots.contains(id) && !records.named.contains(id.digest())) {
        read(id).ifPresent(commit -> look(id, commit));
      }
    }

    private void look(CommitId id, Commit commit) {
      boolean follows = commit.parents().stream().anyMatch(heads::contains);
      boolean begins = commit.parents().isEmpty() && records.liveRepos.contains(commit.repoId());
      if (follows || begins) {
        String where = follows ? "follows the head of a branch" : "is the first of its history";
        findings.notice(
            "The commit "
                + commit.repo()
                + "@"
                + id
                + " "
                + where
                + " and no branch reaches it: who made it died before it moved the branch, or the"
                + " newest entry of the branch's log is lost. To keep it: beamwright create branch "
                + commit.repo()
                + "@NAME "
                + id);
      }
    }

    private Optional<Commit> read(CommitId id) {
      StorageKey key = StoreLayout.commit(id.digest());
      try {
        return Optional.of(Commits.decode(id, storage.read(key, 0, 64 << 20)));
      } catch (MalformedBytes | ObjectAbsent e) {
        // It was read once in this check: garbage collection took it.
        return Optional.empty();
      }
    }
  }
}
