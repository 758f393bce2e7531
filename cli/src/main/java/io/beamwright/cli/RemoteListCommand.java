// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.sync.Remotes;
import picocli.CommandLine.Command;

/** {@code remote list}. */
@Command(name = "list", description = "List the remotes.")
final class RemoteListCommand implements Subcommand {

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      RemoteOutput.list(session, new Remotes(store.storage()).list());
      return Exit.FINE;
    }
  }
}
