// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.spec.Input;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.pipelines.spec.Tuning;
import io.beamwright.transforms.beam.StepUse;
import io.beamwright.transforms.datum.DatumTransform;
import io.beamwright.transforms.datum.View;
import java.util.List;

/** What a stage does, as far as its graph has to know. */
public sealed interface StageWork {

  /** How many things to work on at once and in which portions. */
  Tuning tuning();

  /** What {@code cases} says of this kind. */
  <T> T match(Cases<T> cases);

  /** A value for each kind: who adds a kind is told by the compiler what else has to know it. */
  interface Cases<T> {
    T perDatum(PerDatum work);

    T chain(Chain work);
  }

  /**
   * A program or a query, once per datum.
   *
   * @param input what datums are made of
   */
  record PerDatum(DatumTransform transform, Input input, Tuning tuning) implements StageWork {

    static PerDatum of(DatumTransform transform, PipelineSpec spec) {
      return new PerDatum(transform, spec.input(), spec.tuning());
    }

    /** Whether tables are shown as text to it. */
    public boolean showsText() {
      return input.leaves().stream().anyMatch(leaf -> leaf.as() != View.NONE);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.perDatum(this);
    }
  }

  /** A chain of steps over the whole input. */
  record Chain(List<StepUse> steps, Tuning tuning) implements StageWork {
    public Chain {
      steps = List.copyOf(steps);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.chain(this);
    }
  }
}
