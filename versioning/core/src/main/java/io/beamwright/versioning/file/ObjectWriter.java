// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.storage.CallsUnderWay;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores objects in the background, a few at once. What waits or is under way is within a budget of
 * bytes: who comes with more waits. To be called by one thread.
 */
final class ObjectWriter implements AutoCloseable {

  // Enough to keep a remote storage busy, and a disk flushing while the processor hashes.
  private static final int THREADS = 4;

  private final WriteSession session;
  private final int mostBytes;
  private final Semaphore budget;
  private final Map<Sha256, ObjectRef> known = new ConcurrentHashMap<>();
  private final Deque<Future<?>> underWay = new ArrayDeque<>();
  private @Nullable ExecutorService threads;

  /** Has at most {@code mostBytes} under way, or one object of more. */
  ObjectWriter(WriteSession session, int mostBytes) {
    this.session = session;
    this.mostBytes = mostBytes;
    this.budget = new Semaphore(mostBytes);
  }

  /**
   * Stores {@code bytes}, of which nobody else knows any more, and releases them.
   *
   * @param id their digest, if it is known already
   * @param stored is told the object by another thread; visible after {@link #finish}
   * @throws io.beamwright.versioning.fault.EnvironmentFault if one that was given before could not
   *     be stored
   */
  void write(Blocks bytes, Optional<Sha256> id, Consumer<ObjectRef> stored) {
    throwWhatFailed();
    if (mostBytes < 2 * FastCdc.LARGEST) {
      // There is no room to read on meanwhile.
      store(bytes, id, stored);
      return;
    }
    int size = Math.min(mostBytes, bytes.size());
    budget.acquireUninterruptibly(size);
    underWay.add(
        threads()
            .submit(
                () -> {
                  try {
                    store(bytes, id, stored);
                  } finally {
                    budget.release(size);
                  }
                }));
  }

  /** Stores {@code bytes} before this returns, and releases them. */
  void writeNow(Blocks bytes, Consumer<ObjectRef> stored) {
    store(bytes, Optional.empty(), stored);
  }

  private void store(Blocks bytes, Optional<Sha256> id, Consumer<ObjectRef> stored) {
    try {
      Sha256 name = id.orElseGet(bytes::sha256);
      ObjectRef there = known.get(name);
      stored.accept(there == null ? create(name, bytes) : there);
    } finally {
      bytes.release();
    }
  }

  private ObjectRef create(Sha256 name, Blocks bytes) {
    ObjectRef created = session.createObject(name, bytes.content());
    known.put(name, created);
    return created;
  }

  /** Takes the object of {@code extent} for what need not be stored again. */
  void reuse(Extent extent) {
    known.put(extent.object().id(), extent.object());
  }

  private ExecutorService threads() {
    if (threads == null) {
      threads =
          Executors.newFixedThreadPool(
              THREADS,
              task -> {
                Thread thread = new Thread(task, "beamwright-object-writer");
                thread.setDaemon(true);
                return thread;
              });
    }
    return threads;
  }

  private void throwWhatFailed() {
    while (!underWay.isEmpty() && underWay.peek().isDone()) {
      join(underWay.remove());
    }
  }

  /**
   * Waits until everything is durable.
   *
   * @throws io.beamwright.versioning.fault.EnvironmentFault if something could not be stored
   */
  void finish() {
    while (!underWay.isEmpty()) {
      join(underWay.remove());
    }
  }

  private static void join(Future<?> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          // A storage ends each of its calls; what becomes of the bytes has to be known.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    if (e.getCause() instanceof RuntimeException exception) {
      throw exception;
    }
    return new IllegalStateException("a writer throws nothing checked", e);
  }

  /** Gives up what waits, and returns when nothing is under way any more. */
  @Override
  public void close() {
    if (threads == null) {
      return;
    }
    underWay.forEach(task -> task.cancel(false));
    underWay.clear();
    threads.shutdown();
    CallsUnderWay.awaitEnd(threads);
  }
}
