// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import java.util.List;

/**
 * How a run ended.
 *
 * @param run its id
 * @param stages every stage, in the order of the pipeline
 */
public record RunReport(String run, List<StageOutcome> stages) {

  public RunReport {
    stages = List.copyOf(stages);
  }

  /** The word for how it ended: {@code SUCCESS}, {@code FAILURE} or {@code KILLED}. */
  public String state() {
    if (succeeded()) {
      return "SUCCESS";
    }
    return stages.stream().anyMatch(stage -> stage.state().equals("KILLED")) ? "KILLED" : "FAILURE";
  }

  /** Whether every stage has a commit. */
  public boolean succeeded() {
    return stages.stream().allMatch(stage -> stage.commit().isPresent());
  }
}
