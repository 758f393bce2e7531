// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pull}. */
@Command(
    name = "pull",
    description = {
      "Copy branches and tags, with all that their commits need, from another store.",
      "The store that they are copied to is made now if there is none."
    })
final class PullCommand implements Subcommand {

  @Mixin private SyncArguments arguments = new SyncArguments();

  @Override
  public Exit run(Session session) {
    try (Store ours = arguments.openTarget(session.location());
        Store theirs = Store.open(arguments.remote(session, ours).open())) {
      return arguments.copy(session, theirs, ours);
    }
  }
}
