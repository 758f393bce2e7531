// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.StopRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A signal that ends this process, as Ctrl-C does, first has the run stopped: what it runs in a
 * cluster is cancelled there, and the store says who stopped it. A second signal does not wait.
 */
final class StopOnSignal implements AutoCloseable {

  /** A cluster that does not answer is not waited for longer. */
  private static final long MOST_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Console console;
  private final Thread hook;

  private StopOnSignal(StopRequest stop, Console console) {
    this.console = console;
    this.hook = new Thread(() -> stop(stop), "beamwright-stops");
  }

  /** From now until it is closed, a signal asks for the end by {@code stop}. */
  static StopOnSignal install(StopRequest stop, Console console) {
    StopOnSignal installed = new StopOnSignal(stop, console);
    Runtime.getRuntime().addShutdownHook(installed.hook);
    return installed;
  }

  private void stop(StopRequest stop) {
    console.note("stopping: what runs is cancelled…");
    stop.by("a signal");
    try {
      if (!ended.await(MOST_SECONDS, TimeUnit.SECONDS)) {
        console.warning(
            "what runs did not end within "
                + MOST_SECONDS
                + " seconds: see beamwright list job, and the cluster");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run ended, and all that is to be said is said. */
  @Override
  public void close() {
    try {
      console.flush();
    } finally {
      // Also where nobody reads any more: the process would wait for itself.
      ended.countDown();
      removeHook();
    }
  }

  private void removeHook() {
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has run.
      return;
    }
  }
}
