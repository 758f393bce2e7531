// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.sync.Remote;
import io.beamwright.versioning.sync.Remotes;
import java.util.Map;

/** The other store of a push or pull, by its name or its URI. */
final class RemoteStore {

  private RemoteStore() {}

  /** Where {@code named} is, which {@code store} knows, if it is no URI. */
  static StorageLocation locate(Session session, Store store, String named) {
    if (Remote.isUri(named)) {
      return session.locationOf(named);
    }
    Remote remote = new Remotes(store.storage()).require(named);
    Map<String, String> options = remote.optionsWith(session.storeOptions());
    Session withOptions =
        new Session(
            session.store(),
            options,
            session.typed(),
            session.context(),
            session.json(),
            session.debug(),
            session.console(),
            session.environment());
    return withOptions.locationOf(remote.uri());
  }
}
