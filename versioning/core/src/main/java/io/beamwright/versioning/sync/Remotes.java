// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Retry;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** The remotes of a store, each a log of where it was said to be. */
public final class Remotes {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,63}");
  // Whoever reads a store reads its remotes.
  private static final Pattern SECRET =
      Pattern.compile(".*(secret|password|passwd|token|credential|access-?key).*");

  private final Storage storage;

  /** The remotes of the store at {@code storage}. */
  public Remotes(Storage storage) {
    this.storage = storage;
  }

  /** The remote {@code name}, if there is one. */
  public Optional<Remote> find(String name) {
    return log(requireName(name)).newest().flatMap(entry -> remote(name, entry));
  }

  /**
   * The remote {@code name}.
   *
   * @throws UserFault if there is none; names the near misses
   */
  public Remote require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new UserFault(
                    "There is no remote \"" + name + "\" in " + storage.location() + ".",
                    NearMiss.sentence(
                        name,
                        list().stream().map(Remote::name).toList(),
                        "beamwright remote list, or name a store by its URI")));
  }

  /** Every remote, by name. */
  public List<Remote> list() {
    List<Remote> remotes = new ArrayList<>();
    Optional<String> after = Optional.empty();
    while (true) {
      List<Listed> first = storage.list(StoreLayout.REMOTES, after, 1);
      if (first.isEmpty()) {
        return remotes;
      }
      String rest = first.get(0).key().text().substring(StoreLayout.REMOTES.length());
      String segment = rest.substring(0, rest.indexOf('/'));
      find(URLDecoder.decode(segment, StandardCharsets.UTF_8)).ifPresent(remotes::add);
      // '0' follows '/': the next key that is listed belongs to another remote.
      after = Optional.of(StoreLayout.REMOTES + segment + "0");
    }
  }

  /**
   * Adds a remote.
   *
   * @throws ConflictFault if there is one of the name
   * @throws UserFault if the name is none, or an option holds a secret
   */
  public Remote add(String name, String uri, Map<String, String> options, String by, Instant at) {
    options.keySet().forEach(Remotes::refuseSecret);
    ObjectNode json = CanonicalJson.object().put("entry", "added").put("uri", uri);
    ObjectNode all = json.putObject("options");
    options.forEach(all::put);
    append(requireName(name), json, by, at, false);
    return require(name);
  }

  /**
   * Deletes a remote; nothing changes where it is.
   *
   * @throws UserFault if there is none
   */
  public Remote delete(String name, String by, Instant at) {
    Remote was = require(name);
    append(name, CanonicalJson.object().put("entry", "deleted"), by, at, true);
    return was;
  }

  private void append(String name, ObjectNode json, String by, Instant at, boolean exists) {
    json.put("by", by).put("at", at.toString()).put("token", UUID.randomUUID().toString());
    NumberedLog log = log(name);
    Retry.untilWon(
        "the remote " + name,
        () -> {
          Optional<NumberedLog.Entry> newest = log.newest();
          if (newest.flatMap(entry -> remote(name, entry)).isPresent() != exists) {
            throw changed(name, exists);
          }
          long next = newest.map(NumberedLog.Entry::number).orElse(-1L) + 1;
          return log.tryAppend(next, SummedJson.bytes(json)) ? Optional.of(next) : Optional.empty();
        });
  }

  private static ConflictFault changed(String name, boolean expected) {
    return expected
        ? new ConflictFault("Somebody else deleted the remote \"" + name + "\".", "")
        : new ConflictFault(
            "The remote \"" + name + "\" exists already.",
            "Choose another name, or delete it first: beamwright remote delete " + name);
  }

  private Optional<Remote> remote(String name, NumberedLog.Entry entry) {
    return entry.read(
        storage,
        "remote " + name,
        json -> {
          if (!json.required("entry").textValue().equals("added")) {
            return Optional.empty();
          }
          SortedMap<String, String> options = new TreeMap<>();
          json.required("options")
              .properties()
              .forEach(option -> options.put(option.getKey(), option.getValue().textValue()));
          return Optional.of(
              new Remote(
                  name,
                  json.required("uri").textValue(),
                  options,
                  json.required("by").textValue(),
                  Instant.parse(json.required("at").textValue())));
        });
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new UserFault(
          "\"" + name + "\" is not a name for a remote.", "Use 1 to 63 letters, digits, _ and -.");
    }
    return name;
  }

  /**
   * Returns if an option's name sounds like no secret: what remembers it can be read by others.
   *
   * @throws UserFault if it does
   */
  public static void refuseSecret(String option) {
    if (SECRET.matcher(option.toLowerCase(Locale.ROOT)).matches()) {
      throw new UserFault(
          "The option \""
              + option
              + "\" is a secret, and what is remembered can be read by others.",
          "Leave it out, and give it where it is used: by --store-option, or the environment.");
    }
  }

  private NumberedLog log(String name) {
    return new NumberedLog(storage, StoreLayout.remoteLog(name));
  }
}
