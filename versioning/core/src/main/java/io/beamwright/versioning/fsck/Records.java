// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.DigestSet;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.ref.RefKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What logs, plans and slots say, as far as they have to agree with each other and with commits.
 */
final class Records {

  /**
   * A branch or tag.
   *
   * @param name its name, or what of its key stands for it
   * @param log prefix of its log
   * @param newest number of its newest entry
   * @param commit what it names now; absent if it is deleted or empty
   */
  record Ref(
      Sha256 repo, String name, String log, long newest, RefKind kind, Optional<CommitId> commit) {}

  /** One end of an attempt at a job. */
  record End(long attempt, String state, Optional<CommitId> commit, boolean superseded) {}

  /** A job as its keys tell it. */
  static final class Job {
    final Sha256 id;
    boolean hasPlan;
    // Where its plan says that its commit goes; absent if it has none that can be read.
    Optional<Sha256> repo = Optional.empty();
    Optional<String> branch = Optional.empty();
    boolean hasSlot;
    Optional<CommitId> slot = Optional.empty();
    final Set<Long> attempts = new HashSet<>();
    final Set<Long> plans = new HashSet<>();
    final List<End> ends = new ArrayList<>();

    Job(Sha256 id) {
      this.id = id;
    }
  }

  /** A start of a job. */
  record Attempt(Sha256 job, String run, long toRun) {}

  /** Something that is stored as a file is, and who needs it. */
  record Needed(StoredFile file, String by) {}

  /** Names of repos by the ids that their creations gave them, those that were deleted too. */
  final Map<Sha256, String> repoNames = new HashMap<>();

  /** Ids of the repos that exist. */
  final Set<Sha256> liveRepos = new HashSet<>();

  final List<Ref> refs = new ArrayList<>();

  /** Every commit that an entry of a ref names. */
  final DigestSet named = new DigestSet();

  final SortedMap<Sha256, Job> jobs = new TreeMap<>();
  final SortedMap<Long, Attempt> attempts = new TreeMap<>();
  final SortedMap<Long, Long> journals = new TreeMap<>();
  final Set<Long> liveLogs = new HashSet<>();

  /** Commits whose files were let go, and whether their trees stay. */
  final Map<CommitId, Boolean> dropped = new HashMap<>();

  final Set<String> runs = new HashSet<>();
  final Set<String> runStates = new HashSet<>();
  final List<Needed> needed = new ArrayList<>();

  /** The newest entry of the log of results. */
  Optional<JsonNode> results = Optional.empty();

  /** Number of the newest entry of each log by its prefix; every log that has an entry is here. */
  final Map<String, Long> newest = new HashMap<>();

  /** The features that the store has, and those that the log of garbage collection names. */
  final Set<String> features = new HashSet<>();

  final Set<String> featuresNamed = new HashSet<>();

  /** Whether a collection came as far as a list. */
  boolean collected;

  long entries;
  long unverified;

  /** Whether garbage was ever collected: then plans of old attempts name what is gone. */
  boolean wasCollected() {
    return collected;
  }

  Job job(Sha256 id) {
    return jobs.computeIfAbsent(id, Job::new);
  }
}
