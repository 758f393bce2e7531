// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.spec.SpecFault;
import io.beamwright.pipelines.spec.SpecProblem;
import io.beamwright.pipelines.spec.StepSpec;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.transforms.beam.StepChain;
import io.beamwright.transforms.beam.StepRegistry;
import io.beamwright.transforms.sql.SqlQuery;
import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only libraries can read in specs: queries, and the configurations of steps. Those that will
 * run them read them here, before anything runs; the rest of validation needs none of these.
 */
public final class SpecTexts {

  private final List<SpecProblem> problems = new ArrayList<>();
  private boolean allRead = true;
  private @Nullable StepRegistry registry;

  private SpecTexts() {}

  /**
   * Reads the texts of all stages. What depends on columns and their types is only known when a
   * stage is compiled.
   *
   * @return whether all could be read; why one could not, its stage will tell, and no other
   * @throws SpecFault with every problem, if there is one
   */
  public static boolean require(Pipeline pipeline) {
    SpecTexts texts = new SpecTexts();
    for (Stage stage : pipeline.stages()) {
      try {
        texts.read(stage);
      } catch (RuntimeException | LinkageError e) {
        texts.allRead = false;
      }
    }
    if (!texts.problems.isEmpty()) {
      throw new SpecFault(texts.problems);
    }
    return texts.allRead;
  }

  private void read(Stage stage) {
    problems.addAll(
        stage
            .spec()
            .transform()
            .match(
                new Transform.Cases<>() {
                  @Override
                  public List<SpecProblem> cmd(Transform.Cmd cmd) {
                    return List.of();
                  }

                  @Override
                  public List<SpecProblem> sql(Transform.Sql sql) {
                    return ofQuery(stage, sql);
                  }

                  @Override
                  public List<SpecProblem> beam(Transform.BeamSteps beam) {
                    return ofSteps(stage, beam);
                  }
                }));
  }

  private static List<SpecProblem> ofQuery(Stage stage, Transform.Sql sql) {
    try {
      QueryCheck.require(SqlQuery.parse(sql.query()), stage.spec().input());
      return List.of();
    } catch (UserFault fault) {
      return List.of(problem(stage, stage.spec().origin().pointer() + "/transform/sql", fault));
    }
  }

  private List<SpecProblem> ofSteps(Stage stage, Transform.BeamSteps beam) {
    registry = registry == null ? StepRegistry.load() : registry;
    List<SpecProblem> found = new ArrayList<>();
    new StepChain(registry, beam.steps().stream().map(StepSpec::use).toList())
        .problems()
        .forEach(
            (place, fault) -> found.add(problem(stage, beam.steps().get(place).pointer(), fault)));
    return found;
  }

  private static SpecProblem problem(Stage stage, String pointer, UserFault fault) {
    String what = String.valueOf(fault.getMessage());
    return new SpecProblem(
        stage.spec().origin().source(),
        pointer,
        "is wrong: " + what + (what.endsWith(".") ? "" : "."),
        fault.remedy());
  }
}
