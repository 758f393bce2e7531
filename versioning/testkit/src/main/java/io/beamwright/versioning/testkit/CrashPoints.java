// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program in child JVMs, each on a fresh local store, each halted at another step of what it
 * does to the store, and has what it left behind checked.
 *
 * <pre>{@code
 * CrashPoints crashes =
 *     CrashPoints.of(tempFolder, Main.class, uri -> List.of("put", "--store", uri, "f"));
 * crashes.haltAt(crashes.points(), (point, store) -> assertThat(...));
 * }</pre>
 *
 * <p>Runs are independent and several go on at once, so the check has to be safe for that.
 */
public final class CrashPoints {

  private static final int DEFAULT_AT_ONCE = 2;

  private final Path work;
  private final Class<?> main;
  private final Function<String, List<String>> arguments;
  private final Path template;
  private final List<String> jvmOptions;
  private final int atOnce;

  private CrashPoints(
      Path work,
      Class<?> main,
      Function<String, List<String>> arguments,
      Path template,
      List<String> jvmOptions,
      int atOnce) {
    this.work = work;
    this.main = main;
    this.arguments = arguments;
    this.template = template;
    this.jvmOptions = List.copyOf(jvmOptions);
    this.atOnce = atOnce;
  }

  /**
   * Where a run can halt.
   *
   * @param number the step's number in a complete run, from 1
   * @param step what was just done, or is about to be
   */
  public record Point(int number, String step) {
    @Override
    public String toString() {
      return number + " (" + step + ")";
    }
  }

  /** Looks at what a halted run left behind. */
  @FunctionalInterface
  public interface Check {
    /** {@code store} is the store's folder; what this throws is a failure of {@code point}. */
    void leftBehind(Point point, Path store) throws Exception;
  }

  /**
   * Runs {@code main} with {@code arguments} of the store's URI.
   *
   * @param work an empty folder for the stores, deleted by the caller
   */
  public static CrashPoints of(Path work, Class<?> main, Function<String, List<String>> arguments) {
    Path nothing = work.resolve("nothing");
    return new CrashPoints(work, main, arguments, nothing, List.of(), DEFAULT_AT_ONCE);
  }

  /** Each run begins with a copy of the store in the folder {@code store}. */
  public CrashPoints startingFrom(Path store) {
    return new CrashPoints(work, main, arguments, store, jvmOptions, atOnce);
  }

  /** Each run gets these options of the JVM as well. */
  public CrashPoints withJvmOptions(String... options) {
    return new CrashPoints(work, main, arguments, template, List.of(options), atOnce);
  }

  /** So many runs go on at once, rather than 2. */
  public CrashPoints atOnce(int runs) {
    return new CrashPoints(work, main, arguments, template, jvmOptions, runs);
  }

  /** Lets one run end as it should, and gives its steps. */
  public List<Point> points() throws IOException, InterruptedException {
    Path store = Files.createDirectory(work.resolve("complete"));
    Path steps = work.resolve("steps");
    ChildJvm.Ended ended = run(store, "steps=" + steps);
    if (ended.exitCode() != 0) {
      throw new AssertionError("the complete run ended with " + described(ended));
    }
    List<String> lines = Files.readAllLines(steps);
    List<Point> points = new ArrayList<>();
    for (String line : lines) {
      points.add(new Point(points.size() + 1, line));
    }
    delete(store);
    return points;
  }

  /**
   * Runs once for each of {@code points}, halting there, and then {@code check}. A program whose
   * threads take turns may have fewer steps than it had: then it ends as it should, and that is
   * checked too.
   *
   * @return how many of the runs were halted
   * @throws AssertionError for every point whose check threw, or whose run ended otherwise; their
   *     stores are left behind
   */
  public int haltAt(List<Point> points, Check check) throws InterruptedException {
    ExecutorService runs = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<Boolean>> ends =
          points.stream().map(point -> runs.submit(() -> haltAt(point, check))).toList();
      int halted = 0;
      List<Throwable> failures = new ArrayList<>();
      for (Future<Boolean> end : ends) {
        try {
          halted += end.get() ? 1 : 0;
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      report(failures, points.size());
      return halted;
    } finally {
      runs.shutdownNow();
    }
  }

  private static void report(List<Throwable> failures, int of) {
    if (!failures.isEmpty()) {
      AssertionError all =
          new AssertionError(
              failures.size() + " of " + of + " points: " + failures.get(0).getMessage());
      failures.forEach(all::addSuppressed);
      throw all;
    }
  }

  private boolean haltAt(Point point, Check check) throws IOException, InterruptedException {
    Path store = Files.createDirectory(work.resolve("halted-at-" + point.number()));
    ChildJvm.Ended ended = run(store, "at=" + point.number());
    boolean isHalted = ended.exitCode() == HaltingSteps.EXIT_CODE;
    if (!isHalted && ended.exitCode() != 0) {
      throw new AssertionError("halted at " + point + ": the run ended with " + described(ended));
    }
    check(point, store, check, described(ended));
    return isHalted;
  }

  private static void check(Point point, Path store, Check check, String said) throws IOException {
    try {
      check.leftBehind(point, store);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "halted at " + point + ", see " + store + ": " + e.getMessage() + "\n" + said, e);
    }
    delete(store);
  }

