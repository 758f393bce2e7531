// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads objects whole and compares their SHA-256 with their names, one thread for each processor.
 * The caller closes it, which waits for what it was given.
 */
final class ObjectScan implements AutoCloseable {

  private static final int WAITING = 1_024;
  private static final int BUFFER = 1 << 20;

  private record Work(Sha256 id, StorageKey key) {}

  private final Storage storage;
  private final Findings findings;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final BlockingQueue<Optional<Work>> queue = new ArrayBlockingQueue<>(WAITING);
  private final ExecutorService pool = Executors.newFixedThreadPool(threads);
  private final List<Future<?>> workers = new ArrayList<>();

  ObjectScan(Storage storage, Findings findings) {
    this.storage = storage;
    this.findings = findings;
    for (int i = 0; i < threads; i++) {
      workers.add(pool.submit(this::work));
    }
  }

  /** Checks the object {@code id} at {@code key}; waits while much is waiting. */
  void check(Sha256 id, StorageKey key) {
    put(Optional.of(new Work(id, key)));
  }

  private void put(Optional<Work> work) {
    try {
      queue.put(work);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault("The check was interrupted.", "Run it again.", e);
    }
  }

  private void work() {
    byte[] buffer = new byte[BUFFER];
    try {
      // Nothing says that nothing comes any more.
      for (var work = queue.take(); work.isPresent(); work = queue.take()) {
        check(work.get(), buffer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check(Work work, byte[] buffer) {
    try {
      Sha256 actual = digest(work.key(), buffer);
      if (!actual.equals(work.id())) {
        findings.damaged(Damage.Kind.OBJECT, work.key(), "has the SHA-256 " + actual);
      }
    } catch (ObjectAbsent e) {
      // Garbage collection took it between the list and now; whatever needs it will miss it.
      findings.notice(storage.location() + "/" + work.key() + " went away during the check.");
    } catch (IOException | EnvironmentFault e) {
      findings.damaged(Damage.Kind.OBJECT, work.key(), "cannot be read: " + e.getMessage());
    }
  }

  private Sha256 digest(StorageKey key, byte[] buffer) throws IOException {
    MessageDigest digest = Sha256.messageDigest();
    try (InputStream in = storage.open(key)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return Sha256.ofDigest(digest.digest());
  }

  @Override
  public void close() {
    for (int i = 0; i < threads; i++) {
      put(Optional.empty());
    }
    try {
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault("The check was interrupted.", "Run it again.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a check of an object failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
