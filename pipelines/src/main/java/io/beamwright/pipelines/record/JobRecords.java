// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.pipelines.publish.JobSummary;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.versioning.History;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.ClusterJob;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.ref.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the jobs of a store, as they were when this was made. Not safe for several threads. */
public final class JobRecords {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,63}");
  private static final int SHORTEST_PREFIX = 4;
  private static final int MOST_CANDIDATES = 10;
  private static final int MOST_NEAR = 500;
  private static final String LIST = "beamwright list job";

  private final Store store;
  private final AttemptScan attempts;
  private final Map<String, Boolean> isDriven = new HashMap<>();

  /** The jobs of {@code store}. */
  public JobRecords(Store store) {
    this.store = store;
    this.attempts = new AttemptScan(store.attempts());
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
    return jobs.stream().map(job -> find(job).orElseThrow()).toList();
  }

  /**
   * The jobs that {@code run} began, the last begun first.
   *
   * @param submitted when the run was submitted
   */
  public List<JobRecord> of(String run, Instant submitted) {
    return attempts.of(run, submitted).stream()
        .map(Attempt::job)
        .distinct()
        .map(job -> find(job).orElseThrow())
        .toList();
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
    return attempts
        .newest(attempt -> attempt.stage().equals(stage))
        .map(Attempt::job)
        .orElseThrow(
            () ->
                new UserFault(
                    "The repo \"" + stage + "\" is no stage's, or its stage never ran.",
                    "Try: " + LIST));
  }

  private UserFault unknown(String typed) {
    Set<String> near = new HashSet<>();
    for (long number = attempts.newest(); number >= 0 && near.size() < MOST_NEAR; number--) {
      attempts.at(number).ifPresent(attempt -> near.addAll(namesLike(typed, attempt)));
    }
    return new UserFault(
        "There is no job \"" + typed + "\" in " + store.storage().location() + ".",
        NearMiss.sentence(typed, near, LIST));
  }

  private static List<String> namesLike(String typed, Attempt attempt) {
    String id = attempt.job().hex();
    return typed.length() < SHORTEST_PREFIX || typed.length() > id.length()
        ? List.of(attempt.stage())
        : List.of(attempt.stage(), id.substring(0, typed.length()));
  }

  private UserFault ambiguous(String typed, List<Sha256> candidates) {
    List<String> named = new ArrayList<>();
    for (Sha256 job : candidates) {
      String stage = store.jobs().plan(job).map(JobPlan::of).map(JobPlan::stage).orElse("");
      named.add(job.hex() + (stage.isEmpty() ? "" : " (" + stage + ")"));
    }
    return new UserFault(
        "\"" + typed + "\" may be any of the jobs " + String.join(", ", named) + ".",
        "Give more digits.");
  }

  // --- a job's state, from its log ---

  private Optional<JobRecord> find(Sha256 job) {
    return store.jobs().plan(job).map(JobPlan::of).map(this::read);
  }

  private JobRecord read(JobPlan plan) {
    JobStates log = new JobStates(store.jobs(), plan.job());
    List<JsonNode> states = log.ends();
    Set<Sha256> contradicted = new HashSet<>();
    for (JsonNode state : states) {
      state.path("contradictions").forEach(key -> contradicted.add(Sha256.parse(key.asText())));
    }
    Optional<JsonNode> success = success(states);
    if (success.isPresent()) {
      long from = success.get().path("attempt").asLong(attempts.newest());
      return new JobRecord(
          plan,
          JobState.SUCCESS,
          attempts.of(plan.job(), from, plan.time()),
          Optional.of(end(plan, success.get())),
          log.cluster(from),
          contradicted);
    }
    List<Attempt> tried = attempts.of(plan.job(), attempts.newest(), plan.time());
    Optional<JobEnd> end = tried.stream().findFirst().flatMap(last -> failure(plan, states, last));
    JobState state =
        tried.isEmpty()
            ? JobState.CREATED
            : end.map(JobEnd::state).orElseGet(() -> unended(tried.get(0)));
    Optional<ClusterJob> cluster =
        tried.stream().findFirst().flatMap(last -> log.cluster(last.number()));
    return new JobRecord(plan, state, tried, end, cluster, contradicted);
  }

  /**
   * The first success that moved the branch. There may be an earlier one that came too late for it:
   * a job that was superseded moves the branch if it is run again when its inputs are the newest.
   */
  private static Optional<JsonNode> success(List<JsonNode> newestFirst) {
    List<JsonNode> all =
        newestFirst.stream()
            .filter(state -> state.path("state").asText().equals("SUCCESS"))
            .toList();
    return all.stream()
        .filter(state -> !state.has("head"))
        .reduce((newer, older) -> older)
        .or(() -> all.stream().reduce((newer, older) -> older));
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
        .or(() -> store.runs().end(last.run()).map(JobRecords::endOfRun));
  }

  private static JobEnd end(JobPlan plan, JsonNode state) {
    return endOf(plan, state).with(JobSummary.in(state));
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
