// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.plan.JobPlan;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Retry;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.BranchMove;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.result.Results;
import io.beamwright.versioning.storage.ObjectAbsent;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes the commit of a job. Called by the last step of every graph, on every runner, and by the
 * submitter where nothing had to run; calling it again, or twice at once, makes the same commit.
 */
public final class Publisher {

  private static final int MOST_CONTRADICTIONS = 100;

  private final Store store;
  private final Clock clock;
  private final Overtaking overtaking;

  /** Publishes into {@code store}. */
  public Publisher(Store store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.overtaking = new Overtaking(store);
  }

  /**
   * Merges the results of {@code attempt} and publishes the job's commit if every datum has a
   * result.
   */
  public Publication publish(JobPlan plan, Attempt attempt) {
    Results.Merged merged = store.results().merge(attempt, clock.instant());
    Publication publication = publishMerged(plan, attempt);
    record(plan, attempt, publication, merged);
    return publication;
  }

  /**
   * Ends {@code attempt} without a commit, for a reason that no other attempt could mend; results
   * that it has are kept.
   */
  public Publication refuse(JobPlan plan, Attempt attempt, Publication.Refused reason) {
    return endWithout(plan, attempt, reason);
  }

  /** Ends {@code attempt}, which the machine or a bug of ours ended; results it has are kept. */
  public Publication breakOff(JobPlan plan, Attempt attempt, Publication.Broken reason) {
    return endWithout(plan, attempt, reason);
  }

  /** Ends {@code attempt}, which somebody stopped; results that it has are kept. */
  public Publication kill(JobPlan plan, Attempt attempt, Publication.Killed by) {
    return endWithout(plan, attempt, by);
  }

  private Publication endWithout(JobPlan plan, Attempt attempt, Publication end) {
    Results.Merged merged = store.results().merge(attempt, clock.instant());
    record(plan, attempt, end, merged);
    return end;
  }

  private Publication publishMerged(JobPlan plan, Attempt attempt) {
    Optional<CommitId> first =
        store.jobs().published(plan.job()).filter(id -> find(id).isPresent());
    if (first.isPresent()) {
      return move(plan, first.get());
    }
    OutputFiles.Gathered gathered = new OutputFiles(store, plan, attempt).gather();
    if (gathered instanceof OutputFiles.Gathered.Missing missing) {
      return new Publication.Incomplete(missing.count(), missing.examples());
    }
    if (gathered instanceof OutputFiles.Gathered.Clash clash) {
      return new Publication.Refused(clash.what(), clash.remedy());
    }
    return move(plan, fillSlot(plan, (OutputFiles.Gathered.Whole) gathered));
  }

  /** A commit, unless garbage collection took it: no branch has named it for long, or ever. */
  private Optional<Commit> find(CommitId id) {
    try {
      return Optional.of(store.commits().read(id));
    } catch (ObjectAbsent gone) {
      return Optional.empty();
    }
  }

  /** The commit that came first into the job's slot: ours, or that of another attempt. */
  private CommitId fillSlot(JobPlan plan, OutputFiles.Gathered.Whole whole) {
    Optional<CommitId> parent = refs(plan).head(plan.branch()).commit();
    Commit commit =
        new Commit(
            plan.repo(),
            plan.repoId(),
            parent.stream().toList(),
            depthAfter(parent),
            whole.files(),
            Optional.of(whole.datums()),
            plan.author(),
            plan.time(),
            plan.message(),
            Optional.of(plan.provenance()));
    CommitId ours = store.commits().write(commit);
    CommitId first = store.jobs().publish(plan.job(), ours);
    return first.equals(ours) || find(first).isPresent() ? first : ours;
  }

  private Publication move(JobPlan plan, CommitId first) {
    Refs refs = refs(plan);
    return Retry.untilWon(plan.repo() + "@" + plan.branch(), () -> tryMove(plan, refs, first));
  }

  private Optional<Publication> tryMove(JobPlan plan, Refs refs, CommitId first) {
    // The head first: what another attempt publishes after that makes our move stale.
    RefHead head = refs.head(plan.branch());
    Optional<CommitId> movedBefore = movedBefore(plan, refs);
    if (movedBefore.isPresent()) {
      return Optional.of(new Publication.Published(movedBefore.get()));
    }
    if (provenance(head)
        .filter(theirs -> overtaking.isSuperseded(plan.provenance(), theirs))
        .isPresent()) {
      return Optional.of(new Publication.Superseded(first, head.commit().orElseThrow()));
    }
    CommitId commit = onto(head.commit(), first);
    RefMove move = move(plan, commit, plan.message(), Optional.of(plan.job()));
    return refs.move(head, RefKind.BRANCH, move) instanceof BranchMove.Moved moved
        ? Optional.of(afterMove(plan, refs, head, moved.head(), commit))
        : Optional.empty();
  }

