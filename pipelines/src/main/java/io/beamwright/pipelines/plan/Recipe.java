// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.transforms.program.Executors;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All of a stage that decides its results, but for its inputs.
 *
 * @param work what is done
 * @param key of what is done
 * @param code the tree that a program sees as {@code /code}
 * @param environment what the declared commands said
 * @param mounts the folders of the machine that programs see
 * @param versions of steps and engines, by their names
 * @param executor what runs programs, with the version of its contract; empty if none are run
 * @param programs how programs are run, if any are
 * @param notes what else the submitter should know
 */
record Recipe(
    StageWork work,
    Sha256 key,
    Optional<Sha256> code,
    List<Provenance.Command> environment,
    List<Provenance.Mount> mounts,
    SortedMap<String, String> versions,
    String executor,
    Optional<Executors.Choice> programs,
    List<String> notes) {

  /**
   * Makes sure that the stage can be run here. Not asked where nothing changed, because it runs a
   * program.
   *
   * @throws io.beamwright.versioning.fault.EnvironmentFault if programs cannot be
   */
  void requireRunnable() {
    programs.ifPresent(Executors.Choice::requireUsable);
  }

  /** The recipe of {@code stage}; snapshots its code, and runs the commands of its environment. */
  static Recipe of(Stage stage, RunContext context) {
    return stage
        .spec()
        .transform()
        .match(
            new Transform.Cases<>() {
              @Override
              public Recipe cmd(Transform.Cmd cmd) {
                return new ProgramRecipe(stage, cmd, context).recipe();
              }

              @Override
              public Recipe sql(Transform.Sql sql) {
                return QueryRecipe.of(stage.spec(), sql);
              }

              @Override
              public Recipe beam(Transform.BeamSteps beam) {
                return ChainRecipe.of(stage, beam);
              }
            });
  }
}
