// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.Leases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds the runs of a store. */
public final class RunRecords {

  private static final int MOST_REMEMBERED = 10_000;
  private static final int SHORTEST_PREFIX = 4;
  private static final int MOST_CANDIDATES = 10;
  private static final String LIST = "beamwright list run";

  private final Store store;
  private final RecordReader reader;

  /** The runs of {@code store}. */
  public RunRecords(Store store) {
    this.store = store;
    this.reader = new RecordReader(store.storage());
  }

  /**
   * Up to {@code limit} runs, the last submitted first; without the stages of those that did not
   * come to their end.
   */
  public List<RunRecord> newestFirst(int limit) {
    return known(limit).stream().map(known -> read(known, List.of())).toList();
  }

  /**
   * A run that was submitted here, or in another store that told of it.
   *
   * @param copiedEnd how it ended there
   */
  private record Known(String id, JsonNode submission, Optional<JsonNode> copiedEnd) {}

  private Known known(JsonNode submission, Optional<JsonNode> copiedEnd) {
    return reader.read(
        "a run",
        submission,
        json ->
            new Known(Objects.requireNonNull(json.required("run").textValue()), json, copiedEnd));
  }

  private Instant submitted(Known run) {
    return reader.read("the run " + run.id(), run.submission(), RunRecords::time);
  }

  private static Instant time(JsonNode submission) {
    return Instant.parse(submission.required("time").textValue());
  }

  /** Up to {@code limit} runs, the last submitted first. */
  private List<Known> known(int limit) {
    Map<String, Known> known = new LinkedHashMap<>();
    for (JsonNode submission : store.runs().newestFirst(limit)) {
      Known here = known(submission, Optional.empty());
      known.put(here.id(), here);
    }
    List<Known> copied =
        store
            .copies()
            .runs()
            .map(copy -> known(copy.submission(), Optional.of(copy.end())))
            .filter(run -> !known.containsKey(run.id()))
            .limit(limit)
            .toList();
    List<Known> all = new ArrayList<>(known.values());
    if (!copied.isEmpty()) {
      all.addAll(copied);
      all.sort(Comparator.comparing(this::submitted, Comparator.reverseOrder()));
    }
    return all.subList(0, Math.min(limit, all.size()));
  }

  /**
   * The run that {@code typed} means: its id or 4 or more of its first digits. Of one that did not
   * come to its end, the stages are those that began.
   *
   * @throws UserFault if there is none, or more than one; names the near misses or the candidates
   */
  public RunRecord require(String typed) {
    List<Known> runs = known(MOST_REMEMBERED);
    List<Known> candidates =
        typed.length() < SHORTEST_PREFIX
            ? List.of()
            : runs.stream().filter(run -> run.id().startsWith(typed)).toList();
    if (candidates.isEmpty()) {
      throw unknown(typed, runs);
    }
    if (candidates.size() > 1) {
      throw ambiguous(typed, candidates);
    }
    RunRecord run = read(candidates.get(0), List.of());
    return run.stages().isEmpty() ? read(candidates.get(0), begun(run)) : run;
  }

  private UserFault unknown(String typed, List<Known> runs) {
    List<String> ids =
        runs.stream()
            .map(Known::id)
            .map(id -> id.substring(0, Math.min(id.length(), typed.length())))
            .distinct()
            .toList();
    return new UserFault(
        "There is no run \"" + typed + "\" in " + store.storage().location() + ".",
        NearMiss.sentence(typed, typed.length() < SHORTEST_PREFIX ? List.of() : ids, LIST));
  }

  private static UserFault ambiguous(String typed, List<Known> candidates) {
    List<String> named =
        candidates.stream()
            .limit(MOST_CANDIDATES)
            .map(run -> run.id() + " (" + run.submission().path("time").asText() + ")")
            .toList();
    return new UserFault(
        "\"" + typed + "\" may be any of the runs " + String.join(", ", named) + ".",
        "Give more digits.");
  }

  private List<StageRecord> begun(RunRecord run) {
    List<StageRecord> stages = new ArrayList<>();
    for (JobRecord job : new JobRecords(store).of(run.run(), run.time())) {
      stages.add(
          0,
          new StageRecord(
              job.stage(),
              job.state().name(),
              Optional.of(job.id()),
              job.end().flatMap(JobEnd::commit),
              "",
              job.end().map(JobEnd::cause).orElse("")));
    }
    return stages;
  }

  private RunRecord read(Known run, List<StageRecord> begun) {
    return reader.read(
        "the run " + run.id(), run.submission(), submission -> read(run, submission, begun));
  }

  private RunRecord read(Known run, JsonNode submission, List<StageRecord> begun) {
    Optional<JsonNode> known = endOf(run);
    boolean isDriven = known.isEmpty() && isDriven(run);
    // Its driver writes down the end and then gives back the lease: perhaps just now.
    Optional<JsonNode> end = known.isPresent() || isDriven ? known : endOf(run);
    List<String> specs = new ArrayList<>();
    submission.required("specs").forEach(spec -> specs.add(spec.required("name").textValue()));
    SortedMap<String, CommitId> puts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> put : submission.required("puts").properties()) {
      puts.put(put.getKey(), CommitId.parse(put.getValue().textValue()));
    }
    return new RunRecord(
        run.id(),
        submission.required("author").textValue(),
        time(submission),
        submission.required("engine").textValue(),
        submission.required("runner").textValue(),
        specs,
        puts,
        end.map(e -> RunState.valueOf(e.required("state").textValue()))
            .orElse(isDriven ? RunState.RUNNING : RunState.LOST),
        end.map(e -> Instant.parse(e.required("at").textValue())),
        end.map(RunRecords::stages).filter(stages -> !stages.isEmpty()).orElse(begun),
        end.map(e -> e.path("reason").asText()).orElse(""),
        end.map(e -> e.path("remedy").asText()).orElse(""),
        run.copiedEnd().isPresent());
  }

  private Optional<JsonNode> endOf(Known run) {
    return run.copiedEnd().or(() -> store.runs().end(run.id()));
  }

  private boolean isDriven(Known run) {
    return new Leases(store.storage()).isDriven(run.id(), time(run.submission()), Instant.now());
  }

  private static List<StageRecord> stages(JsonNode end) {
    List<StageRecord> stages = new ArrayList<>();
    for (JsonNode stage : end.required("stages")) {
      stages.add(
          new StageRecord(
              stage.required("stage").textValue(),
              stage.required("state").textValue(),
              Optional.ofNullable(stage.path("job").textValue()).map(Sha256::parse),
              Optional.ofNullable(stage.path("commit").textValue()).map(CommitId::parse),
              stage.path("why").asText(),
              stage.path("cause").asText()));
    }
    return stages;
  }
}
