// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.storage.StorageKey;
import java.time.Instant;

/**
 * Where everything lies in a store: the only place that makes keys. See docs/format.md.
 *
 * <p>What is named by a digest lies in a folder of its first three digits, so that no folder grows
 * beyond what file systems bear. A generation above 0 is the same thing stored again because
 * garbage collection had condemned the one before; its key has the generation as a suffix, so that
 * the key of generation 0 is a prefix of every other.
 */
public final class StoreLayout {

  /** The object that names the format's version and the features a reader must know. */
  public static final StorageKey FORMAT = StorageKey.of("format");

  /** Prefix of the features that the store has beyond its format. */
  public static final String FEATURES = "features/";

  /** Says that the store has the feature {@code name}, of {@code a-z 0-9 -}. */
  public static StorageKey feature(String name) {
    return StorageKey.of(FEATURES + name);
  }

  /** Prefix of all repos' logs. */
  public static final String REPOS = "repos/";

  /** The log of results: each entry names a tree from datum key to result. */
  public static final String RESULTS = "results";

  /** The log of attempts at jobs, of all repos. */
  public static final String ATTEMPTS = "attempts";

  /** The log of runs. */
  public static final String RUNS = "runs";

  private static final int FOLDER_DIGITS = 3;
  private static final long LARGEST_NUMBER = 999_999_999_999L;

  private StoreLayout() {}

  /** Bytes of packs, chunks, tables and stored specs, by their digest. */
  public static StorageKey object(Sha256 id, int generation) {
    return byDigest("objects", id, generation);
  }

  /** A node of a tree, by its identity. */
  public static StorageKey treeNode(Sha256 id, int generation) {
    return byDigest("trees", id, generation);
  }

  /**
   * Where the live parts of a pack went that was rewritten. A pack that came back and was rewritten
   * again has a map of the next generation.
   */
  public static StorageKey movedMap(Sha256 pack, int generation) {
    return byDigest("moved", pack, generation);
  }

  /** A commit, by its id. */
  public static StorageKey commit(Sha256 id) {
    return commit(id, 0);
  }

  /** A commit, by its id. */
  public static StorageKey commit(Sha256 id, int generation) {
    return byDigest("commits", id, generation);
  }

  /**
   * The digest that a key of something is named by that is named by its digest.
   *
   * @throws IllegalArgumentException if it is no such key
   */
  public static Sha256 digestOf(StorageKey key) {
    String name = key.text().substring(key.text().lastIndexOf('/') + 1);
    return Sha256.parse(name.substring(0, Math.min(name.length(), 2 * Sha256.BYTES)));
  }

  /**
   * The generation in a key of something that is named by its digest.
   *
   * @throws IllegalArgumentException if it is no such key
   */
  public static int generationOf(StorageKey key) {
    int dash = key.text().lastIndexOf('-');
    return dash < 0 ? 0 : Integer.parseInt(key.text().substring(dash + 1));
  }

  /** What every commit's key begins with whose id begins with {@code hex}, of 3 digits or more. */
  public static String commitsWithPrefix(String hex) {
    return withPrefix("commits", hex);
  }

  /** The log of the repo {@code name}: its creations and deletions. */
  public static String repoLog(String name) {
    return REPOS + StorageKey.escape(name);
  }

  /** Prefix of the refs of the repo that was created as {@code repoId}. */
  public static String refs(Sha256 repoId) {
    return "refs/" + repoId.hex() + "/";
  }

  /** The log of a branch or tag. */
  public static String refLog(Sha256 repoId, String name) {
    return refs(repoId) + StorageKey.escape(name);
  }

  /** How a transaction over several refs ended. */
  public static StorageKey transaction(String id) {
    return StorageKey.of("transactions", StorageKey.escape(id));
  }

  /** The plan of a job, fixed by its first submitter. */
  public static StorageKey jobPlan(Sha256 job) {
    return StorageKey.of(job(job), "plan");
  }

  /** The plan by which an attempt at a job runs and publishes. */
  public static StorageKey attemptPlan(Sha256 job, long attempt) {
    return StorageKey.of(job(job), "plan-" + requireNumber(attempt));
  }

  /** What the keys of a job's {@link #attemptPlan}s begin with, before the number. */
  public static String attemptPlans(Sha256 job) {
    return job(job) + "/plan-";
  }

  /** The slot of a job: the commit that the first attempt published. */
  public static StorageKey jobSlot(Sha256 job) {
    return StorageKey.of(job(job), "slot");
  }

  /** The log of a job's states. */
  public static String jobLog(Sha256 job) {
    return job(job) + "/log";
  }

