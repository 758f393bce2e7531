// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that runs while its output is carried to a log, and that does not outlive the wait. */
final class Supervised {

  /** How an executor ends a process and all that it began. */
  interface Killer {

    /** Whether the processes of a program are those of a session that it begins. */
    default boolean bySession() {
      return false;
    }

    /** Kills who is alive, also after {@code process} itself has ended; false if nobody was. */
    boolean killOnce(Process process) throws IOException;
  }

  private static final long DRAIN_SECONDS = 5;
  private static final long KILL_SECONDS = 20;
  private static final long IDLE_SECONDS = 5;
  private static final long START_SECONDS = 5;

  private static final Live LIVE = new Live();

  // A thread for each living program; they are handed on, for most programs are short.
  private static final ThreadPoolExecutor PUMPS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Supervised::daemon);

  private final Process process;
  private final Killer killer;
  private final ProgramLog log;
  private Future<?> pumped = CompletableFuture.completedFuture(null);

  private Supervised(Process process, Killer killer, ProgramLog log) {
    this.process = process;
    this.killer = killer;
    this.log = log;
  }

  /** Kills a process that begins no others. */
  static boolean killAlone(Process process) {
    boolean alive = process.isAlive();
    if (alive) {
      // One that has ended would lose what is not read yet.
      process.destroyForcibly();
    }
    return alive;
  }

  private static Thread daemon(Runnable pump) {
    Thread thread = new Thread(pump, "program-log");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts {@code builder} and waits; the exit code, or empty if it was killed because {@code
   * timeout} passed.
   *
   * @throws IOException if it cannot be started; the message says why
   */
  static OptionalInt run(
      ProcessBuilder builder, Optional<Duration> timeout, ProgramLog log, Killer killer)
      throws IOException, InterruptedException {
    LIVE.expect();
    return runUnwatched(builder, timeout, log, killer);
  }

  /**
   * The same for one that ends by itself in a moment, whatever becomes of us, so that nobody need
   * watch.
   */
  static OptionalInt runUnwatched(
      ProcessBuilder builder, Optional<Duration> timeout, ProgramLog log, Killer killer)
      throws IOException, InterruptedException {
    builder.environment().put(Watchdog.VARIABLE, Watchdog.VALUE);
    requireTexts(builder);
    LIVE.announceStart();
    Supervised program = LIVE.add(startOf(builder), killer, log);
    try {
      LIVE.watch(program);
      program.pumped = PUMPS.submit(program::carryOutput);
      OptionalInt code = program.waitFor(timeout);
      LIVE.requireGoingOn();
      return code;
    } finally {
      program.end();
      LIVE.remove(program);
    }
  }

  private static Process startOf(ProcessBuilder builder) throws IOException {
    try {
      return builder.redirectErrorStream(true).start();
    } catch (IOException | RuntimeException | Error e) {
      LIVE.startFailed();
      throw e;
    }
  }

  private static void requireTexts(ProcessBuilder builder) throws IOException {
    Map<String, String> env = builder.environment();
    for (String text :
        (Iterable<String>)
            Stream.of(builder.command(), env.keySet(), env.values()).flatMap(Collection::stream)
                ::iterator) {
      if (!NativeText.passes(text)) {
        throw new IOException(
            "\"" + text + "\" cannot be passed to it unchanged. " + NativeText.REMEDY);
      }
    }
  }

  private OptionalInt waitFor(Optional<Duration> timeout) throws InterruptedException {
    if (timeout.isEmpty()) {
      return OptionalInt.of(process.waitFor());
    }
    return process.waitFor(timeout.get().toNanos(), TimeUnit.NANOSECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  private void end() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      killAll();
      joinPump();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Kills until nobody is left: a process may begin others while it is being looked for. */
  private void killAll() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(KILL_SECONDS);
    for (long pause = 500_000; killer.killOnce(process); pause = Math.min(2 * pause, 20_000_000)) {
      if (System.nanoTime() > deadline) {
        throw new EnvironmentFault(
            "What the program began could not be killed (process " + process.pid() + ").",
            "Look for what keeps it, such as a file system that does not answer.");
      }
      LockSupport.parkNanos(pause);
    }
  }

  private void killOrDestroy() {
    try {
      killAll();
    } catch (IOException | EnvironmentFault e) {
      process.destroyForcibly();
    }
  }

  private void joinPump() throws InterruptedException, IOException {
    try {
      pumped.get(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the output could not be carried to a log", e.getCause());
    } catch (TimeoutException e) {
      log.appendLine("[beamwright: the log ends here; another process still holds its other end]");
      process.getInputStream().close();
    }
  }

  private void carryOutput() {
    byte[] buffer = new byte[64 << 10];
    try (InputStream output = process.getInputStream()) {
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        log.append(buffer, 0, n);
      }
    } catch (IOException e) {
      // Closed by joinPump, which has said so in the log.
    }
  }

  /**
   * The programs that are alive; they are killed when this JVM is told to end, and by the watchdog
   * when it ends without being told. Both know of us only as long as there are any, or were a
   * moment ago: on a cluster's worker our classes go with their job.
   */
  private static final class Live {

    private final Set<Supervised> programs = new HashSet<>();
    private @Nullable Thread hook;
    private @Nullable Watchdog watchdog;
    private boolean ending;
    private int starting;
    private boolean waitedInVain;
    private long lastUse;

    /** Has somebody watch before there is anything to be watched. */
    synchronized void expect() throws IOException, InterruptedException {
      requireGoingOn();
      lastUse = System.nanoTime();
      if (watchdog == null || !watchdog.isAlive()) {
        watchdog = Watchdog.start();
        if (watchdog != null) {
          Thread idle = new Thread(this::closeWhenIdle, "program-watch");
          idle.setDaemon(true);
          idle.start();
        }
      }
    }

    /** What was killed because the JVM ends has not failed: nobody may take it for that. */
    synchronized void requireGoingOn() throws InterruptedException {
      if (ending) {
        throw new InterruptedException("the JVM is ending");
      }
    }

    /** One is about to start: whoever ends this JVM from now on waits until it is known. */
    synchronized void announceStart() throws InterruptedException {
      requireGoingOn();
      if (hook == null) {
        Thread kill = new Thread(this::kill, "program-shutdown");
        try {
          Runtime.getRuntime().addShutdownHook(kill);
        } catch (IllegalStateException e) {
          ending = true;
          requireGoingOn();
        }
        hook = kill;
      }
      starting++;
    }

    /** The start that was announced failed. */
    synchronized void startFailed() {
      starting--;
      notifyAll();
      removeHookWhenIdle();
    }

    synchronized Supervised add(Process process, Killer killer, ProgramLog log) {
      Supervised program = new Supervised(process, killer, log);
      starting--;
      programs.add(program);
      notifyAll();
      if (waitedInVain) {
        process.destroyForcibly();
      }
      return program;
    }

    synchronized void watch(Supervised program) throws IOException {
      if (watchdog != null && program.killer.bySession()) {
        watchdog.add(program.process.pid());
      }
    }

    synchronized void remove(Supervised program) throws IOException {
      lastUse = System.nanoTime();
      programs.remove(program);
      removeHookWhenIdle();
      if (watchdog != null && program.killer.bySession()) {
        watchdog.remove(program.process.pid());
      }
    }

    private void removeHookWhenIdle() {
      if (programs.isEmpty() && starting == 0 && hook != null) {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
          // It runs already, and finds nothing to do.
        }
        hook = null;
      }
    }

    private synchronized void closeWhenIdle() {
      long limit = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
      try {
        while (!programs.isEmpty() || starting > 0 || System.nanoTime() - lastUse < limit) {
          wait(TimeUnit.SECONDS.toMillis(IDLE_SECONDS));
        }
        if (watchdog != null) {
          watchdog.close();
        }
      } catch (InterruptedException | IOException e) {
        // It ends with the JVM, at the latest.
        Thread.currentThread().interrupt();
      }
      watchdog = null;
    }

    /** No other begins from now on. */
    private synchronized List<Supervised> end() {
      ending = true;
      return List.copyOf(programs);
    }

    /** Those that are alive when each start that was announced is known, or took too long. */
    private synchronized List<Supervised> awaitStarts() throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (starting > 0 && System.nanoTime() < deadline) {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
      }
      waitedInVain = starting > 0;
      return List.copyOf(programs);
    }

    private void kill() {
      end().forEach(Supervised::killOrDestroy);
      try {
        awaitStarts().forEach(Supervised::killOrDestroy);
      } catch (InterruptedException e) {
        // Only the JVM knows this thread, and it does not interrupt it.
        Thread.currentThread().interrupt();
      }
    }
  }
}
