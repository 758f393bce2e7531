// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs a program many times, each frozen at a step: what {@link CrashPoints} saves
 * the start of a JVM with. Each line of its input is the number of a step, the URI of its store,
 * and the program's arguments, between tabs; each line that it prints is how that run ended.
 */
final class HaltedRuns {

  static final String HALTED = "halted at ";
  static final String ENDED = "ended before ";
  static final String FAILED = "failed before ";

  // Far longer than any run; whoever reads the lines has a limit of its own.
  private static final long MOST_MILLISECONDS = 120_000;
  private static final long TURN_MILLISECONDS = 5;

  private final Method main;

  private HaltedRuns(Method main) {
    this.main = main;
  }

  /** Whether {@code line} says how a run ended. */
  static boolean isEnd(String line) {
    return line.startsWith(HALTED) || line.startsWith(ENDED) || line.startsWith(FAILED);
  }

  /** {@code words[0]} is the program's main class. */
  public static void main(String[] words) throws Exception {
    Method main = Class.forName(words[0]).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    new HaltedRuns(main).all();
    // Frozen threads never end.
    Runtime.getRuntime().halt(0);
  }

  private void all() throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      List<String> words = List.of(line.split("\t"));
      System.out.println(
          run(Integer.parseInt(words.get(0)), words.get(1), words.subList(2, words.size())));
      System.out.flush();
    }
  }

  private String run(int step, String run, List<String> arguments) throws InterruptedException {
    HaltingSteps steps = HaltingSteps.freezing(run, step);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread program =
        new Thread(
            () -> failure(arguments).ifPresent(failure::set), "run frozen at " + step);
    program.setDaemon(true);
    program.start();
    long end = System.nanoTime() + MOST_MILLISECONDS * 1_000_000;
    while (!steps.awaitFrozen(TURN_MILLISECONDS)) {
      if (!program.isAlive() && !steps.awaitFrozen(TURN_MILLISECONDS)) {
        Throwable failed = failure.get();
        return failed == null ? ENDED + step : FAILED + step + ": " + oneLine(failed);
      }
      if (System.nanoTime() > end) {
        return FAILED + step + ": it does not end";
      }
    }
    return HALTED + step;
  }

  private Optional<Throwable> failure(List<String> arguments) {
    try {
      main.invoke(null, (Object) arguments.toArray(new String[0]));
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.of(e.getTargetException());
    } catch (IllegalAccessException e) {
      return Optional.of(e);
    }
  }

  private static String oneLine(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString().replaceAll("\\R", " | ");
  }
}
