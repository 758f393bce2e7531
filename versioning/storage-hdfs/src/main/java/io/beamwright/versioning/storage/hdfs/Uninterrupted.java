// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import java.io.IOException;

/**
 * Calls to Hadoop that must be made although this thread was interrupted, when each call to Hadoop
 * fails at once. The interrupt is kept for the caller.
 */
final class Uninterrupted {

  private Uninterrupted() {}

  @FunctionalInterface
  interface Asking<T> {
    T ask() throws IOException;
  }

  static <T> T ask(Asking<T> asking) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return asking.ask();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static void run(Runnable doing) {
    boolean interrupted = Thread.interrupted();
    try {
      doing.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
