// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A storage in memory that counts what is asked of it and lets a test damage what it holds. */
public final class RecordingStorage implements Storage {

  private final TreeMap<String, byte[]> things = new TreeMap<>();
  private final List<String> created = new ArrayList<>();
  private final List<String> opened = new ArrayList<>();
  private final List<String> listed = new ArrayList<>();
  private Optional<Path> local = Optional.empty();

  @Override
  public String location() {
    return "memory:test";
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    created.add(key.text());
    try (InputStream in = content.open()) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length != content.size()) {
        throw new IllegalStateException("a content of another size");
      }
      return things.putIfAbsent(key.text(), bytes) == null ? Creation.CREATED : Creation.EXISTS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream open(StorageKey key) {
    return new ByteArrayInputStream(get(key));
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    byte[] bytes = get(key);
    int from = (int) Math.min(offset, bytes.length);
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
  }

  private byte[] get(StorageKey key) {
    opened.add(key.text());
    byte[] bytes = things.get(key.text());
    if (bytes == null) {
      throw new ObjectAbsent(location(), key);
    }
    return bytes;
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    listed.add(prefix);
    return things.tailMap(prefix).entrySet().stream()
        .takeWhile(thing -> thing.getKey().startsWith(prefix))
        .filter(thing -> thing.getKey().compareTo(startAfter.orElse("")) > 0)
        .limit(limit)
        .map(t -> new Listed(new StorageKey(t.getKey()), t.getValue().length, Instant.EPOCH))
        .toList();
  }

  @Override
  public Optional<Path> localPath(StorageKey key) {
    return local.map(root -> root.resolve(key.text()));
  }

  @Override
  public void delete(StorageKey key) {
    things.remove(key.text());
  }

  @Override
  public void close() {}

  /** All keys, in order. */
  public List<String> keys() {
    return List.copyOf(things.keySet());
  }

  /** What {@code key} holds; the array itself, so that a test can flip its bits. */
  public byte[] bytes(String key) {
    return Objects.requireNonNull(things.get(key), key);
  }

  /** Makes {@code key} hold {@code bytes}. */
  public void replace(String key, byte[] bytes) {
    things.put(key, bytes);
  }

  /** Answers {@link #localPath} with files below {@code root} from now on. */
  public void pretendToLieIn(Path root) {
    local = Optional.of(root);
  }

  /** The keys that somebody tried to create since {@link #forget}. */
  public List<String> created() {
    return List.copyOf(created);
  }

  /** The keys that were opened or read from since {@link #forget}. */
  public List<String> opened() {
    return List.copyOf(opened);
  }

  /** The prefixes that were listed since {@link #forget}, once for every page. */
  public List<String> listed() {
    return List.copyOf(listed);
  }

  /** Holds nothing any more. */
  public void clear() {
    things.clear();
  }

  /** Forgets what was asked, not what is held. */
  public void forget() {
    created.clear();
    opened.clear();
    listed.clear();
  }
}
