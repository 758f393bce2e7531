// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Journals: what workers write down of the datums that they finished, many results to an object.
 *
 * <p>A journal is lines of canonical JSON, one result each, and is named by its SHA-256. A worker
 * writes one at the end of a bundle and at least every two seconds, after the objects that the
 * results name.
 */
public final class Journals {

  private static final int PAGE = 1_000;

  private final WriteSession session;
  private final Storage storage;

  /** The journals of the store that {@code session} writes to. */
  public Journals(WriteSession session) {
    this.session = session;
    this.storage = session.storage();
  }

  /** Writes {@code results} as one journal of an attempt; nothing if there are none. */
  public void write(long attempt, List<DatumResult> results) {
    if (results.isEmpty()) {
      return;
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (DatumResult result : results) {
      lines.writeBytes(result.bytes());
      lines.write('\n');
    }
    results.stream().flatMap(result -> result.files().stream()).forEach(session::useFile);
    byte[] journal = lines.toByteArray();
    StorageKey key = StoreLayout.journal(attempt, Sha256.of(journal).hex());
    var unused = storage.createIfAbsent(key, Content.of(journal));
  }

  /** Gives every result of an attempt's journals to {@code results}, in the journals' order. */
  public void read(long attempt, Consumer<DatumResult> results) {
    String prefix = StoreLayout.journals(attempt);
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(prefix, after, PAGE);
      for (Listed journal : page) {
        read(journal.key()).forEach(results);
        after = Optional.of(journal.key().text());
      }
    } while (page.size() == PAGE);
  }

  /** The results of the journal {@code key}. */
  public List<DatumResult> read(StorageKey key) {
    try (InputStream in = storage.open(key)) {
      return parse(key, in.readAllBytes());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " is damaged: it is not a journal.",
          "Delete it: the datums that it names run again.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The results of the journal {@code key}, whose bytes are {@code journal}.
   *
   * @throws JsonProcessingException if a line is not JSON
   * @throws IllegalArgumentException if a line is no result, or the bytes are not those of the name
   */
  public static List<DatumResult> parse(StorageKey key, byte[] journal)
      throws JsonProcessingException {
    requireName(key, journal);
    List<DatumResult> results = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < journal.length; i++) {
      if (journal[i] == '\n') {
        results.add(
            CanonicalJson.read(
                CanonicalJson.parse(Arrays.copyOfRange(journal, begin, i)), DatumResult::of));
        begin = i + 1;
      }
    }
    if (begin < journal.length) {
      throw new IllegalArgumentException("ends within a line");
    }
    return results;
  }

  /** Whether the name of the journal {@code key} is its digest; before, it was a random UUID. */
  public static boolean isNamedByDigest(StorageKey key) {
    String name = name(key);
    return name.length() == 2 * Sha256.BYTES && Sha256.isHex(name);
  }

  private static void requireName(StorageKey key, byte[] journal) {
    if (isNamedByDigest(key) && !Sha256.of(journal).hex().equals(name(key))) {
      throw new IllegalArgumentException("does not have the SHA-256 that it is named by");
    }
  }

  private static String name(StorageKey key) {
    return key.text().substring(key.text().lastIndexOf('/') + 1);
  }
}
