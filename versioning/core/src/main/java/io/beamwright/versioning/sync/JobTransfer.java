// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.Copies;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.job.RunCopy;
import io.beamwright.versioning.result.CopiedResults;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Brings what is told of the jobs that made commits, and of their runs: attempts, how they ended,
 * what each datum's result was and printed. A job of which nobody wrote down yet that it succeeded
 * is left for the next copy, and so is a run that has not ended: what is told is never told again.
 * What garbage collection took of it is left out.
 */
final class JobTransfer {

  private static final int MOST_ATTEMPTS = 1_000;
  private static final int MOST_RESULTS = 1_000;
  private static final int MOST_LINE_BYTES = 4 << 20;

  private final Store from;
  private final Store to;
  private final Survey survey;
  private final Map<Sha256, Told> jobs = new LinkedHashMap<>();
  private final Map<Sha256, List<PendingFile>> results = new LinkedHashMap<>();
  private final Map<String, RunCopy> runs = new LinkedHashMap<>();
  private final Instant now;
  private final DigestSet there = new DigestSet();
  private final DigestSet notThere = new DigestSet();

  JobTransfer(Store from, Store to, Survey survey, Instant now) {
    this.from = from;
    this.to = to;
    this.survey = survey;
    this.now = now;
  }

  /** What the source tells of a job, by itself or as it was told. */
  private record Told(List<Attempt> attempts, List<JsonNode> states, Optional<JobCopy> copied) {}

  /** Whether the target tells nothing of the job that made {@code commit}. */
  boolean isUntold(Commit commit) {
    return commit
        .provenance()
        .filter(made -> plannedThere(made.job()).filter(at -> isUntold(made.job(), at)).isPresent())
        .isPresent();
  }

  private Optional<Instant> plannedThere(Sha256 job) {
    return to.jobs().plan(job).flatMap(Copies::planned);
  }

  private boolean isUntold(Sha256 job, Instant planned) {
    return !to.copies().has(job, planned) && to.jobs().states(job).isEmpty();
  }

  // --- what is to be brought ---

  /** Finds what is told of the jobs that made {@code commits}, and the bytes that it names. */
  void survey(List<Commit> commits) {
    Set<String> named = new HashSet<>();
    for (Commit commit : commits) {
      commit.provenance().ifPresent(made -> survey(made, named));
    }
    findRuns(named);
  }

  private void survey(Provenance made, Set<String> namedRuns) {
    Sha256 job = made.job();
    boolean isTold = plannedThere(job).filter(planned -> !isUntold(job, planned)).isPresent();
    if (isTold || jobs.containsKey(job)) {
      return;
    }
    from.jobs()
        .plan(job)
        .flatMap(Copies::planned)
        .flatMap(planned -> told(job, planned))
        .ifPresent(
            told -> {
              jobs.put(job, told);
              told.attempts().forEach(attempt -> namedRuns.add(attempt.run()));
              forEachResult(told, result -> result.log().ifPresent(survey::file));
            });
  }

  private Optional<Told> told(Sha256 job, Instant planned) {
    List<JsonNode> states = from.jobs().states(job);
    Optional<JsonNode> success = JobStates.success(states);
    if (success.isPresent()) {
      List<Attempt> attempts = attempts(job, success.get().path("attempt").asLong(-1));
      return attempts.isEmpty() || isUnderWay(attempts.get(0))
          ? Optional.empty()
          : Optional.of(new Told(attempts, states, Optional.empty()));
    }
    return from.copies()
        .find(job, planned)
        .map(copy -> new Told(copy.attempts(), copy.states(), Optional.of(copy)));
  }

  private boolean isUnderWay(Attempt attempt) {
    return from.runs().end(attempt.run()).isEmpty()
        && new Leases(from.storage()).isDriven(attempt.run(), attempt.at(), now);
  }

  /** The attempts at a job up to the one that decided how it ended, newest first. */
  private List<Attempt> attempts(Sha256 job, long decided) {
    String prefix = StoreLayout.attemptPlans(job);
    SortedSet<Long> numbers = new TreeSet<>(Comparator.reverseOrder());
    numbers.add(decided);
    for (Listed plan : from.storage().list(prefix, Optional.empty(), MOST_ATTEMPTS)) {
      numbers.add(Long.parseLong(plan.key().text().substring(prefix.length())));
    }
    return numbers.tailSet(decided).stream()
        .flatMap(number -> from.attempts().at(number).stream())
        .toList();
  }

