// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Another storage, of which a subclass changes what it does. */
public abstract class ForwardingStorage implements Storage {

  private final Storage storage;

  /** Passes every call on to {@code storage}. */
  protected ForwardingStorage(Storage storage) {
    this.storage = storage;
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
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    return storage.list(prefix, startAfter, limit);
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
