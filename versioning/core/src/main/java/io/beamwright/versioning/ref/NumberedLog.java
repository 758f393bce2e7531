// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A log of numbered entries, each created once: the only way in which anything in a store changes.
 *
 * <p>To append is to create the entry after the newest; of any number of racers one wins each
 * number. Numbers count down in the keys, so that the newest entry is the first that is listed.
 */
public final class NumberedLog {

  /** An entry has at most this many bytes: it must be one request on every storage. */
  public static final int MOST_BYTES = 1 << 20;

  private static final long LAST = 999_999_999_999L;
  private static final int PAGE = 500;

  private final Storage storage;
  private final String prefix;

  /** The log whose entries' keys begin with {@code prefix} and a {@code /}. */
  public NumberedLog(Storage storage, String prefix) {
    this.storage = storage;
    this.prefix = prefix;
  }

  /** One entry of a log. */
  public static final class Entry {

    private final long number;
    private final byte[] content;

    Entry(long number, byte[] content) {
      this.number = number;
      this.content = content;
    }

    /** 0 for the first entry, one more for each next. */
    public long number() {
      return number;
    }

    /** What was written; not copied, so don't change it. */
    public byte[] content() {
      return content;
    }

    /**
     * What was written, which is canonical JSON, as {@code reader} makes it out.
     *
     * @param storage where the log is, for messages
     * @param log what it is the log of, for messages: {@code the log of runs}
     * @throws EnvironmentFault if it is not JSON, does not match its checksum, or {@code reader}
     *     finds it malformed
     */
    public <T> T read(Storage storage, String log, Function<JsonNode, T> reader) {
      try {
        return CanonicalJson.read(SummedJson.parse(content), reader);
      } catch (JsonProcessingException | IllegalArgumentException e) {
        throw new EnvironmentFault(
            storage.location() + ": entry " + number + " of " + log + " is damaged.",
            DamagedObject.REMEDY,
            e);
      }
    }
  }

  /**
   * When an entry was created.
   *
   * @param number number of the entry
   * @param created when, by the storage's clock; never later than others could see it
   */
  public record Stamp(long number, Instant created) {}

  /** Up to {@code limit} stamps of entries whose number is below {@code before}, newest first. */
  public List<Stamp> stamps(long before, int limit) {
    List<Stamp> stamps = new ArrayList<>();
    Optional<String> after = before > LAST ? Optional.empty() : Optional.of(key(before).text());
    while (stamps.size() < limit) {
      int page = Math.min(PAGE, limit - stamps.size());
      List<Listed> listed = storage.list(prefix + "/", after, page);
      listed.forEach(entry -> stamps.add(new Stamp(number(entry), entry.created())));
      if (listed.size() < page) {
        break;
      }
      after = Optional.of(listed.get(page - 1).key().text());
    }
    return stamps;
  }

  /** The newest entry; costs one list of one key and one read. */
  public Optional<Entry> newest() {
    return numbers(Optional.empty(), 1).stream().findFirst().map(this::require);
  }

  /** Number of the newest entry, or -1 if there is none. */
  public long newestNumber() {
    return numbers(Optional.empty(), 1).stream().findFirst().orElse(-1L);
  }

  /** The entry of this number, whatever that is, if it was written. */
  public Optional<Entry> at(long number) {
    if (number < 0 || number > LAST) {
      return Optional.empty();
    }
    StorageKey key = key(number);
    try {
      return Optional.of(new Entry(number, storage.read(key, 0, MOST_BYTES)));
    } catch (ObjectAbsent e) {
      return Optional.empty();
    }
  }

  /** Up to {@code limit} entries whose number is below {@code before}, newest first. */
  public List<Entry> newestFirst(long before, int limit) {
    List<Entry> entries = new ArrayList<>();
    Optional<String> after = before > LAST ? Optional.empty() : Optional.of(key(before).text());
    while (entries.size() < limit) {
      int page = Math.min(PAGE, limit - entries.size());
      List<Long> numbers = numbers(after, page);
      numbers.forEach(number -> entries.add(require(number)));
      if (numbers.size() < page) {
        break;
      }
      after = Optional.of(key(numbers.get(numbers.size() - 1)).text());
    }
    return entries;
  }

  /** Every entry, newest first. */
  public List<Entry> newestFirst() {
    return newestFirst(Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * Creates the entry {@code number} if nobody has. The content must hold a token of its writer, so
   * that a storage can tell whose entry it is after an unknown outcome.
   *
   * @return whether the entry is ours
   */
  public boolean tryAppend(long number, byte[] content) {
    if (content.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "an entry of " + prefix + " has " + content.length + " bytes, more than " + MOST_BYTES);
    }
    return storage.createIfAbsent(key(number), Content.of(content)) == Creation.CREATED;
  }

  /**
   * Appends {@code content} after the newest entry, whatever that is, going forward past every
   * entry that another writer wins.
   *
   * @return the number that it got
   */
  public long append(byte[] content) {
    long number = newestNumber() + 1;
    while (!tryAppend(number, content)) {
      number++;
    }
    return number;
  }

  private Entry require(long number) {
    return at(number).orElseThrow(() -> new ObjectAbsent(storage.location(), key(number)));
  }

  private List<Long> numbers(Optional<String> after, int limit) {
    return storage.list(prefix + "/", after, limit).stream().map(this::number).toList();
  }

  private long number(Listed listed) {
    String digits = listed.key().text().substring(prefix.length() + 1).replace("/", "");
    try {
      return LAST - Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw DamagedObject.at(
          storage, listed.key(), "an entry of a log", "has no number as its name");
    }
  }

  /** The key of the entry {@code number}, whether it was written or not. */
  public StorageKey key(long number) {
    return StorageKey.of(prefix, StoreLayout.digits(LAST - number));
  }
}
