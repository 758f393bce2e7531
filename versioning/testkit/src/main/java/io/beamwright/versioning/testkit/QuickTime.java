// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.gc.SessionClock;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A storage on which a minute passes in a second, and the clocks of processes that use it. */
final class QuickTime extends ForwardingStorage {

  private static final int FACTOR = 60;
  private static final Instant BASE = Instant.parse("2026-01-01T00:00:00Z");

  QuickTime(Storage storage) {
    super(storage);
  }

  private static Instant quick(Instant time) {
    return BASE.plus(Duration.between(BASE, time).multipliedBy(FACTOR));
  }

  static SessionClock clock(Duration off) {
    return new SessionClock() {
      @Override
      public long nanos() {
        return System.nanoTime() * FACTOR;
      }

      @Override
      public Instant wall() {
        return quick(Instant.now()).plus(off);
      }
    };
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    return super.list(prefix, startAfter, limit).stream()
        .map(listed -> new Listed(listed.key(), listed.size(), quick(listed.created())))
        .toList();
  }
}
