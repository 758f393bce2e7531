// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.OverlayStorage;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.sync.Sync;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code push} and {@code pull} are told. */
final class SyncArguments {

  @Parameters(
      index = "0",
      paramLabel = "REMOTE",
      description = "The other store: a remote's name, or a URI.")
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

  /** Where the other store is, which {@code ours} knows by name. */
  StorageLocation remote(Session session, Store ours) {
    return RemoteStore.locate(session, ours, remote);
  }

  /** The store that is copied to, made now if there is none. */
  Store openTarget(StorageLocation location) {
    Storage storage = location.open();
    // A trial writes nothing, and so makes no store.
    return Store.openOrCreate(dryRun ? new OverlayStorage(storage) : storage);
  }

  /** Copies, and prints what was copied. */
  Exit copy(Session session, Store from, Store to) {
    int at = source.indexOf('@');
    String repo = at < 0 ? source : source.substring(0, at);
    Optional<String> ref = at < 0 ? Optional.empty() : Optional.of(source.substring(at + 1));
    Sync.Options options = new Sync.Options(session.author(), Session.now(), force, dryRun);
    SyncOutput.print(session, Sync.copy(from, to, repo, ref, options));
    return Exit.FINE;
  }
}