  /**
   * The results that a job's attempts made, of each datum the one that counts; without logs that
   * are gone.
   */
  private void forEachResult(Told told, Consumer<DatumResult> results) {
    Consumer<DatumResult> asFarAsThere = result -> results.accept(asFarAsThere(result));
    if (told.copied().isPresent()) {
      CopiedResults.forEach(told.copied().get(), from.files(), asFarAsThere);
      return;
    }
    DigestSet seen = new DigestSet();
    // The first success counts, and the newest attempt comes first.
    for (int i = told.attempts().size() - 1; i >= 0; i--) {
      journaled(
          told.attempts().get(i),
          result -> {
            if (result.state() == DatumResult.State.SUCCESS && seen.add(result.key())) {
              asFarAsThere.accept(result);
            }
          });
    }
  }

  private void journaled(Attempt attempt, Consumer<DatumResult> results) {
    try {
      from.journals().read(attempt.number(), results);
    } catch (ObjectAbsent e) {
      // Garbage collection takes journals of old attempts, now too.
      return;
    }
  }

  private DatumResult asFarAsThere(DatumResult result) {
    Optional<StoredFile> log =
        result.log().filter(file -> file.extents().stream().allMatch(this::isThere));
    return new DatumResult(result.key(), result.state(), result.outputs(), log, result.facts());
  }

  // One look for each object: many logs lie in one pack.
  private boolean isThere(Extent extent) {
    Sha256 object = extent.object().id();
    if (!there.contains(object) && !notThere.contains(object)) {
      String key = StoreLayout.object(object, 0).text();
      boolean isEmpty = from.storage().list(key, Optional.empty(), 1).isEmpty();
      var unused = (isEmpty ? notThere : there).add(object);
    }
    return there.contains(object) || from.files().isPresent(extent);
  }

  /** Looks for runs that ended, by one pass over what the source knows. */
  private void findRuns(Set<String> named) {
    if (named.isEmpty()) {
      return;
    }
    Set<String> left = new HashSet<>(named);
    var unused =
        from.runs()
            .newest(
                submission -> {
                  String run = submission.path("run").asText();
                  if (left.remove(run)) {
                    from.runs().end(run).ifPresent(end -> add(new RunCopy(submission, end)));
                  }
                  return left.isEmpty();
                });
    if (!left.isEmpty()) {
      from.copies().runs().filter(copy -> left.contains(copy.run())).forEach(this::add);
    }
  }

  private void add(RunCopy run) {
    try {
      RunCopy whole = CanonicalJson.read(run.toJson(), RunCopy::of);
      runs.put(whole.run(), whole);
    } catch (IllegalArgumentException e) {
      // It could not be read there: without its time, for one, it has no place among others.
      return;
    }
  }

  // --- bringing it ---

  /** Makes durable at the target what results say. */
  void packResults() {
    try (Packer packer = to.packer()) {
      for (Map.Entry<Sha256, Told> job : jobs.entrySet()) {
        Lines lines = new Lines(packer);
        forEachResult(job.getValue(), lines::add);
        results.put(job.getKey(), lines.finish());
      }
      packer.flush();
    }
  }

  /** Writes results to files as they come. */
  private static final class Lines {

    private final Packer packer;
    private final List<PendingFile> written = new ArrayList<>();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private int count;

    Lines(Packer packer) {
      this.packer = packer;
    }

    void add(DatumResult result) {
      lines.writeBytes(result.bytes());
      lines.write('\n');
      count++;
      if (count == MOST_RESULTS || lines.size() >= MOST_LINE_BYTES) {
        cut();
      }
    }

    List<PendingFile> finish() {
      if (count > 0) {
        cut();
      }
      return written;
    }

    private void cut() {
      try {
        written.add(packer.add(Content.of(lines.toByteArray())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      lines.reset();
      count = 0;
    }
  }

  /** Tells of the job that made {@code commit}, whose plan is at the target, and of its runs. */
  void tell(Commit commit) {
    commit.provenance().map(Provenance::job).filter(jobs::containsKey).ifPresent(this::tell);
  }

  private void tell(Sha256 job) {
    Told told = jobs.remove(job);
    Optional<Instant> planned = plannedThere(job).filter(at -> isUntold(job, at));
    if (told == null || planned.isEmpty()) {
      return;
    }
    for (Attempt attempt : told.attempts()) {
      Optional.ofNullable(runs.remove(attempt.run())).ifPresent(to.copies()::write);
    }
    List<StoredFile> files =
        results.getOrDefault(job, List.of()).stream().map(PendingFile::stored).toList();
    files.forEach(to.session()::useFile);
    to.copies().write(job, planned.get(), new JobCopy(told.attempts(), told.states(), files));
  }
}
