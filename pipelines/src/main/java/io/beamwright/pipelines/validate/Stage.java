// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import io.beamwright.pipelines.spec.PfsInput;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.transforms.beam.StepCatalog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A stage of a valid pipeline: its spec, and what is known of steps. */
public final class Stage {

  private final PipelineSpec spec;
  private final StepCatalog steps;

  Stage(PipelineSpec spec, StepCatalog steps) {
    this.spec = spec;
    this.steps = steps;
  }

  /** The spec as it was read. */
  public PipelineSpec spec() {
    return spec;
  }

  /** The name of the pipeline, and of its output repo. */
  public String name() {
    return spec.name();
  }

  /** The branch that its commits go to, as {@code repo@branch}. */
  public String output() {
    return name() + "@" + spec.outputBranch();
  }

  /** The repos that it reads, in the order of the spec. */
  public List<PfsInput> inputs() {
    return spec.input().leaves();
  }

  /** The file or folder of {@code transform.code}, absolute. */
  public Optional<Path> code() {
    return spec.transform().code().map(path -> spec.origin().folder().resolve(path).normalize());
  }

  /** The steps that it was validated against; all of its own are in it. */
  public StepCatalog steps() {
    return steps;
  }

  /** Whether this reads what {@code other} writes. */
  boolean reads(Stage other) {
    return inputs().stream()
        .anyMatch(
            input ->
                input.repo().equals(other.name())
                    && input.branch().equals(other.spec.outputBranch()));
  }

  @Override
  public String toString() {
    return name();
  }
}
