// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The steps of every halting storage of this process, or of one run in it, counted from 1 together.
 */
final class HaltingSteps {

  /** What a process that halted on purpose ends with: as if it were killed. */
  static final int EXIT_CODE = 137;

  private static final List<String> OF_THIS_PROCESS = new ArrayList<>();
  private static final Map<String, HaltingSteps> OF_RUNS = new ConcurrentHashMap<>();

  private final List<String> reached;
  private final int haltAt;
  private final boolean freezes;
  private final CountDownLatch frozen = new CountDownLatch(1);

  private HaltingSteps(List<String> reached, int haltAt, boolean freezes) {
    this.reached = reached;
    this.haltAt = haltAt;
    this.freezes = freezes;
  }

  /** Halts the process at the step of this number. */
  static HaltingSteps haltingAt(int step) {
    return new HaltingSteps(OF_THIS_PROCESS, step, false);
  }

  /**
   * Freezes the run {@code name} at the step of this number: whichever of its threads takes it, or
   * comes to a later one, never goes on, so that nothing that a killed process would not do is done
   * to the store any more, no {@code finally} included.
   */
  static HaltingSteps freezing(String name, int step) {
    return OF_RUNS.computeIfAbsent(name, run -> new HaltingSteps(new ArrayList<>(), step, true));
  }

  /** Halts at none, and writes a line for each to {@code file} when the process ends. */
  static HaltingSteps writtenTo(Path file) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> write(file)));
    return new HaltingSteps(OF_THIS_PROCESS, Integer.MAX_VALUE, false);
  }

  private static void write(Path file) {
    synchronized (OF_THIS_PROCESS) {
      try {
        Files.write(file, OF_THIS_PROCESS);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void reached(String step) {
    synchronized (reached) {
      reached.add(step);
      if (reached.size() < haltAt) {
        return;
      }
      if (!freezes) {
        System.err.println("halting at " + haltAt + ": " + step);
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    }
    frozen.countDown();
    stay();
  }

  private static void stay() {
    CountDownLatch never = new CountDownLatch(1);
    boolean woken = true;
    while (woken) {
      try {
        never.await();
        woken = false;
      } catch (InterruptedException e) {
        // Whoever gives up waiting for this thread, as an executor does, does not wake the dead.
        woken = true;
      }
    }
  }

  /** Waits until the run is frozen, but not longer than so; returns whether it is. */
  boolean awaitFrozen(long milliseconds) throws InterruptedException {
    return frozen.await(milliseconds, TimeUnit.MILLISECONDS);
  }

  /** Whether the next step is the one to halt at, unless another thread takes it. */
  boolean haltsNext() {
    synchronized (reached) {
      return reached.size() + 1 == haltAt;
    }
  }
}
