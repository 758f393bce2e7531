// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import picocli.CommandLine.Command;

/** {@code context list}. */
@Command(name = "list", description = "List the contexts.")
final class ContextListCommand implements Subcommand {

  @Override
  public Exit run(Session session) {
    ContextOutput.list(session, new Contexts(session.environment()).all());
    return Exit.FINE;
  }
}
