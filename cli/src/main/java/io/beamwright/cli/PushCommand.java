// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.OverlayStorage;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.sync.Sync;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code push}. */
@Command(
    name = "push",
    description = "Copy branches and tags, with all that their commits need, to another store.")
final class PushCommand implements Subcommand {

  @Parameters(
      index = "0",
      paramLabel = "REMOTE",
      description = "The other store, made now if there is none: a remote's name, or a URI.")
  private String remote = "";

  @Parameters(
      index = "1",
      paramLabel = "REPO[@REF]",
      description = "The repo with all of its branches and tags, or one of them.")
  private String source = "";

  @Option(
      names = "--force",
      description = "Move branches to commits that do not follow; their logs keep what was.")
  private boolean force;

  @Option(names = "--dry-run", description = "Say what would be copied, and copy nothing.")
  private boolean dryRun;

  @Override
  public Exit run(Session session) {
    int at = source.indexOf('@');
    String repo = at < 0 ? source : source.substring(0, at);
    Optional<String> ref = at < 0 ? Optional.empty() : Optional.of(source.substring(at + 1));
    Sync.Options options = new Sync.Options(session.author(), Session.now(), force, dryRun);
    try (Store ours = session.openStore();
        Store theirs = open(session, ours)) {
      SyncOutput.print(session, Sync.copy(ours, theirs, repo, ref, options));
      return Exit.FINE;
    }
  }

  private Store open(Session session, Store ours) {
    Storage storage = RemoteStore.locate(session, ours, remote).open();
    // A trial writes nothing, and so makes no store.
    return Store.openOrCreate(dryRun ? new OverlayStorage(storage) : storage);
  }
}
