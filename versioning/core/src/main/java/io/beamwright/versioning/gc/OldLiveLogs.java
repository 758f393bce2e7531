// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds what programs printed in attempts that have ended. Of an attempt all goes or nothing, for a
 * log that lost its newest entry would count from the beginning again.
 */
final class OldLiveLogs {

  private final Store store;
  private final Instant graceStart;
  private final Instant windowStart;

  /**
   * @param graceStart what was printed since then stays: somebody may be reading it
   * @param windowStart an attempt without an end that printed since then is taken for alive
   */
  OldLiveLogs(Store store, Instant graceStart, Instant windowStart) {
    this.store = store;
    this.graceStart = graceStart;
    this.windowStart = windowStart;
  }

  private static final class OfAttempt {
    private final List<StorageKey> keys = new ArrayList<>();
    private Instant newest = Instant.MIN;

    void add(Listed segment) {
      keys.add(segment.key());
      newest = segment.created().isAfter(newest) ? segment.created() : newest;
    }
  }

  /** The keys of all segments that nobody needs. */
  List<StorageKey> keys() {
    Map<Long, OfAttempt> byAttempt = new TreeMap<>();
    Roots.forEach(
        store.storage(),
        StoreLayout.LIVE_LOGS,
        segment ->
            byAttempt
                .computeIfAbsent(attempt(segment.key()), number -> new OfAttempt())
                .add(segment));
    List<StorageKey> old = new ArrayList<>();
    byAttempt.forEach(
        (attempt, segments) -> {
          boolean isOld = segments.newest.isBefore(graceStart);
          if (isOld && (segments.newest.isBefore(windowStart) || hasEnded(attempt))) {
            old.addAll(segments.keys);
          }
        });
    return old;
  }

  private boolean hasEnded(long number) {
    return store.attempts().at(number).filter(this::hasEnded).isPresent();
  }

  private boolean hasEnded(Attempt attempt) {
    return store.runs().end(attempt.run()).isPresent()
        || new JobStates(store.jobs(), attempt.job()).end(attempt.number()).isPresent();
  }

  private static long attempt(StorageKey segment) {
    String digits = segment.text().substring(StoreLayout.LIVE_LOGS.length()).replace("/", "");
    return Long.parseLong(digits.substring(0, digits.length() / 2));
  }
}
