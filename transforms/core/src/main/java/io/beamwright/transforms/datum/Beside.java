// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What another thread does while a thread runs a datum: it makes the next one ready, and clears the
 * last one away. A small datum's program takes less time than that and spends much of it waiting
 * for the kernel to make and to end a sandbox.
 */
final class Beside implements AutoCloseable {

  // A large datum's files wait for the room and the bandwidth of the one before.
  private static final long LARGEST_AHEAD = 16 << 20;

  private final Function<Datum, Begun> begin;
  private final Executor threads;
  private CompletableFuture<Begun> next = CompletableFuture.completedFuture(null);
  private CompletableFuture<Void> cleared = CompletableFuture.completedFuture(null);

  Beside(Function<Datum, Begun> begin, Executor threads) {
    this.begin = begin;
    this.threads = threads;
  }

  /** Begins with {@code datum}, which has to be the next that is {@link #take taken}. */
  void prepare(Datum datum) {
    if (datum.size() <= LARGEST_AHEAD) {
      next = CompletableFuture.supplyAsync(() -> begin.apply(datum), threads);
    }
  }

  /** {@code datum}, ready. */
  Begun take(Datum datum) {
    Begun begun = taken();
    return begun == null ? begin.apply(datum) : begun;
  }

  private Begun taken() {
    CompletableFuture<Begun> taken = next;
    next = CompletableFuture.completedFuture(null);
    return joined(taken);
  }

  /** Closes {@code begun}, when the one before has been. */
  void clear(Begun begun) {
    joined(cleared);
    cleared = CompletableFuture.runAsync(begun::close, threads);
  }

  /** Waits for what was begun, and leaves nothing behind. */
  @Override
  public void close() {
    try (Begun unused = taken()) {
      joined(cleared);
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
