// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.result.DatumResult;
import java.util.List;
import java.util.Optional;

/** How one stage of a run ended. */
public sealed interface StageOutcome {

  /** The stage's name. */
  String stage();

  /** The commit that stages after it read, if there is one. */
  default Optional<CommitId> commit() {
    return Optional.empty();
  }

  /** The word for how it ended, in records and for people. */
  String state();

  /** The job that it was, or that made the commit before; absent if it was never planned. */
  default Optional<Sha256> job() {
    return Optional.empty();
  }

  /** What changed so that it had to run, or that nothing did; empty if it was never planned. */
  default String why() {
    return "";
  }

  /** Why it made no commit; empty if it did. */
  default String cause() {
    return "";
  }

  /** Nothing had changed. */
  record Reused(Plan.Reuse plan) implements StageOutcome {
    @Override
    public String stage() {
      return plan.stage();
    }

    @Override
    public Optional<CommitId> commit() {
      return Optional.of(plan.commit());
    }

    @Override
    public String state() {
      return plan.isOfThisRun() ? "SUCCESS" : "REUSED";
    }

    @Override
    public Optional<Sha256> job() {
      return Optional.of(plan.job());
    }

    @Override
    public String why() {
      return plan.why();
    }
  }

  /** It was to run. */
  sealed interface Ran extends StageOutcome {

    /** What was to be done. */
    Plan.Run plan();

    @Override
    default String stage() {
      return plan().stage();
    }

    @Override
    default Optional<Sha256> job() {
      return Optional.of(plan().job().job());
    }

    @Override
    default String why() {
      return plan().why();
    }
  }

  /**
   * There is a commit.
   *
   * @param plan what was done
   * @param id the commit
   * @param newerHead the head of the branch, if that was made of newer inputs and so stayed
   */
  record Committed(Plan.Run plan, CommitId id, Optional<CommitId> newerHead) implements Ran {
    @Override
    public Optional<CommitId> commit() {
      return Optional.of(id);
    }

    @Override
    public String state() {
      return "SUCCESS";
    }
  }

  /**
   * Nothing was committed.
   *
   * @param plan what was to be done
   * @param reason one sentence
   * @param remedy what to do about it
   * @param failed how many datums failed
   * @param examples some of them
   */
  record Failed(
      Plan.Run plan, String reason, String remedy, long failed, List<DatumResult> examples)
      implements Ran {
    public Failed {
      examples = List.copyOf(examples);
    }

    @Override
    public String state() {
      return "FAILURE";
    }

    @Override
    public String cause() {
      return reason;
    }
  }

  /**
   * Somebody ended it before it had a commit.
   *
   * @param plan what was to be done
   * @param by who, for people
   */
  record Killed(Plan.Run plan, String by) implements Ran {
    @Override
    public String state() {
      return "KILLED";
    }

    @Override
    public String cause() {
      return "Stopped by " + by + ".";
    }
  }

  /** Somebody ended the run before this stage began. */
  record NotBegun(String stage, String by) implements StageOutcome {
    @Override
    public String state() {
      return "KILLED";
    }

    @Override
    public String cause() {
      return "Stopped by " + by + " before it began.";
    }
  }

  /**
   * Something else than its data ended it: a fault of the machine, the store or the spec that only
   * showed now, or our bug.
   *
   * @param planned what was to be done, if it came that far
   * @param thrown what was thrown
   */
  record Broken(String stage, Optional<Plan.Run> planned, Throwable thrown)
      implements StageOutcome {
    @Override
    public String state() {
      return "FAILURE";
    }

    @Override
    public Optional<Sha256> job() {
      return planned.map(plan -> plan.job().job());
    }

    @Override
    public String why() {
      return planned.map(Plan.Run::why).orElse("");
    }

    @Override
    public String cause() {
      return Publication.Broken.by(thrown).what();
    }
  }

  /** A stage that it reads did not make a commit, or a branch that it reads has none. */
  record Unrunnable(String stage, String cause) implements StageOutcome {
    @Override
    public String state() {
      return "UNRUNNABLE";
    }
  }
}
