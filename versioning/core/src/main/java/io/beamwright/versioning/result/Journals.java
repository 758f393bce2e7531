// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.gc.WriteSession;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Journals: what workers write down of the datums that they finished, many results to an object.
 *
 * <p>A journal is lines of canonical JSON, one result each. A worker writes one at the end of a
 * bundle and at least every two seconds, after the objects that the results name.
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
    StorageKey key = StoreLayout.journal(attempt, UUID.randomUUID().toString());
    var unused = storage.createIfAbsent(key, Content.of(lines.toByteArray()));
  }

  /** Gives every result of an attempt's journals to {@code results}, in the journals' order. */
  public void read(long attempt, Consumer<DatumResult> results) {
    String prefix = StoreLayout.journals(attempt);
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(prefix, after, PAGE);
      for (Listed journal : page) {
        read(journal.key(), results);
        after = Optional.of(journal.key().text());
      }
    } while (page.size() == PAGE);
  }

  private void read(StorageKey key, Consumer<DatumResult> results) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(storage.open(key), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        results.accept(DatumResult.of(CanonicalJson.parse(line.getBytes(StandardCharsets.UTF_8))));
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + key + " is damaged: it is not a journal.",
          "Delete it: the datums that it names run again.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
