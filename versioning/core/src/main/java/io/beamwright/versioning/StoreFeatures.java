// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.gc.FeatureNotice;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The features of a store: a key each, created once and never deleted. Who opens a store reads
 * their names, and so does a writer before a write whenever five minutes have passed, and whoever
 * renews a lease. A name that is not known is refused.
 *
 * <p>Versions from before there were features do not look here. New stores are refused by them for
 * what the format object says; in older stores they cannot be kept from reading, so a feature may
 * only add to what is there, and the newest entry of garbage collection's log names the features,
 * which stops them before they write.
 */
public final class StoreFeatures {

  private static final int PAGE = 1_000;

  private final Storage storage;

  /** The features of the store at {@code storage}. */
  public StoreFeatures(Storage storage) {
    this.storage = storage;
  }

  /** The names of all features that the store has, known or not; one list request. */
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(StoreLayout.FEATURES, after, PAGE);
      for (Listed listed : page) {
        names.add(name(listed.key()));
        after = Optional.of(listed.key().text());
      }
    } while (page.size() == PAGE);
    return names;
  }

  // Whatever lies there: a later version may have named a feature as this one would not.
  private static String name(StorageKey key) {
    return key.text().substring(StoreLayout.FEATURES.length());
  }

  /**
   * When the store got {@code feature}, by the storage's clock; empty if it has not. Every writer
   * that began before knows of it, or is refused, once {@link FeatureWatch#LOOKED_EVERY} and the
   * time of one call to the storage have passed since.
   */
  public Optional<Instant> since(StoreFeature feature) {
    StorageKey key = StoreLayout.feature(feature.word());
    return storage.list(key.text(), Optional.empty(), 1).stream()
        .filter(listed -> listed.key().equals(key))
        .map(Listed::created)
        .findFirst();
  }

  /**
   * Makes sure that the store has {@code feature}. Any number of processes may do so at once, and
   * one that has it already stays as it is. Nothing takes a feature away again.
   *
   * @param at the time, for people
   * @throws io.beamwright.versioning.fault.ConflictFault if garbage collection is under way: the
   *     store has the feature then, and this is to be called again
   */
  public void add(StoreFeature feature, Instant at) {
    var unused =
        storage.createIfAbsent(
            StoreLayout.feature(feature.word()), Content.of(content(feature).orElseThrow()));
    new FeatureNotice(storage).write(at);
  }

  private static Optional<byte[]> content(StoreFeature feature) {
    ObjectNode json = CanonicalJson.object().put("feature", feature.word());
    return Optional.of(
        SummedJson.bytes(json.put("since", feature.since()).put("what", feature.what())));
  }

  /** What the key of the feature {@code name} holds, if this version knows that feature. */
  public static Optional<byte[]> content(String name) {
    return StoreFeature.ofWord(name).flatMap(StoreFeatures::content);
  }

  /** Those of {@code names} that this version does not know. */
  public static List<String> unknown(Iterable<String> names) {
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      if (StoreFeature.ofWord(name).isEmpty()) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  /**
   * Makes sure that this version knows every feature of the store.
   *
   * @throws NewerStore if it does not, naming each that it does not know
   */
  public void requireKnown() {
    List<String> unknown = unknown(names());
    if (!unknown.isEmpty()) {
      String named = String.join(", ", unknown.stream().map(this::description).toList());
      boolean isOne = unknown.size() == 1;
      throw new NewerStore(
          storage.location()
              + " has "
              + (isOne ? "the feature " : "the features ")
              + named
              + ", which this Beamwright does not know.");
    }
  }

  /** The name, and what the key says of it as far as it can be read. */
  private String description(String name) {
    try {
      StorageKey key = StorageKey.of(StoreLayout.FEATURES + name);
      JsonNode json = SummedJson.parse(storage.read(key, 0, NumberedLog.MOST_BYTES));
      return name
          + " ("
          + json.required("what").asText()
          + "; since "
          + json.required("since").asText()
          + ")";
    } catch (JsonProcessingException | IllegalArgumentException | EnvironmentFault e) {
      // Its name is what it is refused for.
      return name;
    }
  }
}
