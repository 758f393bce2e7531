// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The repos of a store, each a log of its creations and deletions. */
public final class Repos {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,63}");
  private static final int TRIES = 100;

  private final WriteSession session;
  private final Storage storage;

  /** The repos of the store that {@code session} writes to. */
  public Repos(WriteSession session) {
    this.session = session;
    this.storage = session.storage();
  }

  /**
   * Checks a name for a repo.
   *
   * @throws UserFault if it is not 1 to 63 letters, digits, {@code _} and {@code -}
   */
  public static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new UserFault(
          "\"" + name + "\" is not a name for a repo.", "Use 1 to 63 letters, digits, _ and -.");
    }
    return name;
  }

  /** The repo {@code name}, if it exists. */
  public Optional<Repo> find(String name) {
    return log(requireName(name)).newest().flatMap(entry -> repo(name, entry));
  }

  /**
   * The repo {@code name}.
   *
   * @throws MissingRef if there is none; names the near misses
   */
  public Repo require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new MissingRef(
                    "There is no repo \"" + name + "\" in " + storage.location() + ".",
                    NearMiss.sentence(
                        name, list().stream().map(Repo::name).toList(), "beamwright list repo")));
  }

  /** Every repo that exists, by name. */
  public List<Repo> list() {
    List<Repo> repos = new ArrayList<>();
    for (String name :
        new NamedLogs(storage, StoreLayout.REPOS, "an entry of a repo's log").names()) {
      find(name).ifPresent(repos::add);
    }
    repos.sort(Comparator.comparing(Repo::name));
    return repos;
  }

  /**
   * Creates a repo.
   *
   * @throws ConflictFault if it exists
   */
  public Repo create(String name, String description, String by, Instant at) {
    if (find(name).isPresent()) {
      throw new ConflictFault(
          "The repo \"" + name + "\" exists already.", "Choose another name, or use it as it is.");
    }
    return createIfAbsent(name, description, by, at);
  }

  /** The repo {@code name}, created if there is none; racers end with the same repo. */
  public Repo createIfAbsent(String name, String description, String by, Instant at) {
    NumberedLog log = log(requireName(name));
    byte[] created = entry("created", description, by, at);
    for (int i = 0; i < TRIES; i++) {
      Optional<NumberedLog.Entry> newest = log.newest();
      Optional<Repo> repo = newest.flatMap(entry -> repo(name, entry));
      if (repo.isPresent()) {
        return repo.get();
      }
      long next = newest.map(NumberedLog.Entry::number).orElse(-1L) + 1;
      if (log.tryAppend(next, created)) {
        return repo(name, new NumberedLog.Entry(next, created)).orElseThrow();
      }
    }
    throw contended(name);
  }

  /** Deletes a repo with its branches and tags; its commits stay until garbage collection. */
  public void delete(Repo repo, String by, Instant at) {
    NumberedLog log = log(repo.name());
    for (int i = 0; i < TRIES; i++) {
      Optional<NumberedLog.Entry> newest = log.newest();
      Optional<Repo> now = newest.flatMap(entry -> repo(repo.name(), entry));
      if (now.isEmpty() || !now.get().id().equals(repo.id())) {
        return;
      }
      if (log.tryAppend(newest.get().number() + 1, entry("deleted", "", by, at))) {
        return;
      }
    }
    throw contended(repo.name());
  }

  /** The branches and tags of {@code repo}. */
  public Refs refs(Repo repo) {
    return refs(repo.id());
  }

  /** The branches and tags of the repo that was created as {@code repoId}. */
  public Refs refs(Sha256 repoId) {
    return new Refs(session, repoId);
  }

  private static byte[] entry(String what, String description, String by, Instant at) {
    ObjectNode json = CanonicalJson.object();
    json.put("entry", what);
    json.put("description", description);
    json.put("by", by);
    json.put("at", at.toString());
    json.put("token", UUID.randomUUID().toString());
    return SummedJson.bytes(json);
  }

  private Optional<Repo> repo(String name, NumberedLog.Entry entry) {
    return entry.read(
        storage,
        "repo " + name,
        json ->
            json.required("entry").textValue().equals("created")
                ? Optional.of(
                    new Repo(
                        name,
                        Sha256.of(entry.content()),
                        json.required("description").textValue(),
                        json.required("by").textValue(),
                        Instant.parse(json.required("at").textValue())))
                : Optional.empty());
  }

  private static ConflictFault contended(String name) {
    return new ConflictFault(
        "Others create and delete the repo \"" + name + "\" all the time.", "Try again.");
  }

  private NumberedLog log(String name) {
    return new NumberedLog(storage, StoreLayout.repoLog(name));
  }
}
