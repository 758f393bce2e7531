// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/**
 * Writers in several processes that race to commit to one branch of a new repo in a store of any
 * scheme; then the branch's history is read, and must hold every commit that was reported, once.
 *
 * @param commits how many were made by all together
 * @param inHistory how many of them the branch's history holds
 * @param failures what a writer was told instead of having committed
 * @param took from the first commit to the last
 */
public record RacedCommits(int commits, int inHistory, List<String> failures, Duration took) {

  private static final String BRANCH = "master";
  private static final Duration LONGEST = Duration.ofHours(2);

  /** Copies the failures. */
  public RacedCommits {
    failures = List.copyOf(failures);
  }

  /** {@code STORE COMMITS PROCESSES THREADS}; exits with 1 if a commit was lost or failed. */
  public static void main(String[] words) throws Exception {
    if (words[0].equals("writer")) {
      write(words[1], words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]), words[5]);
      return;
    }
    RacedCommits raced =
        race(
            words[0],
            Integer.parseInt(words[1]),
            Integer.parseInt(words[2]),
            Integer.parseInt(words[3]));
    System.out.println(raced.json());
    raced.failures().forEach(System.err::println);
    System.exit(raced.lost() == 0 && raced.failures().isEmpty() ? 0 : 1);
  }

  /** How many were reported and are not in the history. */
  public int lost() {
    return commits - inHistory;
  }

  private String json() {
    double seconds = took.toMillis() / 1000.0;
    return String.format(
        Locale.ROOT,
        "{\"commits\": %d, \"lost\": %d, \"failed\": %d, \"seconds\": %.1f, \"per_second\": %.1f}",
        commits,
        lost(),
        failures.size(),
        seconds,
        commits / seconds);
  }

  /**
   * Makes {@code commits} in the store at {@code uri}, which is created if absent, by {@code
   * processes} of {@code threads} each.
   */
  public static RacedCommits race(String uri, int commits, int processes, int threads)
      throws IOException, InterruptedException {
    String name = "raced-" + Long.toHexString(System.nanoTime());
    try (Store store = Store.openOrCreate(StorageLocation.parse(uri).open())) {
      Repo repo = store.repos().create(name, "", "racer", Instant.EPOCH);
      List<ChildJvm.Ended> ended = new ArrayList<>();
      Instant begin = Instant.now();
      List<ChildJvm> writers = start(uri, name, commits, processes, threads);
      try {
        for (ChildJvm writer : writers) {
          ended.add(writer.end());
        }
      } finally {
        writers.forEach(ChildJvm::close);
      }
      Duration took = Duration.between(begin, Instant.now());
      return judge(ended, messages(store, repo), took);
    }
  }

  private static List<ChildJvm> start(
      String uri, String repo, int commits, int processes, int threads) throws IOException {
    List<ChildJvm> writers = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      int share = commits / processes + (i < commits % processes ? 1 : 0);
      List<String> words =
          List.of(
              "writer",
              uri,
              repo,
              Integer.toString(share),
              Integer.toString(threads),
              Integer.toString(i));
      writers.add(ChildJvm.start(ChildJvm.command(RacedCommits.class, List.of(), words), LONGEST));
    }
    return writers;
  }

  private static RacedCommits judge(
      List<ChildJvm.Ended> ended, List<String> history, Duration took) {
    List<String> failures = new ArrayList<>();
    TreeSet<String> reported = new TreeSet<>();
    for (ChildJvm.Ended one : ended) {
      for (String line : one.lines()) {
        if (!line.startsWith("committed ")) {
          failures.add(line);
        } else if (!reported.add(line.substring("committed ".length()))) {
          failures.add("reported twice: " + line);
        }
      }
      if (one.exitCode() != 0) {
        failures.add("a writer ended with " + one.exitCode());
      }
    }
    TreeSet<String> distinct = new TreeSet<>(history);
    if (distinct.size() != history.size() || !reported.containsAll(distinct)) {
      failures.add("the history holds a commit twice, or one that nobody reported");
    }
    distinct.retainAll(reported);
    return new RacedCommits(reported.size(), distinct.size(), failures, took);
  }

  /** The messages of all commits of the branch, the newest first. */
  private static List<String> messages(Store store, Repo repo) {
    List<String> messages = new ArrayList<>();
    Optional<CommitId> next = store.repos().refs(repo).head(BRANCH).commit();
    while (next.isPresent()) {
      Commit commit = store.commits().read(next.get());
      messages.add(commit.message());
      next = commit.parents().stream().findFirst();
    }
    return messages;
  }

  // Prints a line for every commit when it is made, and for every failure.
  private static void write(String uri, String repo, int commits, int threads, String process)
      throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (Store store = Store.open(StorageLocation.parse(uri).open())) {
      List<Future<?>> writing = new ArrayList<>();
      for (int i = 0; i < commits; i++) {
        String message = process + "-" + i;
        writing.add(executor.submit(() -> commit(store, repo, message)));
      }
      for (Future<?> one : writing) {
        one.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static void commit(Store store, String repo, String message) {
    try {
      Committer.Outcome unused =
          new Committer(store, "racer", Instant.EPOCH)
              .commit(
                  store.repos().require(repo),
                  BRANCH,
                  message,
                  Committer.Empty.ALLOWED,
                  UnaryOperator.identity());
      System.out.println("committed " + message);
    } catch (Fault e) {
      System.out.println(message + " failed: " + e.getMessage() + " " + e.remedy());
    }
  }
}
