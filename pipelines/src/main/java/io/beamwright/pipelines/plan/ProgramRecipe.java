// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.transforms.datum.DeclaredEnvironment;
import io.beamwright.transforms.datum.ProgramTransform;
import io.beamwright.transforms.program.Executor;
import io.beamwright.transforms.program.Executors;
import io.beamwright.transforms.program.SandboxUse;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The recipe of a {@code cmd} stage. */
final class ProgramRecipe {

  private final Stage stage;
  private final Transform.Cmd cmd;
  private final RunContext context;

  ProgramRecipe(Stage stage, Transform.Cmd cmd, RunContext context) {
    this.stage = stage;
    this.cmd = cmd;
    this.context = context;
  }

  Recipe recipe() {
    PipelineSpec spec = stage.spec();
    Executors.Choice choice = Executors.choose(context.runners().sandbox());
    Executor executor = choice.executor();
    Optional<Sha256> code = stage.code().map(path -> CodeSnapshot.of(context.store(), path));
    DeclaredEnvironment environment = observe(executor);
    ProgramTransform transform =
        new ProgramTransform(
            cmd.cmd(),
            cmd.stdin(),
            cmd.env(),
            code,
            environment,
            new TreeSet<>(cmd.acceptReturnCode()),
            cmd.workingDir(),
            spec.tuning().datumTries(),
            spec.tuning().datumTimeout(),
            executor.name(),
            executor.contractVersion());
    return new Recipe(
        StageWork.PerDatum.of(transform, spec),
        transform.key(spec.salt()),
        code,
        environment.observations().stream()
            .map(o -> new Provenance.Command(o.command(), o.output()))
            .toList(),
        new TreeMap<>(),
        executor.name()
            + "/"
            + executor.contractVersion()
            + (context.runners().sandbox() == SandboxUse.OFF ? ", sandbox off" : ""),
        choice.warning().stream().toList());
  }

  private DeclaredEnvironment observe(Executor executor) {
    if (cmd.environment().isEmpty()) {
      return DeclaredEnvironment.NONE;
    }
    try {
      return DeclaredEnvironment.observe(cmd.environment(), cmd.env(), executor, context.scratch());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault("Interrupted while planning.", "Run again.", e);
    }
  }
}
