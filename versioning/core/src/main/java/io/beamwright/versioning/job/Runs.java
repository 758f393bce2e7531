// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** The runs of a store: what was submitted, by whom, when, and how it ended. */
public final class Runs {

  private static final int PAGE = 20;
  private static final String RESUMED = "RESUMED";
  private static final String STOPPING = "STOPPING";

  private final Storage storage;
  private final NumberedLog log;

  /** The runs of the store at {@code storage}. */
  public Runs(Storage storage) {
    this.storage = storage;
    this.log = new NumberedLog(storage, StoreLayout.RUNS);
  }

  /** Writes down that the run starts that {@code submission} names in its field {@code run}. */
  public void begin(ObjectNode submission) {
    long unused = log.append(SummedJson.bytes(withToken(submission)));
  }

  /** Adds a state to the log of a run. */
  public void record(String run, ObjectNode state) {
    long unused = states(run).append(SummedJson.bytes(withToken(state)));
  }

  /** Writes down that another process goes on with a run, whose end then no longer counts. */
  public void resume(String run, Instant at) {
    record(run, CanonicalJson.object().put("state", RESUMED).put("at", at.toString()));
  }

  /** Asks whoever drives a run to end it; {@code by} is for people. */
  public void askToStop(String run, String by, Instant at) {
    record(
        run, CanonicalJson.object().put("state", STOPPING).put("by", by).put("at", at.toString()));
  }

  /** Who asked for the end of a run, if anybody did since it was begun or resumed. */
  public Optional<String> stopRequest(String run) {
    return states(run)
        .newest()
        .map(this::parse)
        .filter(state -> is(state, STOPPING))
        .map(state -> state.path("by").asText());
  }

  /** How a run ended, if it did and was not resumed since. */
  public Optional<JsonNode> end(String run) {
    // A request that came too late is newer than the end.
    return states(run).newestFirst().stream()
        .map(this::parse)
        .filter(state -> !is(state, STOPPING))
        .findFirst()
        .filter(state -> !is(state, RESUMED));
  }

  private static boolean is(JsonNode state, String name) {
    return state.path("state").asText().equals(name);
  }

  /** Up to {@code limit} submissions, newest first. */
  public List<JsonNode> newestFirst(int limit) {
    return log.newestFirst(Long.MAX_VALUE, limit).stream().map(this::parse).toList();
  }

  /** The newest submission that {@code is} what is looked for; reads back from the newest. */
  public Optional<JsonNode> newest(Predicate<JsonNode> is) {
    long before = Long.MAX_VALUE;
    while (true) {
      List<NumberedLog.Entry> page = log.newestFirst(before, PAGE);
      Optional<JsonNode> found = page.stream().map(this::parse).filter(is).findFirst();
      if (found.isPresent() || page.size() < PAGE) {
        return found;
      }
      before = page.get(page.size() - 1).number();
    }
  }

  private static ObjectNode withToken(ObjectNode entry) {
    return entry.deepCopy().put("token", UUID.randomUUID().toString());
  }

  private NumberedLog states(String run) {
    return new NumberedLog(storage, StoreLayout.runLog(run));
  }

  private JsonNode parse(NumberedLog.Entry entry) {
    return entry.read(storage, "the log of runs", json -> json);
  }
}
