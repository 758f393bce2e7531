// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.sync.Remote;
import io.beamwright.versioning.sync.Remotes;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code remote add}. */
@Command(name = "add", description = "Remember another store by a name.")
final class RemoteAddCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the remote here.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "URI", description = "Where it is.")
  private String uri = "";

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "An option of its storage, as s3.endpoint; never a secret.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Override
  public Exit run(Session session) {
    // Refuses what is no URI of a storage before it is remembered.
    var unused = session.locationOf(uri);
    try (Store store = session.openOrCreateStore()) {
      Remote remote =
          new Remotes(store.storage()).add(name, uri, options, session.author(), Session.now());
      RemoteOutput.print(session, "added", remote);
      return Exit.FINE;
    }
  }
}
