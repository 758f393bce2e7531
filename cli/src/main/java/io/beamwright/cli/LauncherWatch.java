// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process, as a signal would, when the launcher that started it is gone. The launcher
 * passes signals on, but for the one that kills it.
 */
final class LauncherWatch implements AutoCloseable {

  /** The environment variable in which the launcher says which process it is. */
  static final String VARIABLE = "BEAMWRIGHT_LAUNCHER_PID";

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  // What a shell says of a process that SIGTERM ended.
  private static final int TERMINATED = 143;

  private volatile boolean closed;

  private LauncherWatch() {}

  /** Watches from now on until it is closed, if a launcher started this process. */
  static LauncherWatch begin(Map<String, String> environment) {
    LauncherWatch watch = new LauncherWatch();
    String launcher = environment.getOrDefault(VARIABLE, "");
    if (launcher.matches("[0-9]{1,18}")) {
      Thread thread = new Thread(() -> watch.look(Long.parseLong(launcher)), "launcher-watch");
      thread.setDaemon(true);
      thread.start();
    }
    return watch;
  }

  private void look(long launcher) {
    while (!closed) {
      if (!isChildOf(launcher)) {
        System.exit(TERMINATED);
      }
      LockSupport.parkNanos(this, EVERY_NANOS);
    }
  }

  private static boolean isChildOf(long launcher) {
    return ProcessHandle.current().parent().filter(parent -> parent.pid() == launcher).isPresent();
  }

  @Override
  public void close() {
    closed = true;
  }
}
