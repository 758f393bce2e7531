// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/**
 * The log of garbage collection. A list of what will be deleted is active from its entry until the
 * entry that says that it is done with; there is never more than one.
 */
final class CollectionLog {

  private final Storage storage;
  private final NumberedLog log;

  CollectionLog(Storage storage) {
    this.storage = storage;
    this.log = new NumberedLog(storage, StoreLayout.COLLECTIONS);
  }

  /** What an entry says happened. */
  enum Kind {
    /** A collection began; its time is that of the storage when it did. */
    MARK,
    /** There is a list. */
    LIST,
    /** Everybody can see the list now: from here its grace is counted. */
    GRACE,
    /** Whoever wrote this deletes what is on the list. */
    SWEEP,
    /** The list is done with: swept, or withdrawn. */
    DONE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One entry.
   *
   * @param number its number
   * @param kind what happened
   * @param list number of the newest list's entry: of this one, if it is a list; -1 if there is
   *     none
   * @param created when, by the storage's clock
   * @param json all of it
   */
  record Entry(long number, Kind kind, long list, Instant created, JsonNode json) {

    /** Whether its list is one that writers have to mind. */
    boolean isActive() {
      return kind == Kind.LIST || kind == Kind.GRACE || kind == Kind.SWEEP;
    }

    /** The features that the store had when it was written. */
    SortedSet<String> features() {
      return CollectionLog.features(json);
    }

    /** Whether something may have been deleted. */
    boolean isSwept() {
      return json.path("swept").asBoolean(false);
    }
  }

  /** The newest entry: one request if there is none, and two if there is. */
  Optional<Entry> newest() {
    return log.stamps(Long.MAX_VALUE, 1).stream().findFirst().map(this::read);
  }

  /** The entries, newest first, at most {@code limit}. */
  List<Entry> newestFirst(int limit) {
    return log.stamps(Long.MAX_VALUE, limit).stream().map(this::read).toList();
  }

  /** The stamp of the newest entry, whatever that says. */
  Optional<NumberedLog.Stamp> newestStamp() {
    return log.stamps(Long.MAX_VALUE, 1).stream().findFirst();
  }

  /** The entry of this stamp, if it can be read. */
  Optional<Entry> readable(NumberedLog.Stamp stamp) {
    try {
      return Optional.of(read(stamp));
    } catch (UnusableLog e) {
      return Optional.empty();
    }
  }

  /**
   * Why nobody can tell what the list that stands, if there is one, names; empty if everybody can.
   *
   * @throws UnusableLog if it is only newer than this version
   */
  Optional<UnusableLog> damage() {
    try {
      Optional<Entry> newest = newest();
      if (newest.filter(Entry::isActive).isPresent()) {
        CondemnedList list = new CondemnedList(storage, list(newest.get().list()));
        requireAnnounced(newest.get());
        list.loadAll();
      }
      return Optional.empty();
    } catch (UnusableLog e) {
      if (!e.isDamaged()) {
        throw e;
      }
      return Optional.of(e);
    }
  }

  /**
   * Makes sure that the entry is there from which the grace of the list of {@code newest} counts.
   */
  void requireAnnounced(Entry newest) {
    if (newest.number() > newest.list()) {
      var unused = created(newest.list() + 1);
    }
  }

  private Entry read(NumberedLog.Stamp stamp) {
    NumberedLog.Entry entry = log.at(stamp.number()).orElseThrow(() -> vanished(stamp.number()));
    return read(entry, json -> entry(stamp, json));
  }

  private <T> T read(NumberedLog.Entry entry, Function<JsonNode, T> reader) {
    try {
      return CanonicalJson.read(SummedJson.parse(entry.content()), reader);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw UnusableLog.damaged(storage, log.key(entry.number()), "is damaged");
    }
  }

  private Entry entry(NumberedLog.Stamp stamp, JsonNode json) {
    List<String> unknown = StoreFeatures.unknown(features(json));
    if (!unknown.isEmpty()) {
      throw UnusableLog.newer(storage, log.key(stamp.number()), unknown);
    }
    return new Entry(stamp.number(), kind(json), list(json, stamp.number()), stamp.created(), json);
  }

  /** What {@code json} says happened; throws {@link IllegalArgumentException} if it is unknown. */
  static Kind kind(JsonNode json) {
    return Kind.valueOf(json.required("kind").textValue().toUpperCase(Locale.ROOT));
  }

  /** Number of the newest list's entry, as the entry {@code number} says; -1 if there is none. */
  static long list(JsonNode json, long number) {
    if (kind(json) == Kind.LIST) {
      return number;
    }
    JsonNode list = json.required("list");
    boolean isOne = list.isIntegralNumber() && list.canConvertToLong();
    if (!isOne || list.longValue() < -1 || list.longValue() >= number) {
      throw new IllegalArgumentException("is after a list that cannot be: " + list);
    }
    return list.longValue();
  }

  private static SortedSet<String> features(JsonNode json) {
    SortedSet<String> features = new TreeSet<>();
    JsonNode named = json.path("features");
    if (!named.isArray() && !named.isMissingNode()) {
      throw new IllegalArgumentException("features are a list");
    }
    named.forEach(
        feature -> features.add(feature.isTextual() ? feature.textValue() : feature.toString()));
    return features;
  }

  private UnusableLog vanished(long number) {
    return UnusableLog.damaged(storage, log.key(number), "is absent");
  }

  /** The list whose entry has this number. */
  ListEntry list(long number) {
    NumberedLog.Entry entry = log.at(number).orElseThrow(() -> vanished(number));
    return read(entry, ListEntry::of);
  }

  /** When the entry {@code number}, which is there, was created. */
  Instant created(long number) {
    return log.stamps(number + 1, 1).stream()
        .findFirst()
        .filter(stamp -> stamp.number() == number)
        .orElseThrow(() -> vanished(number))
        .created();
  }

  /** A new entry of {@code kind} about {@code list}, to be filled. */
  static ObjectNode entry(Kind kind, long list, Instant at) {
    ObjectNode json = CanonicalJson.object();
    json.put("kind", kind.word()).put("at", at.toString());
    json.put("token", UUID.randomUUID().toString()).putArray("features");
    return kind == Kind.LIST ? json : json.put("list", list);
  }

  /**
   * Creates the entry {@code number}, with the features that the store has now; whether nobody else
   * had.
   */
  boolean tryAppend(long number, ObjectNode entry) {
    ArrayNode features = entry.putArray("features");
    new StoreFeatures(storage).names().forEach(features::add);
    return log.tryAppend(number, SummedJson.bytes(entry));
  }
}
