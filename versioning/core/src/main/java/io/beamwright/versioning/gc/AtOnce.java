// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.CallsUnderWay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls to a storage of which several may be under way at once: one alone keeps neither a remote
 * storage busy nor the processors of this machine.
 */
record AtOnce(int threads) {

  /** One after the other, by who asks. */
  static final AtOnce ONE = new AtOnce(1);

  /** As many as a storage in a network wants. */
  static final AtOnce MANY = new AtOnce(8);

  private static final long TELL_EVERY_SECONDS = 10;

  /**
   * What {@code tasks} give, in their order. If one of them throws, so does this, when none is
   * under way any more.
   *
   * @param meanwhile is called by the caller's thread again and again while it waits; may throw
   */
  <T> List<T> all(List<Supplier<T>> tasks, Runnable meanwhile) {
    List<T> answers = new ArrayList<>();
    if (threads == 1) {
      for (Supplier<T> task : tasks) {
        answers.add(task.get());
        meanwhile.run();
      }
      return answers;
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads, AtOnce::daemon);
    try {
      List<Future<T>> futures = new ArrayList<>();
      tasks.forEach(task -> futures.add(pool.submit(task::get)));
      for (Future<T> future : futures) {
        answers.add(join(future, meanwhile));
      }
      return answers;
    } finally {
      pool.shutdownNow();
      CallsUnderWay.awaitEnd(pool);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "beamwright-gc");
    thread.setDaemon(true);
    return thread;
  }

  private static <T> T join(Future<T> future, Runnable meanwhile) {
    while (true) {
      meanwhile.run();
      Optional<T> answer = await(future);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  /** What {@code future} gives; nothing if it takes longer than it is waited for. */
  private static <T> Optional<T> await(Future<T> future) {
    try {
      return Optional.of(future.get(TELL_EVERY_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault("Interrupted while collecting garbage.", "Run gc again.", e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    if (e.getCause() instanceof RuntimeException exception) {
      return exception;
    }
    return new IllegalStateException("a task throws nothing checked", e);
  }
}