  /**
   * As {@link #haltAt}, but of up to {@code inOne} points one after the other in one process, which
   * stops for ever at its step whatever a run does to its store: no JVM has to start for each, and
   * nothing is written that a killed process would not write. What a process keeps beside its store
   * is not lost, so halt some for real as well.
   */
  public int freezeAt(List<Point> points, int inOne, Check check) throws InterruptedException {
    ExecutorService runs = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<Integer>> ends = new ArrayList<>();
      for (int from = 0; from < points.size(); from += inOne) {
        List<Point> some = points.subList(from, Math.min(points.size(), from + inOne));
        ends.add(runs.submit(() -> freezeInOneProcess(some, check)));
      }
      int frozen = 0;
      List<Throwable> failures = new ArrayList<>();
      for (Future<Integer> end : ends) {
        try {
          frozen += end.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
      report(failures, points.size());
      return frozen;
    } finally {
      runs.shutdownNow();
    }
  }

  private int freezeInOneProcess(List<Point> points, Check check)
      throws IOException, InterruptedException {
    List<String> words = List.of(main.getName());
    List<AssertionError> failures = new ArrayList<>();
    int frozen = 0;
    try (ChildJvm child = ChildJvm.start(ChildJvm.command(HaltedRuns.class, jvmOptions, words))) {
      for (Point point : points) {
        child.tell(runOf(point));
      }
      child.tell("");
      for (Point point : points) {
        String said = nextEnd(child);
        if (said.startsWith(HaltedRuns.FAILED)) {
          failures.add(new AssertionError("halted at " + point + ": " + said));
        } else {
          frozen += said.startsWith(HaltedRuns.HALTED) ? 1 : 0;
          try {
            check(point, frozenStore(point), check, said);
          } catch (AssertionError e) {
            failures.add(e);
          }
        }
      }
    }
    report(List.copyOf(failures), points.size());
    return frozen;
  }

  private Path frozenStore(Point point) {
    return work.resolve("frozen-at-" + point.number());
  }

  private String runOf(Point point) throws IOException {
    Path store = Files.createDirectory(frozenStore(point));
    if (Files.exists(template)) {
      copy(template, store);
    }
    List<String> words = new ArrayList<>(List.of("" + point.number(), store.toString()));
    words.addAll(arguments.apply("halting:" + store + "?freeze=" + point.number()));
    return String.join("\t", words);
  }

  // Programs print too.
  private static String nextEnd(ChildJvm child) throws IOException {
    Optional<String> line = child.nextLineIfAny();
    while (line.isPresent() && !HaltedRuns.isEnd(line.get())) {
      line = child.nextLineIfAny();
    }
    return line.orElse(HaltedRuns.FAILED + "its end: the process is gone");
  }

  private static String described(ChildJvm.Ended ended) {
    return "exit code " + ended.exitCode() + ": " + String.join("\n", ended.lines());
  }

  private ChildJvm.Ended run(Path store, String query) throws IOException, InterruptedException {
    if (Files.exists(template)) {
      copy(template, store);
    }
    String uri = "halting:" + store + "?" + query;
    try (ChildJvm child =
        ChildJvm.start(ChildJvm.command(main, jvmOptions, arguments.apply(uri)))) {
      return child.end();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (!Files.isDirectory(path)) {
          Files.copy(path, copy);
        } else if (!Files.exists(copy)) {
          Files.createDirectory(copy);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
