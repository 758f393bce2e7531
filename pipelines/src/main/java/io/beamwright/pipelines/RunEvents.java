// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.plan.Plan;

/** Is told what happens in a run, by several threads; what it does must be quick. */
public interface RunEvents {

  /** The stage was planned; a {@link Plan.Run} begins now. */
  void planned(Plan plan);

  /**
   * The stage has come so far, as the runner hears of it: some tell of each datum, Flink of a
   * worker that did its part.
   *
   * @param datums how many ran, failed ones too; what ran twice counts twice
   * @param failed how many of them failed
   */
  default void progressed(Plan.Run plan, long datums, long failed) {}

  /** The stage ended. */
  void ended(StageOutcome outcome);

  /** Tells nobody. */
  RunEvents NONE =
      new RunEvents() {
        @Override
        public void planned(Plan plan) {}

        @Override
        public void ended(StageOutcome outcome) {}
      };
}
