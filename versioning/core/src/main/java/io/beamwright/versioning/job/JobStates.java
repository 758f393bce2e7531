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
    return of(attempt, STOPPING).map(state -> state.path("by").asText());
  }

  /** The cluster that was given {@code attempt}, if one was. */
  public Optional<ClusterJob> cluster(long attempt) {
    return of(attempt, SUBMITTED)
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
    return jobs.states(job).stream().filter(JobStates::isEnd).toList();
  }

  /** Whether an entry says that an attempt ended. */
  public static boolean isEnd(JsonNode state) {
    return ENDS.contains(state.path("state").asText());
  }

  private Optional<JsonNode> of(long attempt, String name) {
    return jobs.states(job).stream()
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
