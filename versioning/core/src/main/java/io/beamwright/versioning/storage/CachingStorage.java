// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A storage that keeps what was read from a slower one in a folder of this machine, for this and
 * other processes: only what is named by a digest and never changes (objects, nodes of trees,
 * commits), and never where a ref stands. It is for who reads: who looks for damage or collects
 * garbage must not look through one, and who writes trees only where {@code WriteSession.copies}
 * allows it.
 *
 * <p>Bytes are kept in blocks of 1 MiB. Nodes and commits are also kept when they are created. A
 * node or commit that does not match its checksum is handed on, for the reader to say so, and not
 * kept; a block of an object that turns out to be wrong goes by {@link #distrust}.
 *
 * <p>A node that garbage collection deleted and a writer stored again may say other places of the
 * same contents. A writer must not make such places part of a new tree. A reader who meets a place
 * where nothing is has perhaps followed an old copy: then all nodes are forgotten, and the next try
 * reads them anew.
 */
public final class CachingStorage implements Storage {

  /** Bytes in a block. */
  static final int BLOCK = 1 << 20;

  // One request brings so many blocks at most.
  private static final int BLOCKS_AT_ONCE = 8;
  private static final String OBJECTS = "objects/";
  private static final String NODES = "trees/";
  private static final String COMMITS = "commits/";
  private static final int NAME_DIGITS = 2 * Sha256.BYTES;

  private final Storage storage;
  private final BlockCache data;
  private final BlockCache nodes;

  /**
   * Reads from {@code storage}, which is closed with this.
   *
   * @param folder where the copies lie
   * @param mostBytes how much they may take, about
   */
  public CachingStorage(Storage storage, Path folder, long mostBytes) {
    this.storage = storage;
    this.nodes = new BlockCache(folder.resolve("nodes"), mostBytes / 4);
    this.data = new BlockCache(folder.resolve("data"), mostBytes - mostBytes / 4);
  }

  private static boolean isKept(StorageKey key) {
    return Stream.of(OBJECTS, NODES, COMMITS).anyMatch(key.text()::startsWith);
  }

  private BlockCache cache(StorageKey key) {
    return key.text().startsWith(NODES) ? nodes : data;
  }

  private String name(StorageKey key, long block) {
    return storage.location() + "\0" + key.text() + "\0" + block;
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    Creation creation = storage.createIfAbsent(key, content);
    boolean isSmall = content.size() < BLOCK && !key.text().startsWith(OBJECTS);
    if (creation == Creation.CREATED && isKept(key) && isSmall) {
      try (InputStream in = content.open()) {
        keep(key, 0, in.readAllBytes());
      } catch (IOException e) {
        // It is created, whether or not it can be kept here.
        return creation;
      }
    }
    return creation;
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    if (!isKept(key) || offset < 0 || length < 0) {
      return storage.read(key, offset, length);
    }
    ByteArrayOutputStream read = new ByteArrayOutputStream(Math.min(length, BLOCK));
    long end = offset + length;
    long at = offset;
    while (at < end || length == 0) {
      byte[] blocks = blocks(key, at / BLOCK, Math.max(at, end - 1) / BLOCK);
      long first = at / BLOCK * BLOCK;
      int from = (int) Math.min(at - first, blocks.length);
      int to = (int) Math.min(end - first, blocks.length);
      read.write(blocks, from, Math.max(0, to - from));
      at = first + blocks.length;
      if (blocks.length % BLOCK != 0 || blocks.length == 0 || length == 0) {
        break;
      }
    }
    return read.toByteArray();
  }

  /**
   * Bytes from the beginning of block {@code first} on: that block if it is kept, else with those
   * after it up to {@code last} that come with the same request. Ends within a block, or has none,
   * only where the thing ends.
   */
  private byte[] blocks(StorageKey key, long first, long last) {
    Optional<byte[]> kept = cache(key).read(name(key, first));
    if (kept.isPresent()) {
      return kept.get();
    }
    int count = (int) Math.min(BLOCKS_AT_ONCE, last - first + 1);
    byte[] fetched = fetch(key, first * BLOCK, count * BLOCK);
    for (int i = 0; i < count && i * BLOCK <= fetched.length; i++) {
      int to = Math.min(fetched.length, (i + 1) * BLOCK);
      keep(key, first + i, Arrays.copyOfRange(fetched, i * BLOCK, to));
    }
    return fetched;
  }

  private byte[] fetch(StorageKey key, long offset, int length) {
    try {
      return storage.read(key, offset, length);
    } catch (ObjectAbsent e) {
      if (key.text().startsWith(OBJECTS)) {
        nodes.forgetAll();
      }
      throw e;
    }
  }

  private void keep(StorageKey key, long block, byte[] bytes) {
    if (isPlausible(key, block, bytes)) {
      cache(key).write(name(key, block), bytes);
    }
  }

  /** Whether {@code bytes} match the checksum that a node ends with, or the name of a commit. */
  private static boolean isPlausible(StorageKey key, long block, byte[] bytes) {
    boolean isWhole = block == 0 && bytes.length < BLOCK;
    if (key.text().startsWith(COMMITS)) {
      String name = key.text().substring(key.text().length() - NAME_DIGITS);
      return isWhole && Sha256.of(bytes).hex().equals(name);
    }
    if (key.text().startsWith(NODES)) {
      int length = bytes.length - Sha256.BYTES;
      return isWhole
          && length >= 0
          && Arrays.equals(
              Sha256.of(Arrays.copyOf(bytes, length)).bytes(),
              Arrays.copyOfRange(bytes, length, bytes.length));
    }
    return true;
  }

  @Override
  public InputStream open(StorageKey key) {
    if (!isKept(key)) {
      return storage.open(key);
    }
    return new BlockStream(key, read(key, 0, BLOCK));
  }

  /** Reads on by as many blocks as one request brings. */
  private final class BlockStream extends InputStream {

    private final StorageKey key;
    private byte[] bytes;
    private int position;
    private long offset;

    BlockStream(StorageKey key, byte[] beginning) {
      this.key = key;
      this.bytes = beginning;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) {
      if (length == 0) {
        return 0;
      }
      if (position == bytes.length) {
        if (bytes.length % BLOCK != 0 || bytes.length == 0) {
          return -1;
        }
        offset += bytes.length;
        bytes = CachingStorage.this.read(key, offset, BLOCKS_AT_ONCE * BLOCK);
        position = 0;
        if (bytes.length == 0) {
          return -1;
        }
      }
      int read = Math.min(length, bytes.length - position);
      System.arraycopy(bytes, position, target, from, read);
      position += read;
      return read;
    }
  }

  @Override
  public void distrust(StorageKey key) {
    storage.distrust(key);
    // However large it is: a block that is missing in between does not end it.
    for (Listed listed : storage.list(key.text(), Optional.empty(), 1)) {
      for (long block = 0; block <= listed.size() / BLOCK; block++) {
        cache(key).forget(name(key, block));
      }
    }
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
  public void delete(StorageKey key) {
    forgetNode(key);
    storage.delete(key);
  }

  @Override
  public void deleteAll(Collection<StorageKey> keys) {
    keys.forEach(this::forgetNode);
    storage.deleteAll(keys);
  }

  // The copy of an object stays right; a node may come back and say other places.
  private void forgetNode(StorageKey key) {
    if (key.text().startsWith(NODES)) {
      nodes.forget(name(key, 0));
    }
  }

  @Override
  public void close() {
    storage.close();
  }
}
