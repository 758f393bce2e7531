// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.spec.Tuning;
import io.beamwright.transforms.beam.StepUse;
import io.beamwright.transforms.datum.DatumTransform;
import java.util.List;

/** What a stage does, as far as its graph has to know. */
public sealed interface StageWork {

  /** How many things to work on at once and in which portions. */
  Tuning tuning();

  /**
   * A program or a query, once per datum.
   *
   * @param asText whether tables are shown as text to it
   */
  record PerDatum(DatumTransform transform, boolean asText, Tuning tuning) implements StageWork {}

  /** A chain of steps over the whole input. */
  record Chain(List<StepUse> steps, Tuning tuning) implements StageWork {
    public Chain {
      steps = List.copyOf(steps);
    }
  }
}
