// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.History;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.DamagedObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the jobs of a store, as they were when this was made. Not safe for several threads. */
public final class JobRecords {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,63}");
  private static final int SHORTEST_PREFIX = 4;
  private static final int MOST_CANDIDATES = 10;
  private static final int MOST_NEAR = 500;
  private static final String LIST = "beamwright list job";

  private final Store store;
  private final AttemptScan attempts;
  private final RecordReader reader;
  private final Map<String, Boolean> isDriven = new HashMap<>();

  /** The jobs of {@code store}. */
  public JobRecords(Store store) {
    this.store = store;
    this.attempts = new AttemptScan(store.attempts());
    this.reader = new RecordReader(store.storage());
  }

  /** Up to {@code limit} jobs, of {@code stage} if one is named, the last begun first. */
  public List<JobRecord> newestFirst(Optional<String> stage, int limit) {
    Set<Sha256> jobs = new LinkedHashSet<>();
    for (long number = attempts.newest(); number >= 0 && jobs.size() < limit; number--) {
      attempts
          .at(number)
          .filter(attempt -> stage.isEmpty() || attempt.stage().equals(stage.get()))
          .ifPresent(attempt -> jobs.add(attempt.job()));
    }
    List<JobRecord> found = new ArrayList<>(jobs.stream().map(this::begunJob).toList());
    List<JobRecord> copied =
        lastPlanned(
            copied(jobs).filter(job -> stage.isEmpty() || job.stage().equals(stage.get())), limit);
    if (!copied.isEmpty()) {
      found.addAll(copied);
      found.sort(Comparator.comparing(JobRecords::begun).reversed());
    }
    return found.subList(0, Math.min(limit, found.size()));
  }

  /** The jobs that other stores told of, but for {@code known}, the last planned first; lazy. */
  private Stream<JobRecord> copied(Set<Sha256> known) {
    return store
        .copies()
        .jobs()
        .filter(job -> !known.contains(job))
        .flatMap(job -> find(job).stream());
  }

  /**
   * The first {@code limit} of {@code jobs}, which come in the order of the seconds in which they
   * were planned, and all of the second that the last of these was planned in: a run plans many at
   * once, and only when they began tells which was last.
   */
  private static List<JobRecord> lastPlanned(Stream<JobRecord> jobs, int limit) {
    List<JobRecord> last = new ArrayList<>();
    for (Iterator<JobRecord> each = jobs.iterator(); each.hasNext(); ) {
      JobRecord job = each.next();
      if (last.size() >= limit && second(job) != second(last.get(last.size() - 1))) {
        break;
      }
      last.add(job);
    }
    return last;
  }

  private static long second(JobRecord job) {
    return job.plan().time().getEpochSecond();
  }

  private static Instant begun(JobRecord job) {
    return job.started().orElse(job.plan().time());
  }

  /**
   * The jobs that {@code run} began, the last begun first.
   *
   * @param submitted when the run was submitted
   */
  public List<JobRecord> of(String run, Instant submitted) {
    Set<Sha256> jobs = new LinkedHashSet<>();
    attempts.of(run, submitted).forEach(attempt -> jobs.add(attempt.job()));
    List<JobRecord> found = new ArrayList<>();
    jobs.forEach(job -> found.add(begunJob(job)));
    copied(jobs)
        .takeWhile(job -> !job.plan().time().isBefore(submitted.minus(AttemptScan.CLOCK_SKEW)))
        .filter(job -> job.attempts().stream().anyMatch(attempt -> attempt.run().equals(run)))
        .forEach(found::add);
    return found;
  }

  /**
   * The job that {@code typed} means: an id or 4 or more of its first digits, the name of a stage
   * for its newest job, or {@code repo@ref} for the job that made that commit.
   *
   * @throws UserFault if there is none, or more than one; names the near misses or the candidates
   */
  public JobRecord require(String typed) {
    return find(resolve(typed)).orElseThrow(() -> unknown(typed));
  }

  private Sha256 resolve(String typed) {
    if (typed.contains("@") || typed.contains(":")) {
      return madeBy(typed);
    }
    if (NAME.matcher(typed).matches() && store.repos().find(typed).isPresent()) {
      return newestOf(typed);
    }
    if (typed.length() < SHORTEST_PREFIX
        || typed.length() > 2 * Sha256.BYTES
        || !Sha256.isHex(typed)) {
      throw unknown(typed);
    }
    List<Sha256> candidates = store.jobs().withPrefix(typed, MOST_CANDIDATES);
    if (candidates.size() > 1) {
      throw ambiguous(typed, candidates);
    }
    return candidates.stream().findFirst().orElseThrow(() -> unknown(typed));
  }

  private Sha256 madeBy(String typed) {
    History.Named commit = store.history().resolve(Revision.parse(typed));
    return commit
        .commit()
        .provenance()
        .map(Provenance::job)
        .orElseThrow(
            () ->
                new UserFault(
                    "\""
                        + typed
                        + "\" was made by no job: "
                        + commit.commit().author()
                        + " put it.",
                    "Try: " + LIST));
  }

  private Sha256 newestOf(String stage) {
    return newestFirst(Optional.of(stage), 1).stream()
        .findFirst()
        .map(JobRecord::id)
        .orElseThrow(
            () ->
                new UserFault(
                    "The repo \"" + stage + "\" is no stage's, or its stage never ran.",
                    "Try: " + LIST));
  }

  private UserFault unknown(String typed) {
    Set<String> near = new HashSet<>();
    for (long number = attempts.newest(); number >= 0 && near.size() < MOST_NEAR; number--) {
      attempts.at(number).ifPresent(a -> near.addAll(namesLike(typed, a.job(), a.stage())));
    }
    copied(Set.of())
        .takeWhile(job -> near.size() < MOST_NEAR)
        .forEach(job -> near.addAll(namesLike(typed, job.id(), job.stage())));
    return new UserFault(
        "There is no job \"" + typed + "\" in " + store.storage().location() + ".",
        NearMiss.sentence(typed, near, LIST));
  }

  private static List<String> namesLike(String typed, Sha256 job, String stage) {
    String id = job.hex();
    return typed.length() < SHORTEST_PREFIX || typed.length() > id.length()
        ? List.of(stage)
        : List.of(stage, id.substring(0, typed.length()));
  }

  private UserFault ambiguous(String typed, List<Sha256> candidates) {
    List<String> named = new ArrayList<>();
    for (Sha256 job : candidates) {
      String stage = plan(job).map(JobPlan::stage).orElse("");
      named.add(job.hex() + (stage.isEmpty() ? "" : " (" + stage + ")"));
    }
    return new UserFault(
        "\"" + typed + "\" may be any of the jobs " + String.join(", ", named) + ".",
        "Give more digits.");
  }

  // --- a job's state, from its log ---

  private Optional<JobRecord> find(Sha256 job) {
    return plan(job).map(this::read);
  }

  /** A job that an attempt names: it was planned first. */
  private JobRecord begunJob(Sha256 job) {
    return find(job).orElseThrow(() -> damagedPlan(job, "is absent"));
  }

  private DamagedObject damagedPlan(Sha256 job, String how) {
    return DamagedObject.at(store.storage(), StoreLayout.jobPlan(job), "the plan of a job", how);
  }

  private Optional<JobPlan> plan(Sha256 job) {
    try {
      return store.jobs().plan(job).map(json -> CanonicalJson.read(json, JobPlan::of));
    } catch (IllegalArgumentException e) {
      throw damagedPlan(job, "does not say all of it");
    }
  }

  /** Whoever drives a job writes down its end and then gives back the lease: perhaps just now. */
  private JobRecord read(JobPlan plan) {
    JobRecord record = readOnce(plan);
    return record.state() == JobState.LOST ? readOnce(plan) : record;
  }

  private JobRecord readOnce(JobPlan plan) {
    List<JsonNode> states = store.jobs().states(plan.job());
    Optional<JobCopy> copy =
        states.isEmpty() ? store.copies().find(plan.job(), plan.time()) : Optional.empty();
    if (copy.isPresent()) {
      JsonNode success = JobStates.success(copy.get().states()).orElseThrow();
      return succeeded(plan, copy.get().states(), success, copy);
    }
    return JobStates.success(states)
        .map(success -> succeeded(plan, states, success, copy))
        .orElseGet(() -> unsuccessful(plan, states));
  }

  private JobRecord succeeded(
      JobPlan plan, List<JsonNode> states, JsonNode success, Optional<JobCopy> copy) {
    long from = success.path("attempt").asLong(attempts.newest());
    return new JobRecord(
        plan,
        JobState.SUCCESS,
        copy.map(JobCopy::attempts).orElseGet(() -> attempts.of(plan.job(), from, plan.time())),
        Optional.of(end(plan, success)),
        JobStates.cluster(states, from),
        contradicted(plan, states),
        copy);
  }

  private JobRecord unsuccessful(JobPlan plan, List<JsonNode> states) {
    List<Attempt> tried = attempts.of(plan.job(), attempts.newest(), plan.time());
    Optional<Attempt> last = tried.stream().findFirst();
    Optional<JobEnd> end = last.flatMap(attempt -> failure(plan, JobStates.ends(states), attempt));
    JobState state =
        last.isEmpty()
            ? JobState.CREATED
            : end.map(JobEnd::state).orElseGet(() -> unended(last.get()));
    return new JobRecord(
        plan,
        state,
        tried,
        end,
        last.flatMap(attempt -> JobStates.cluster(states, attempt.number())),
        contradicted(plan, states),
        Optional.empty());
  }

  private Set<Sha256> contradicted(JobPlan plan, List<JsonNode> states) {
    Set<Sha256> contradicted = new HashSet<>();
    for (JsonNode state : JobStates.ends(states)) {
      for (JsonNode key : state.path("contradictions")) {
        contradicted.add(reader.read(named(plan), key, json -> Sha256.parse(json.asText())));
      }
    }
    return contradicted;
  }

  private static String named(JobPlan plan) {
    return "the job " + plan.job().hex();
  }

  private JobState unended(Attempt attempt) {
    return isDriven.computeIfAbsent(
            attempt.run(),
            run -> new Leases(store.storage()).isDriven(run, attempt.at(), Instant.now()))
        ? JobState.RUNNING
        : JobState.LOST;
  }

  private Optional<JobEnd> failure(JobPlan plan, List<JsonNode> states, Attempt last) {
    return states.stream()
        .filter(state -> state.path("attempt").asLong(-1) == last.number())
        .findFirst()
        .map(state -> end(plan, state))
        .or(() -> store.runs().end(last.run()).map(run -> endOfRun(last.run(), run)));
  }

  private JobEnd end(JobPlan plan, JsonNode state) {
    return reader.read(named(plan), state, json -> endOf(plan, json).with(JobSummary.in(json)));
  }

  private static JobEnd endOf(JobPlan plan, JsonNode state) {
    Instant at = Instant.parse(state.required("at").textValue());
    Publication publication = Publication.of(state);
    return publication.match(
        new Publication.Cases<>() {
          @Override
          public JobEnd published(Publication.Published published) {
            return committed(published.commit(), Optional.empty());
          }

          @Override
          public JobEnd superseded(Publication.Superseded superseded) {
            return committed(superseded.commit(), Optional.of(superseded.head()));
          }

          @Override
          public JobEnd incomplete(Publication.Incomplete incomplete) {
            String cause = incomplete.missing() + " of " + plan.datums() + " datums failed.";
            String remedy =
                "Correct what the log says and run again: the datums that ran well are kept.";
            return without(JobState.FAILURE, incomplete.missing(), cause, remedy);
          }

          @Override
          public JobEnd refused(Publication.Refused refused) {
            return without(JobState.FAILURE, 0, refused.what(), refused.remedy());
          }

          @Override
          public JobEnd broken(Publication.Broken broken) {
            return without(JobState.FAILURE, 0, broken.what(), broken.remedy());
          }

          @Override
          public JobEnd killed(Publication.Killed killed) {
            String remedy = "Run again: the datums that ran well are kept.";
            return without(JobState.KILLED, 0, "Stopped by " + killed.by() + ".", remedy);
          }

          private JobEnd committed(CommitId commit, Optional<CommitId> head) {
            return new JobEnd(JobState.SUCCESS, at, Optional.of(commit), head, 0, "", "");
          }

          private JobEnd without(JobState end, long failed, String cause, String remedy) {
            return new JobEnd(end, at, Optional.empty(), Optional.empty(), failed, cause, remedy);
          }
        });
  }

  /** The end of a job whose run ended before it could: there, a fault is recorded. */
  private JobEnd endOfRun(String id, JsonNode end) {
    return reader.read("the run " + id, end, JobRecords::endOfRun);
  }

  private static JobEnd endOfRun(JsonNode run) {
    return new JobEnd(
        run.path("state").asText().equals("KILLED") ? JobState.KILLED : JobState.FAILURE,
        Instant.parse(run.required("at").textValue()),
        Optional.empty(),
        Optional.empty(),
        0,
        run.path("reason").asText("Its run ended without it."),
        run.path("remedy").asText("Run again."));
  }
}
