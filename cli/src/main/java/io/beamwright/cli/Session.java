// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.LocalCache;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every command is given: the global options and the console.
 *
 * @param store the store's root as the user named it; opening it is the command's
 * @param storeOptions options of the stores that the command opens, by key
 * @param typed what of these stood on the command line
 * @param context the context that was named, or one that says nothing
 * @param json whether to print one JSON document instead of text
 * @param debug whether to print the stack trace of what fails
 * @param console where output goes; it knows about {@code json} too
 * @param environment the process's environment variables
 */
record Session(
    String store,
    Map<String, String> storeOptions,
    Typed typed,
    NamedContext context,
    boolean json,
    boolean debug,
    Console console,
    Map<String, String> environment) {

  /** A store and options as a command line names them. */
  record Typed(Optional<String> store, Map<String, String> storeOptions) {}

  Session {
    storeOptions = Map.copyOf(storeOptions);
    environment = Map.copyOf(environment);
  }

  /** The words of a command on the same store, printed in the same way. */
  List<String> words(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--store", store));
    storeOptions.forEach(
        (key, value) -> words.addAll(List.of("--store-option", key + "=" + value)));
    if (json) {
      words.add("--json");
    }
    if (debug) {
      words.add("--debug");
    }
    return words;
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

  /**
   * The same, seen through copies on this machine of what was read before, if it is not local: for
   * commands that only read files. Never to look for damage, to collect garbage, or to write trees.
   */
  Store openStoreThroughCache() {
    return Store.open(throughCache(location().open()));
  }

  /** The same for commands that make commits: of copies only what a writer may rely on is used. */
  Store openStoreToCommit() {
    Storage storage = location().open();
    return Store.open(new WriteSession(storage, throughCache(storage)));
  }

  private Storage throughCache(Storage storage) {
    boolean isLocal = storage.location().startsWith("file:");
    return isLocal ? storage : cache().map(c -> c.over(storage)).orElse(storage);
  }

  /** Opens the store, made now if there is none; the caller closes it. */
  Store openOrCreateStore() {
    return Store.openOrCreate(location().open());
  }

  /**
   * Where this machine keeps what it can do without: {@code $BEAMWRIGHT_CACHE}, or else {@code
   * .cache/beamwright} in the user's home. Nothing need be there.
   */
  Path cacheFolder() {
    String named = environment.getOrDefault("BEAMWRIGHT_CACHE", "");
    return named.isEmpty()
        ? Path.of(System.getProperty("user.home", "."), ".cache", "beamwright")
        : Path.of(named);
  }

  /** The graph of the commits of {@code repo}; the caller closes it. */
  CommitGraph graph(Store opened, Repo repo) {
    return new CommitGraph(opened, repo, Optional.of(cacheFolder()));
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
