// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code context delete}. */
@Command(name = "delete", description = "Forget a context; its store and cluster stay as they are.")
final class ContextDeleteCommand implements Subcommand {

  @Parameters(paramLabel = "NAME", description = "The name of the context.")
  private String name = "";

  @Override
  public Exit run(Session session) {
    NamedContext context = new Contexts(session.environment()).delete(name);
    ContextOutput.print(session, "deleted", name, context);
    return Exit.FINE;
  }
}