  private static RefMove move(JobPlan plan, CommitId to, String why, Optional<Sha256> job) {
    return new RefMove(Optional.of(to), plan.author(), plan.time(), why, job);
  }

  /**
   * Looks once more, now that the branch moved from {@code before} to {@code moved}.
   *
   * <p>That the head did not change between a look and a move is sure: the move would be stale.
   * That no input was rewound between them is not, for another log tells that. Whoever runs after
   * such a rewind either finds our commit as the head, and makes its own; or found {@code before},
   * may have taken it for its own result and made none, and then our move is what came too late. So
   * what was rewound before our move is seen here, and the branch goes back. While it does, inputs
   * can be rewound again, and whoever runs then take our commit for its own: so it looks once more,
   * and goes on until nothing changed between a look and the next. Nothing more is needed: a job
   * whose inputs are what their branches name has none that is older than another's, so it is never
   * superseded; and whoever moves the branch after it has looked after it.
   */
  private Publication afterMove(
      JobPlan plan, Refs refs, RefHead before, RefHead moved, CommitId commit) {
    Provenance ours = plan.provenance();
    Optional<Provenance> theirs = provenance(before);
    RefHead now = moved;
    while (theirs.filter(made -> overtaking.isSuperseded(ours, made)).isPresent()) {
      CommitId head = before.commit().orElseThrow();
      // Without the job, whose move is the one before. If others moved on, they saw our commit.
      if (!(refs.move(now, RefKind.BRANCH, rewound(plan, head)) instanceof BranchMove.Moved back)) {
        break;
      }
      if (!overtaking.isSuperseded(theirs.get(), ours)
          || !(refs.move(back.head(), RefKind.BRANCH, rewound(plan, commit))
              instanceof BranchMove.Moved again)) {
        return new Publication.Superseded(commit, head);
      }
      now = again.head();
    }
    return new Publication.Published(commit);
  }

  private static RefMove rewound(JobPlan plan, CommitId to) {
    String why = "An input was rewound: " + to.brief() + " was made of newer inputs";
    return move(plan, to, why, Optional.empty());
  }

  /**
   * The commit of this job that the branch was moved to since the plan, if it was. One that another
   * job made of the same inputs by the same code is as good: a plan would reuse it, and stages of
   * another run may have read it.
   */
  private Optional<CommitId> movedBefore(JobPlan plan, Refs refs) {
    return refs.movesSince(plan.branch(), plan.head()).stream()
        .filter(entry -> isOurs(plan, entry) || isAlike(plan.provenance(), entry.to()))
        .findFirst()
        .flatMap(RefEntry::to);
  }

  private static boolean isOurs(JobPlan plan, RefEntry entry) {
    return entry.job().filter(plan.job()::equals).isPresent();
  }

  private boolean isAlike(Provenance ours, Optional<CommitId> to) {
    return to.flatMap(this::find)
        .flatMap(Commit::provenance)
        .filter(made -> made.jobKey().equals(ours.jobKey()) && made.inputs().equals(ours.inputs()))
        .isPresent();
  }

  /** The same commit with {@code head} as its parent. */
  private CommitId onto(Optional<CommitId> head, CommitId first) {
    Commit commit = store.commits().read(first);
    if (commit.parents().equals(head.stream().toList())) {
      return first;
    }
    return store.commits().write(commit.onto(head.stream().toList(), depthAfter(head)));
  }

  private Optional<Provenance> provenance(RefHead head) {
    return head.commit().map(store.commits()::read).flatMap(Commit::provenance);
  }

  private void record(
      JobPlan plan, Attempt attempt, Publication publication, Results.Merged merged) {
    Instant now = clock.instant();
    ObjectNode state = CanonicalJson.object();
    state.put("at", now.toString());
    state.put("attempt", attempt.number());
    state.put("added", merged.added());
    state.put("contradicted", merged.contradictions().size());
    var array = state.putArray("contradictions");
    merged.contradictions().stream()
        .limit(MOST_CONTRADICTIONS)
        .forEach(c -> array.add(c.kept().key().hex()));
    state.set("summary", JobSummary.of(attempt, merged.tally(), now).toJson());
    store.jobs().record(plan.job(), state.setAll(publication.toJson()));
  }

  private long depthAfter(Optional<CommitId> head) {
    return head.map(store.commits()::read).map(parent -> parent.depth() + 1).orElse(0L);
  }

  private Refs refs(JobPlan plan) {
    return store.repos().refs(plan.repoId());
  }
}
