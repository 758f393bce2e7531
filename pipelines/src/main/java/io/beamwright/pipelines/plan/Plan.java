// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.RunnerUse;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.StoredFile;
import java.util.List;

/** What is to be done for one stage, now that its inputs exist. */
public sealed interface Plan {

  /** What {@code cases} says of this kind. */
  <T> T match(Cases<T> cases);

  /** A value for each kind: who adds a kind is told by the compiler what else has to know it. */
  interface Cases<T> {
    T reuse(Reuse reuse);

    T run(Run run);

    T waiting(Waiting waiting);

    T unrunnable(Unrunnable unrunnable);
  }

  /** The stage's name. */
  String stage();

  /** Why, for people: what changed, or that nothing did. */
  String why();

  /**
   * The head of the output branch was made by this very job: nothing runs, nothing is committed.
   *
   * @param job the job
   * @param commit that head
   * @param isOfThisRun whether this run itself made it, before it was interrupted or handed over
   */
  record Reuse(String stage, String why, Sha256 job, CommitId commit, boolean isOfThisRun)
      implements Plan {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.reuse(this);
    }
  }

  /**
   * A commit is to be made.
   *
   * @param job what is fixed of it
   * @param work what is to be done for each datum that runs
   * @param runner what it runs on
   * @param todo those of its datums that have no result yet, in the store
   * @param toRun how many these are
   * @param notes what else the submitter should know, such as a glob that matches nothing
   */
  record Run(
      String stage,
      String why,
      JobPlan job,
      StageWork work,
      RunnerUse runner,
      List<StoredFile> todo,
      long toRun,
      List<String> notes)
      implements Plan {

    public Run {
      todo = List.copyOf(todo);
      notes = List.copyOf(notes);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.run(this);
    }

    /** How many datums have a result already. */
    public long reused() {
      return job.datums() - toRun;
    }
  }

  /** A stage before it has yet to make an input. Only a trial ends with this. */
  record Waiting(String stage, String why) implements Plan {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.waiting(this);
    }
  }

  /**
   * A branch that it reads has no commit, or a stage before it is like that.
   *
   * @param why which, and what to do
   */
  record Unrunnable(String stage, String why) implements Plan {
    @Override
    public <T> T match(Cases<T> cases) {
      return cases.unrunnable(this);
    }
  }
}
