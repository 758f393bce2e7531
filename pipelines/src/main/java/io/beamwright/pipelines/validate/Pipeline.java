// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.validate;

import io.beamwright.pipelines.spec.SpecFault;
import io.beamwright.pipelines.spec.SpecReading;
import io.beamwright.pipelines.spec.SpecWarning;
import io.beamwright.transforms.beam.StepCatalog;
import java.util.List;
import java.util.Set;

/**
 * Stages that can run: their names are unique, none waits for itself, and everything they name
 * exists but the repos and branches, which the store is asked for when they are read.
 */
public final class Pipeline {

  private final List<Stage> stages;
  private final List<SpecWarning> warnings;

  private Pipeline(List<Stage> stages, List<SpecWarning> warnings) {
    this.stages = List.copyOf(stages);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Validates specs. Loads no step and no runner.
   *
   * @param reading the specs; what was wrong in reading them is told together with the rest
   * @param steps the steps there are
   * @param runners the names of the runners there are
   * @throws SpecFault with every problem, if there is one
   */
  public static Pipeline validate(SpecReading reading, StepCatalog steps, Set<String> runners) {
    Validation validation = new Validation(reading, steps, runners);
    if (!validation.problems().isEmpty()) {
      throw new SpecFault(validation.problems());
    }
    List<Stage> written = reading.specs().stream().map(spec -> new Stage(spec, steps)).toList();
    return new Pipeline(StageOrder.of(written), validation.warnings());
  }

  /** The stages, each after those that it reads; otherwise in the order of the specs. */
  public List<Stage> stages() {
    return stages;
  }

  /** The stages that {@code stage} reads, in the order of {@link #stages}. */
  public List<Stage> upstream(Stage stage) {
    return stages.stream().filter(stage::reads).toList();
  }

  /** Whether a stage holds what a library has to read to know that it is right. */
  public boolean hasTexts() {
    return stages.stream().anyMatch(stage -> stage.spec().transform().hasTexts());
  }

  /** What was accepted but does not do what its author may think. */
  public List<SpecWarning> warnings() {
    return warnings;
  }
}
