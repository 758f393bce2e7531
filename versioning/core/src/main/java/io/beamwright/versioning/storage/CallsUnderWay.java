// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls to a storage by threads: they end before whoever began them goes on. */
public final class CallsUnderWay {

  private CallsUnderWay() {}

  /**
   * Returns when nothing is under way any more in {@code pool}, which was shut down: nobody changes
   * a store behind the back of who has been told how it ended. An interrupt waits too.
   */
  public static void awaitEnd(ExecutorService pool) {
    boolean interrupted = false;
    while (true) {
      try {
        if (pool.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException e) {
        // A storage ends each of its calls.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
