// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.plan;

import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.spec.MountSpec;
import io.beamwright.pipelines.spec.PipelineSpec;
import io.beamwright.pipelines.spec.Transform;
import io.beamwright.pipelines.validate.Stage;
import io.beamwright.transforms.datum.DeclaredEnvironment;
import io.beamwright.transforms.datum.ProgramTransform;
import io.beamwright.transforms.program.Executor;
import io.beamwright.transforms.program.Executors;
import io.beamwright.transforms.program.Mount;
import io.beamwright.transforms.program.SandboxUse;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.nio.file.Path;
import java.util.List;
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
    if (!cmd.mounts().isEmpty() || !cmd.environment().isEmpty()) {
      choice.requireUsable();
    }
    Optional<Sha256> code = stage.code().map(path -> CodeSnapshot.of(context.store(), path));
    List<Mount> mounts = mounts(executor);
    DeclaredEnvironment environment = observe(mounts, executor);
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
            mounts,
            executor.name(),
            executor.contractVersion());
    return new Recipe(
        StageWork.PerDatum.of(transform, spec),
        transform.key(spec.salt()),
        code,
        environment.observations().stream()
            .map(o -> new Provenance.Command(o.command(), o.output()))
            .toList(),
        mounts.stream().map(m -> new Provenance.Mount(m.path().toString(), m.digest())).toList(),
        new TreeMap<>(),
        executor.name()
            + "/"
            + executor.contractVersion()
            + (context.runners().sandbox() == SandboxUse.OFF ? ", sandbox off" : ""),
        Optional.of(choice),
        choice.warning().stream().toList());
  }

  /** The folders as they are on this machine. */
  private List<Mount> mounts(Executor executor) {
    return cmd.mounts().stream().map(wanted -> mount(wanted, executor)).toList();
  }

  private Mount mount(MountSpec wanted, Executor executor) {
    Mount mount = Mount.look(Path.of(wanted.path()), wanted.digest());
    if ("file".equals(context.location().root().getScheme())) {
      mount.requireApartFrom(Path.of(context.location().root().getPath()), "the store");
    }
    mount.require(executor.owner(), context.scratch());
    return mount;
  }

  private DeclaredEnvironment observe(List<Mount> mounts, Executor executor) {
    if (cmd.environment().isEmpty()) {
      return DeclaredEnvironment.NONE;
    }
    try {
      return DeclaredEnvironment.observe(
          cmd.environment(), cmd.env(), mounts, executor, context.scratch());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFault("Interrupted while planning.", "Run again.", e);
    }
  }
}
