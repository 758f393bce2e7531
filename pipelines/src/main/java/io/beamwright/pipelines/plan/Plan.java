// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.RunnerUse;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.file.StoredFile;
import java.util.List;

/** What is to be done for one stage, now that its inputs exist. */
public sealed interface Plan {

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
      implements Plan {}

  /**
   * A commit is to be made.
   *
   * @param job what is fixed of it
   * @param work what is to be done for each datum that runs
   * @param runner what it runs on
   * @param todo those of its datums that have no result yet, in the store
   * @param toRun how many these are
   * @param notes what else the submitter should know, such as a result made by another executable
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

    /** How many datums have a result already. */
    public long reused() {
      return job.datums() - toRun;
    }
  }

  /** An input does not exist yet. Only a trial ends with this. */
  record Waiting(String stage, String why) implements Plan {}
}
