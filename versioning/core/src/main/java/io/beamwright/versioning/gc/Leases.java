// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The leases of runs: a log a run, whose newest entry is young for as long as the run is alive, by
 * the storage's clock. What a run with a live lease reads, has made and has planned is kept.
 */
public final class Leases {

  /** After so long without a renewal a run's driver is taken for gone. */
  public static final Duration STALE_AFTER = Duration.ofMinutes(6);

  private static final int PAGE = 1_000;

  private final Storage storage;

  /** The leases of the store at {@code storage}. */
  public Leases(Storage storage) {
    this.storage = storage;
  }

  /** Begins the lease of {@code run}, or says that the run is still alive. */
  public void renew(String run, Instant at) {
    append(run, "renewed", at, Driver.here());
  }

  /** Renews the lease of {@code run} for a process that is still to come, whichever it is. */
  public void leaveToNext(String run, Instant at) {
    append(run, "renewed", at, Optional.empty());
  }

  /** Ends the lease of {@code run}: it has ended. */
  public void end(String run, Instant at) {
    append(run, "ended", at, Driver.here());
  }

  /** Whether somebody drives a run. */
  public enum Standing {
    /** There is no lease, or not any more: it never began, or ended long ago. */
    NONE,
    /** Its driver renewed the lease not long ago. */
    ALIVE,
    /** Its driver is gone, or cannot reach the store. */
    STALE,
    /** Its driver ended the lease. */
    ENDED
  }

  /**
   * How the lease of {@code run} stands.
   *
   * @param now the time, by a clock that is less than a minute off that of the storage
   */
  public Standing standing(String run, Instant now) {
    Optional<NumberedLog.Stamp> stamp = log(run).stamps(Long.MAX_VALUE, 1).stream().findFirst();
    Optional<JsonNode> newest = log(run).newest().map(entry -> read(entry, run));
    if (stamp.isEmpty() || newest.isEmpty()) {
      return Standing.NONE;
    }
    if (isEnd(newest.get())) {
      return Standing.ENDED;
    }
    boolean isGone =
        Driver.of(newest.get().path("driver")).filter(Driver::isGoneFromHere).isPresent();
    return isGone || stamp.get().created().isBefore(now.minus(STALE_AFTER))
        ? Standing.STALE
        : Standing.ALIVE;
  }

  /**
   * Whether somebody drives {@code run}, which has no end, or is about to.
   *
   * @param begun when it was begun
   * @param now the time, as for {@link #standing}
   */
  public boolean isDriven(String run, Instant begun, Instant now) {
    return switch (standing(run, now)) {
      case ALIVE -> true;
      // Whoever ended it wrote down the end before, if that could be written.
      case STALE, ENDED -> false;
      // A driver takes the lease soon after the beginning.
      case NONE -> begun.isAfter(now.minus(STALE_AFTER));
    };
  }

  private void append(String run, String state, Instant at, Optional<Driver> by) {
    ObjectNode json = CanonicalJson.object();
    json.put("state", state).put("at", at.toString());
    by.ifPresent(driver -> json.set("driver", driver.toJson()));
    json.put("token", UUID.randomUUID().toString());
    long unused = log(run).append(SummedJson.bytes(json));
  }

  private NumberedLog log(String run) {
    return new NumberedLog(storage, StoreLayout.leases(run));
  }

  /** What there is: who is alive, and the keys of leases that no longer matter. */
  record Found(Set<String> alive, List<StorageKey> old) {}

  /**
   * Goes through all leases.
   *
   * @param aliveSince a run whose newest entry is younger, and not its end, is alive
   * @param oldBefore the leases of a run whose newest entry is older are done with
   */
  Found find(Instant aliveSince, Instant oldBefore) {
    Set<String> alive = new TreeSet<>();
    List<StorageKey> old = new ArrayList<>();
    Optional<String> after = Optional.empty();
    while (true) {
      List<Listed> first = storage.list(StoreLayout.LEASES, after, 1);
      if (first.isEmpty()) {
        return new Found(alive, old);
      }
      Listed newest = first.get(0);
      String rest = newest.key().text().substring(StoreLayout.LEASES.length());
      String segment = rest.substring(0, rest.indexOf('/'));
      String run = URLDecoder.decode(segment, StandardCharsets.UTF_8);
      if (!newest.created().isBefore(aliveSince) && !hasEnded(run)) {
        alive.add(run);
      } else if (newest.created().isBefore(oldBefore)) {
        addAll(StoreLayout.LEASES + segment + "/", old);
      }
      // '0' follows '/': goes on after everything of this run.
      after = Optional.of(StoreLayout.LEASES + segment + "0");
    }
  }

  private boolean hasEnded(String run) {
    return log(run).newest().map(entry -> read(entry, run)).filter(Leases::isEnd).isPresent();
  }

  private JsonNode read(NumberedLog.Entry entry, String run) {
    return entry.read(storage, "the lease of run " + run, json -> json);
  }

  private static boolean isEnd(JsonNode lease) {
    return lease.path("state").asText().equals("ended");
  }

  private void addAll(String prefix, List<StorageKey> keys) {
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(prefix, after, PAGE);
      page.forEach(listed -> keys.add(listed.key()));
      after = page.isEmpty() ? after : Optional.of(page.get(page.size() - 1).key().text());
    } while (page.size() == PAGE);
  }
}
