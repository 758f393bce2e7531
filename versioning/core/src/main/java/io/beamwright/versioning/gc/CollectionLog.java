// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

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

  private Entry read(NumberedLog.Stamp stamp) {
    NumberedLog.Entry entry = log.at(stamp.number()).orElseThrow(() -> vanished(stamp.number()));
    return entry.read(storage, "the log of garbage collection", json -> entry(stamp, json));
  }

  private Entry entry(NumberedLog.Stamp stamp, JsonNode json) {
    if (!json.path("features").isEmpty()) {
      throw new EnvironmentFault(
          storage.location()
              + " is collected by a newer Beamwright, which needs every writer to know "
              + CanonicalJson.text(json.path("features"))
              + ".",
          "Write to it with that Beamwright; reading goes on as before.");
    }
    Kind kind = Kind.valueOf(json.required("kind").textValue().toUpperCase(Locale.ROOT));
    long list = kind == Kind.LIST ? stamp.number() : json.required("list").longValue();
    return new Entry(stamp.number(), kind, list, stamp.created(), json);
  }

  private EnvironmentFault vanished(long number) {
    return new EnvironmentFault(
        storage.location() + ": entry " + number + " of the log of garbage collection vanished.",
        "Restore it from a copy of the store.");
  }

  /** The list whose entry has this number. */
  ListEntry list(long number) {
    NumberedLog.Entry entry = log.at(number).orElseThrow(() -> vanished(number));
    return entry.read(storage, "the log of garbage collection", ListEntry::of);
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

  /** Creates the entry {@code number}; whether nobody else had. */
  boolean tryAppend(long number, ObjectNode entry) {
    return log.tryAppend(number, SummedJson.bytes(entry));
  }
}
