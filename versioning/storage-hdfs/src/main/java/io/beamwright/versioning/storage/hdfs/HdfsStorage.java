// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.CallsUnderWay;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.hdfs.DFSInputStream;
import org.apache.hadoop.hdfs.client.HdfsDataInputStream;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/**
 * A storage in a folder of HDFS: a key is a path below it, its content one file. {@link
 * HdfsCreation} says how a key is created.
 *
 * <p>It speaks to the NameNode by {@link DFSClient}, because nothing above that lists a folder from
 * a name on, or tells the id of the file that it writes.
 *
 * <p>Sizes and times are the NameNode's; the time of creation is when the last byte was written.
 */
final class HdfsStorage implements Storage {

  private static final int DELETING_THREADS = 8;

  private final DFSClient client;
  private final HdfsFaults faults;
  private final HdfsFolders folders;
  private final HdfsTemporaries temporaries;

  /** The storage at {@code root}, an absolute URI; it closes {@code client}. */
  HdfsStorage(URI root, DFSClient client, Configuration configuration, HdfsFaults faults) {
    this.client = client;
    this.faults = faults;
    this.folders = new HdfsFolders(client, root.getPath().equals("/") ? "" : root.getPath());
    this.temporaries = new HdfsTemporaries(client, folders, configuration);
  }

  @Override
  public String location() {
    return faults.location();
  }

  /**
   * {@inheritDoc}
   *
   * <p>A key cannot be beside keys below it ({@code a} beside {@code a/b}): that is refused.
   */
  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    try {
      requireNotInterrupted();
      if (file(key).isPresent()) {
        return Creation.EXISTS;
      }
      return new HdfsCreation(client, folders, temporaries, faults, key).create(content);
    } catch (IOException e) {
      throw faults.notDone("create", key.text(), e);
    }
  }

  // Hadoop gives up its wait for an answer, and what it asked for may happen after it gave up.
  private static void requireNotInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("it was interrupted");
    }
  }

  private Optional<HdfsFileStatus> file(StorageKey key) throws IOException {
    return folders.find(key.text()).filter(HdfsFileStatus::isFile);
  }

  @Override
  public InputStream open(StorageKey key) {
    try {
      return new HdfsStream(wrapped(key), failure -> cannotRead(key, failure));
    } catch (IOException e) {
      throw cannotRead(key, e);
    }
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("offset " + offset + ", length " + length);
    }
    try (HdfsDataInputStream in = wrapped(key)) {
      long size = in.getVisibleLength();
      return read(in, offset, new byte[(int) Math.max(0, Math.min(length, size - offset))]);
    } catch (IOException e) {
      throw cannotRead(key, e);
    }
  }

  private HdfsDataInputStream wrapped(StorageKey key) throws IOException {
    DFSInputStream raw = client.open(folders.path(key.text()));
    return client.createWrappedInputStream(raw);
  }

  private static byte[] read(HdfsDataInputStream in, long offset, byte[] bytes) throws IOException {
    int filled = 0;
    while (filled < bytes.length) {
      int n = in.read(offset + filled, bytes, filled, bytes.length - filled);
      if (n < 0) {
        return Arrays.copyOf(bytes, filled);
      }
      filled += n;
    }
    return bytes;
  }

  private EnvironmentFault cannotRead(StorageKey key, IOException e) {
    return isAbsent(e) ? new ObjectAbsent(location(), key) : faults.notDone("read", key.text(), e);
  }

  // It says so of a folder too, and of what would be below a file.
  private static boolean isAbsent(IOException e) {
    return e instanceof FileNotFoundException || HdfsTrouble.of(e) == HdfsTrouble.NOT_A_FOLDER;
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    try {
      return new HdfsListing(folders, prefix, startAfter.orElse(""), limit).walk();
    } catch (IOException e) {
      throw faults.notDone("list", prefix, e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>An empty folder of that name goes too: whoever creates keys makes the folders that it needs.
   */
  @Override
  public void delete(StorageKey key) {
    try {
      client.delete(folders.path(key.text()), false);
    } catch (IOException e) {
      if (!isAbsent(e) && HdfsTrouble.of(e) != HdfsTrouble.HOLDS_KEYS) {
        throw faults.perhapsStillThere(key, e);
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Several at a time, because the NameNode writes what comes together into its journal at once.
   */
  @Override
  public void deleteAll(Collection<StorageKey> keys) {
    if (keys.isEmpty()) {
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(DELETING_THREADS, keys.size()));
    List<Future<?>> deleting = new ArrayList<>();
    try {
      keys.forEach(key -> deleting.add(threads.submit(() -> delete(key))));
      for (Future<?> one : deleting) {
        await(one);
      }
    } finally {
      deleting.forEach(one -> one.cancel(false));
      threads.shutdown();
      CallsUnderWay.awaitEnd(threads);
    }
  }

  private void await(Future<?> deleted) {
    try {
      deleted.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EnvironmentFault fault
          ? fault
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw faults.interrupted("delete", e);
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw faults.cannotClose(e);
    }
  }
}
