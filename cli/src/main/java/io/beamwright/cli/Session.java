// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.LocalCache;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * What every command is given: the global options and the console.
 *
 * @param store the store's root as the user named it; opening it is the command's
 * @param json whether to print one JSON document instead of text
 * @param console where output goes; it knows about {@code json} too
 * @param environment the process's environment variables
 */
record Session(String store, boolean json, Console console, Map<String, String> environment) {

  Session {
    environment = Map.copyOf(environment);
  }

  /** Who makes commits here: {@code $BEAMWRIGHT_AUTHOR}, or else the user of this machine. */
  String author() {
    String named = environment.getOrDefault("BEAMWRIGHT_AUTHOR", "");
    return named.isEmpty() ? System.getProperty("user.name", "unknown") : named;
  }

  /** Where this machine keeps what it need not find out again, if anywhere. */
  Optional<LocalCache> cache() {
    return LocalCache.in(environment);
  }

  /**
   * Opens the store; the caller closes it.
   *
   * @throws io.beamwright.versioning.fault.UserFault if there is none
   */
  Store openStore() {
    return Store.open(StorageLocation.parse(store).open());
  }

  /** Opens the store, made now if there is none; the caller closes it. */
  Store openOrCreateStore() {
    return Store.openOrCreate(StorageLocation.parse(store).open());
  }

  /** The time of what is made now, as commits hold it. */
  static Instant now() {
    return Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Makes commits of this command's author. */
  Committer committer(Store opened) {
    return new Committer(opened, author(), now());
  }

  /**
   * The way to the process with the whole class path: present in the first, small process of the
   * launcher, which cannot load Beam; absent where everything is on the class path already.
   */
  Optional<Handover> handover() {
    return Handover.offeredIn(environment);
  }
}
