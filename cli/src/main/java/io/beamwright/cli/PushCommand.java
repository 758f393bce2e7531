// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code push}. */
@Command(
    name = "push",
    description = {
      "Copy branches and tags, with all that their commits need, to another store.",
      "The other store is made now if there is none."
    })
final class PushCommand implements Subcommand {

  @Mixin private SyncArguments arguments = new SyncArguments();

  @Override
  public Exit run(Session session) {
    try (Store ours = session.openStore();
        Store theirs = arguments.openTarget(arguments.remote(session, ours))) {
      return arguments.copy(session, ours, theirs);
    }
  }
}