  /** What every job's key begins with whose id begins with {@code hex}, of 3 digits or more. */
  public static String jobsWithPrefix(String hex) {
    return withPrefix("jobs", hex);
  }

  /** One journal of an attempt. */
  public static StorageKey journal(long attempt, String name) {
    return StorageKey.of(journals(attempt) + StorageKey.escape(name));
  }

  /** Prefix of the journals of an attempt. */
  public static String journals(long attempt) {
    return "journals/" + digits(attempt) + "/";
  }

  /** The log of what the programs of an attempt print while they run. */
  public static String liveLog(long attempt) {
    return LIVE_LOGS + digits(attempt);
  }

  /** The log of a run's states. */
  public static String runLog(String run) {
    return "run-states/" + StorageKey.escape(run);
  }

  /** The log of leases that a run's driver renews. */
  public static String leases(String run) {
    return "leases/" + StorageKey.escape(run);
  }

  /** Prefix of all remotes' logs. */
  public static final String REMOTES = "remotes/";

  /** The log of the remote {@code name}: where it was said to be. */
  public static String remoteLog(String name) {
    return REMOTES + StorageKey.escape(name);
  }

  /** What an entry, plan, slot or journal is to be, while it is repaired. */
  public static StorageKey repair(Sha256 id) {
    return StorageKey.of("repairs", id.hex());
  }

  /** Prefix of all leases. */
  public static final String LEASES = "leases/";

  /** The log of garbage collection. */
  public static final String COLLECTIONS = "gc";

  /** Prefix of the parts of lists of what garbage collection will delete. */
  public static final String CONDEMNED = "condemned/";

  /** Prefix of all journals. */
  public static final String JOURNALS = "journals/";

  /** Prefix of all logs of what programs print while they run. */
  public static final String LIVE_LOGS = "live-logs/";

  /** Prefix of the refs of all repos that ever were. */
  public static final String REFS = "refs/";

  /** Prefix of everything of all jobs. */
  public static final String JOBS = "jobs/";

  /** One part of a list of what garbage collection will delete. */
  public static StorageKey condemnedPart(String list, int part) {
    return StorageKey.of(CONDEMNED + list, String.format("%05d", part));
  }

  /** Prefix of all that other stores told of jobs. */
  public static final String JOB_COPIES = "copies/jobs/";

  /** Prefix of all that other stores told of runs. */
  public static final String RUN_COPIES = "copies/runs/";

  /** What another store told of a job, which was planned at {@code planned}. */
  public static StorageKey jobCopy(Sha256 job, Instant planned) {
    return StorageKey.of(JOB_COPIES + newestFirst(planned), job.hex());
  }

  /** What another store told of a run, which was submitted at {@code submitted}. */
  public static StorageKey runCopy(String run, Instant submitted) {
    return StorageKey.of(RUN_COPIES + newestFirst(submitted), StorageKey.escape(run));
  }

  // Seconds that count down, so that the newest is listed first.
  private static String newestFirst(Instant time) {
    return digits(LARGEST_NUMBER - Math.max(0, time.getEpochSecond()));
  }

  /** Says that the files of a commit were dropped by a rule of its repo. */
  public static StorageKey dropped(Sha256 commit) {
    return byDigest("dropped", commit, 0);
  }

  /** The log of a repo's rules of what is kept for how long. */
  public static String retentionLog(Sha256 repoId) {
    return "retention/" + repoId.hex();
  }

  /** Twelve digits, a folder for every three, so that none holds more than a thousand names. */
  public static String digits(long number) {
    requireNumber(number);
    return String.format(
        "%03d/%03d/%03d/%03d",
        number / 1_000_000_000, number / 1_000_000 % 1_000, number / 1_000 % 1_000, number % 1_000);
  }

  private static long requireNumber(long number) {
    if (number < 0 || number > LARGEST_NUMBER) {
      throw new IllegalArgumentException("not a number of a key: " + number);
    }
    return number;
  }

  private static String job(Sha256 job) {
    return withPrefix("jobs", job.hex());
  }

  private static StorageKey byDigest(String space, Sha256 id, int generation) {
    if (generation < 0) {
      throw new IllegalArgumentException("a generation is not negative: " + generation);
    }
    String name = withPrefix(space, id.hex());
    return new StorageKey(generation == 0 ? name : name + "-" + generation);
  }

  private static String withPrefix(String space, String hex) {
    if (hex.length() < FOLDER_DIGITS || !Sha256.isHex(hex)) {
      throw new IllegalArgumentException("not the beginning of an id: " + hex);
    }
    return space + "/" + hex.substring(0, FOLDER_DIGITS) + "/" + hex;
  }
}
