// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A storage that is changed only as long as a {@link FeatureWatch} allows it. */
final class WatchedStorage implements Storage {

  private final Storage storage;
  private final FeatureWatch watch;

  /** Shows {@code storage}, which closing this closes too. */
  WatchedStorage(Storage storage, FeatureWatch watch) {
    this.storage = storage;
    this.watch = watch;
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    watch.beforeChange();
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
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    return storage.list(prefix, startAfter, limit);
  }

  @Override
  public Optional<Path> localPath(StorageKey key) {
    return storage.localPath(key);
  }

  @Override
  public void distrust(StorageKey key) {
    storage.distrust(key);
  }

  @Override
  public void delete(StorageKey key) {
    watch.beforeChange();
    storage.delete(key);
  }

  @Override
  public void deleteAll(Collection<StorageKey> keys) {
    watch.beforeChange();
    storage.deleteAll(keys);
  }

  @Override
  public void close() {
    storage.close();
  }
}
