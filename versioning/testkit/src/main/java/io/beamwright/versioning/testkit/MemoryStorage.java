// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A storage in the memory of this process, as fast as tests like it and as lasting. */
public final class MemoryStorage implements Storage {

  private static final String LOCATION = "memory:";

  private final ConcurrentNavigableMap<String, Stored> stored = new ConcurrentSkipListMap<>();
  private final Clock clock;

  /** An empty storage with the system's clock. */
  public MemoryStorage() {
    this(Clock.systemUTC());
  }

  /** An empty storage that takes creation times from {@code clock}. */
  public MemoryStorage(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String location() {
    return LOCATION;
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    if (stored.containsKey(key.text())) {
      return Creation.EXISTS;
    }
    Stored ours = new Stored(bytes(key, content), clock.instant());
    return stored.putIfAbsent(key.text(), ours) == null ? Creation.CREATED : Creation.EXISTS;
  }

  private static byte[] bytes(StorageKey key, Content content) {
    try (InputStream in = content.open()) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length != content.size()) {
        throw new IOException("its content has " + bytes.length + " bytes, not " + content.size());
      }
      return bytes;
    } catch (IOException e) {
      throw new EnvironmentFault(
          "Cannot create " + LOCATION + "/" + key + ": " + e.getMessage() + ".",
          "Give content of the size that it says.",
          e);
    }
  }

  @Override
  public InputStream open(StorageKey key) {
    return new ByteArrayInputStream(require(key).bytes);
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    byte[] bytes = require(key).bytes;
    int from = (int) Math.min(offset, bytes.length);
    return Arrays.copyOfRange(bytes, from, from + Math.min(length, bytes.length - from));
  }

  private Stored require(StorageKey key) {
    Stored found = stored.get(key.text());
    if (found == null) {
      throw new ObjectAbsent(LOCATION, key);
    }
    return found;
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    String after = startAfter.orElse("");
    boolean afterThePrefix = after.compareTo(prefix) >= 0;
    return stored.tailMap(afterThePrefix ? after : prefix, !afterThePrefix).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .limit(limit)
        .map(entry -> entry.getValue().listed(entry.getKey()))
        .toList();
  }

  @Override
  public void delete(StorageKey key) {
    stored.remove(key.text());
  }

  @Override
  public void close() {}

  private static final class Stored {
    private final byte[] bytes;
    private final Instant created;

    Stored(byte[] bytes, Instant created) {
      this.bytes = bytes;
      this.created = created;
    }

    Listed listed(String key) {
      return new Listed(new StorageKey(key), bytes.length, created);
    }
  }
}
