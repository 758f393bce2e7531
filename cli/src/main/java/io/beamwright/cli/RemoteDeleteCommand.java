// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.sync.Remote;
import io.beamwright.versioning.sync.Remotes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code remote delete}. */
@Command(name = "delete", description = "Forget a remote; nothing changes there.")
final class RemoteDeleteCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the remote here.")
  private String name = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      Remote remote = new Remotes(store.storage()).delete(name, session.author(), Session.now());
      RemoteOutput.print(session, "deleted", remote);
      return Exit.FINE;
    }
  }
}
