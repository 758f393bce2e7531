// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every command is given: the global options and the console.
 *
 * @param store the store's root as the user named it; opening it is the command's
 * @param storeOptions options of the stores that the command opens, by key
 * @param json whether to print one JSON document instead of text
 * @param console where output goes; it knows about {@code json} too
 * @param environment the process's environment variables
 */
record Session(
    String store,
    Map<String, String> storeOptions,
    boolean json,
    Console console,
    Map<String, String> environment) {

  Session {
    storeOptions = Map.copyOf(storeOptions);
    environment = Map.copyOf(environment);
  }

  /** Who makes commits here: {@code $BEAMWRIGHT_AUTHOR}, or else the user of this machine. */
  String author() {
    String named = environment.getOrDefault("BEAMWRIGHT_AUTHOR", "");
    return named.isEmpty() ? System.getProperty("user.name", "unknown") : named;
  }

  /** Where the store is. */
  StorageLocation location() {
    return locationOf(store);
  }

  /**
   * Where another store is, such as a remote, with the options that are meant for it: an option
   * that begins with the scheme of another storage, as {@code s3.endpoint} for {@code hdfs:}, is
   * not.
   */
  StorageLocation locationOf(String uri) {
    String scheme = uri.replaceAll(":.*", "").toLowerCase(Locale.ROOT);
    Map<String, String> options = new TreeMap<>(storeOptions);
    options
        .keySet()
        .removeIf(
            key ->
                StorageLocation.knownSchemes().stream()
                    .anyMatch(other -> !other.equals(scheme) && key.startsWith(other + ".")));
    return StorageLocation.parse(uri, options);
  }

  /**
   * Returns if this process has Beam, Parquet and DuckDB; to be called before anything was read
   * from standard input, printed or changed.
   *
   * @throws ClassPathNeeded if it has not, so that the command begins again where they are
   */
  void requireFullClassPath() {
    ClassPath here = ClassPath.ofProcess();
    if (handover().isPresent() && !here.full()) {
      throw ClassPathNeeded.from(here.withAll());
    }
  }

  /**
   * Opens the store; the caller closes it.
   *
   * @throws io.beamwright.versioning.fault.UserFault if there is none
   */
  Store openStore() {
    return Store.open(location().open());
  }

  /** Opens the store, made now if there is none; the caller closes it. */
  Store openOrCreateStore() {
    return Store.openOrCreate(location().open());
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
   * The way to a process with more on its class path; absent where no launcher started this one.
   */
  Optional<Handover> handover() {
    return Handover.offeredIn(environment);
  }
}
