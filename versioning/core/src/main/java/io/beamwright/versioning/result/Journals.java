// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
  private static final String REMEDY = "Delete it: the datums that it names run again.";

  // No UUID has one.
  private static final char DIGEST_FOLLOWS = '.';

  private final Storage storage;

  /** The journals of the store at {@code storage}. */
  public Journals(Storage storage) {
    this.storage = storage;
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
    byte[] bytes = lines.toByteArray();
    String name = UUID.randomUUID().toString() + DIGEST_FOLLOWS + Sha256.of(bytes);
    var unused = storage.createIfAbsent(StoreLayout.journal(attempt, name), Content.of(bytes));
  }

  /** Gives every result of an attempt's journals to {@code results}, in the journals' order. */
  public void read(long attempt, Consumer<DatumResult> results) {
    String prefix = StoreLayout.journals(attempt);
    Optional<String> after = Optional.empty();
    List<Listed> page;
    do {
      page = storage.list(prefix, after, PAGE);
      for (Listed journal : page) {
        read(journal, results);
        after = Optional.of(journal.key().text());
      }
    } while (page.size() == PAGE);
  }

  private void read(Listed journal, Consumer<DatumResult> results) {
    // All of it first: results that were passed on could not be taken back.
    byte[] lines = whole(journal);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new ByteArrayInputStream(lines), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        results.accept(DatumResult.of(CanonicalJson.parse(line.getBytes(StandardCharsets.UTF_8))));
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(damaged(journal.key(), "it is not a journal"), REMEDY, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] whole(Listed journal) {
    try (InputStream in = storage.open(journal.key())) {
      byte[] lines = in.readAllBytes();
      // Cut between two lines it still reads well, and whoever merges it would lose what is
      // missing.
      if (lines.length != journal.size()) {
        String ends = "it ends after " + lines.length + " of " + journal.size() + " bytes";
        throw new EnvironmentFault(damaged(journal.key(), ends), REMEDY);
      }
      String key = journal.key().text();
      int dash = key.length() - 2 * Sha256.BYTES - 1;
      boolean isNamedByDigest = dash > 0 && key.charAt(dash) == DIGEST_FOLLOWS;
      if (isNamedByDigest && !key.substring(dash + 1).equals(Sha256.of(lines).hex())) {
        String gives = "it gives SHA-256 " + Sha256.of(lines);
        throw new EnvironmentFault(damaged(journal.key(), gives), REMEDY);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String damaged(StorageKey key, String how) {
    return storage.location() + "/" + key + " is damaged: " + how + ".";
  }
}
