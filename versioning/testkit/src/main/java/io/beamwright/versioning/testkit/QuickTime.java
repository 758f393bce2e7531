// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.gc.SessionClock;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A storage on which a minute passes in a second, and the clocks of processes that use it. */
final class QuickTime implements Storage {

  private static final int FACTOR = 60;
  private static final Instant BASE = Instant.parse("2026-01-01T00:00:00Z");

  private final Storage storage;

  QuickTime(Storage storage) {
    this.storage = storage;
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
    return storage.list(prefix, startAfter, limit).stream()
        .map(listed -> new Listed(listed.key(), listed.size(), quick(listed.created())))
        .toList();
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    return storage.createIfAbsent(key, content);
  }

  @Override
  public InputStream open(StorageKey key) {
    return storage.open(key);
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    return storage.read(key, offset, length);
  }

  @Override
  public void delete(StorageKey key) {
    storage.delete(key);
  }

  @Override
  public void deleteAll(Collection<StorageKey> keys) {
    storage.deleteAll(keys);
  }

  @Override
  public void close() {
    storage.close();
  }
}
