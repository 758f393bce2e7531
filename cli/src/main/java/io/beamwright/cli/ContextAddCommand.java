// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.sync.Remotes;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code context add}. */
@Command(
    name = "add",
    description = "Remember a store and what runs stages by a name, for --context.")
final class ContextAddCommand implements Subcommand {

  @Parameters(paramLabel = "NAME", description = "The name of the context.")
  private String name = "";

  @Mixin private RunnerArguments runners = new RunnerArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Exit run(Session session) {
    Map<String, String> masters = runners.masters(runners.runner().orElse(RunnerArguments.DIRECT));
    Set<String> named = new LinkedHashSet<>(masters.keySet());
    runners.runner().ifPresent(named::add);
    RunnerArguments.require(spec.commandLine(), named, RunDriver.runners(session));
    session.typed().storeOptions().keySet().forEach(Remotes::refuseSecret);
    // Refuses what is no URI of a storage before it is remembered.
    session.typed().store().ifPresent(session::locationOf);
    NamedContext context =
        new NamedContext(
            session.typed().store(),
            session.typed().storeOptions(),
            runners.runner(),
            runners.options(),
            masters,
            runners.sandbox());
    new Contexts(session.environment()).add(name, context);
    ContextOutput.print(session, "added", name, context);
    return Exit.FINE;
  }
}
