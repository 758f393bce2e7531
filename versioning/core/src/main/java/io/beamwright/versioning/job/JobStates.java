// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The log of one job, by what its entries mean: an attempt was submitted to a cluster, somebody
 * asked for its end, it ended. Every entry names its attempt.
 */
public final class JobStates {

  /** The states with which an attempt ends. */
  private static final Set<String> ENDS = Set.of("SUCCESS", "FAILURE", "KILLED");

  private static final String SUBMITTED = "SUBMITTED";
  private static final String STOPPING = "STOPPING";

  private final Jobs jobs;
  private final Sha256 job;

  /** The log of {@code job}. */
  public JobStates(Jobs jobs, Sha256 job) {
    this.jobs = jobs;
    this.job = job;
  }

  /** Writes down that {@code cluster} runs {@code attempt}. */
  public void submitted(long attempt, ClusterJob cluster, Instant at) {
    ObjectNode state = entry(SUBMITTED, attempt, at);
    state
        .putObject("cluster")
        .put("runner", cluster.runner())
        .put("master", cluster.master())
        .put("id", cluster.id());
    jobs.record(job, state);
  }

  /** Asks whoever drives {@code attempt} to end it; {@code by} is for people. */
  public void askToStop(long attempt, String by, Instant at) {
    jobs.record(job, entry(STOPPING, attempt, at).put("by", by));
  }

  /** Who asked for the end of {@code attempt}, if anybody did. */
  public Optional<String> stopRequest(long attempt) {
    return of(jobs.states(job), attempt, STOPPING).map(state -> state.path("by").asText());
  }

  /** The cluster that was given {@code attempt}, if one was. */
  public Optional<ClusterJob> cluster(long attempt) {
    return cluster(jobs.states(job), attempt);
  }

  /** The cluster that was given {@code attempt}, if one was, by the log {@code states}. */
  public static Optional<ClusterJob> cluster(List<JsonNode> states, long attempt) {
    return of(states, attempt, SUBMITTED)
        .map(state -> state.path("cluster"))
        .map(
            cluster ->
                new ClusterJob(
                    cluster.path("runner").asText(),
                    cluster.path("master").asText(),
                    cluster.path("id").asText()));
  }

  /** How {@code attempt} ended, if it did; as whoever ended it wrote it down. */
  public Optional<JsonNode> end(long attempt) {
    return ends().stream().filter(state -> attempt(state) == attempt).findFirst();
  }

  /** All ends of the job's attempts, newest first. */
  public List<JsonNode> ends() {
    return ends(jobs.states(job));
  }

  /** The ends of attempts in the log {@code states}, in its order. */
  public static List<JsonNode> ends(List<JsonNode> states) {
    return states.stream().filter(JobStates::isEnd).toList();
  }

  /**
   * The end that decided that a job succeeded, by its log, newest first: the first success that
   * moved the branch. There may be an earlier one that came too late for it: a job that was
   * superseded moves the branch if it is run again when its inputs are the newest.
   */
  public static Optional<JsonNode> success(List<JsonNode> newestFirst) {
    List<JsonNode> all =
        newestFirst.stream()
            .filter(state -> state.path("state").asText().equals("SUCCESS"))
            .toList();
    return all.stream()
        .filter(state -> !state.has("head"))
        .reduce((newer, older) -> older)
        .or(() -> all.stream().reduce((newer, older) -> older));
  }

  /** Whether an entry says that an attempt ended. */
  public static boolean isEnd(JsonNode state) {
    return ENDS.contains(state.path("state").asText());
  }

  private static Optional<JsonNode> of(List<JsonNode> states, long attempt, String name) {
    return states.stream()
        .filter(state -> attempt(state) == attempt && state.path("state").asText().equals(name))
        .findFirst();
  }

  private static long attempt(JsonNode state) {
    return state.path("attempt").asLong(-1);
  }

  private static ObjectNode entry(String state, long attempt, Instant at) {
    return CanonicalJson.object()
        .put("state", state)
        .put("attempt", attempt)
        .put("at", at.toString());
  }
}
