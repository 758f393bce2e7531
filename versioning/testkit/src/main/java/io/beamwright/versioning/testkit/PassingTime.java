// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.gc.SessionClock;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A storage on which time passes when a test says so, in all of the test's processes: what it
 * creates is dated by the storage itself, and moved by what had passed until then.
 */
final class PassingTime extends ForwardingStorage {

  private final Map<StorageKey, Duration> passedBefore = new ConcurrentHashMap<>();
  private volatile Duration passed = Duration.ZERO;
  private volatile Optional<Slow> slow = Optional.empty();

  private record Slow(String prefix, Runnable others) {}

  /** Around {@code storage}, which holds nothing and is used by nobody else. */
  PassingTime(Storage storage) {
    super(storage);
  }

  /** Lets time pass. */
  void pass(Duration time) {
    passed = passed.plus(time);
  }

  /**
   * The next create of a key that begins with {@code prefix} is a slow one: the storage dates it by
   * its beginning, then {@code others} run, and then it is there.
   */
  void slowCreate(String prefix, Runnable others) {
    slow = Optional.of(new Slow(prefix, others));
  }

  /** The clocks of a process; the one on its wall is {@code off}. */
  SessionClock process(Duration off) {
    return new SessionClock() {
      @Override
      public long nanos() {
        return System.nanoTime() + passed.toNanos();
      }

      @Override
      public Instant wall() {
        return Instant.now().plus(passed).plus(off);
      }
    };
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    Duration dated = passed;
    Optional<Slow> slowly = slow.filter(one -> key.text().startsWith(one.prefix()));
    if (slowly.isPresent()) {
      slow = Optional.empty();
      slowly.get().others().run();
    }
    // Before it can be listed; a key of before may have been deleted.
    passedBefore.putIfAbsent(key, dated);
    Creation created = super.createIfAbsent(key, content);
    if (created == Creation.CREATED) {
      passedBefore.put(key, dated);
    }
    return created;
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    return super.list(prefix, startAfter, limit).stream().map(this::moved).toList();
  }

  private Listed moved(Listed listed) {
    Duration before = passedBefore.getOrDefault(listed.key(), Duration.ZERO);
    return new Listed(listed.key(), listed.size(), listed.created().plus(before));
  }
}
