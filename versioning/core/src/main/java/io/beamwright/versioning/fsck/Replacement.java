// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Puts good bytes in the place of bad ones, where nothing can be overwritten: killed anywhere, it
 * leaves what is no worse than before.
 */
final class Replacement {

  private static final int MOST_GENERATIONS = 1_000;
  private static final int LONGEST_REPAIR = 128 << 20;

  private final Storage storage;

  Replacement(Storage storage) {
    this.storage = storage;
  }

  /**
   * Makes {@code key}, an object or a node, hold {@code good}. The good bytes are durable in
   * another generation before the bad ones go: a reader finds the bad ones, or none and so the
   * other generation, or the good ones.
   *
   * @param good checked: its stream fails before its end if it is not what it should be
   */
  void replaceGenerations(StorageKey key, Content good) {
    if (!exists(key)) {
      create(key, good);
      return;
    }
    StorageKey spare = spare(key);
    create(spare, good);
    storage.delete(key);
    create(key, stored(spare, good.size()));
    storage.delete(spare);
  }

  private Content stored(StorageKey at, long size) {
    return new Content() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return storage.open(at);
      }
    };
  }

  private StorageKey spare(StorageKey key) {
    Keys.Named named = Keys.named(key.text()).orElseThrow();
    String first = key.text().substring(0, key.text().lastIndexOf('/') + 1) + named.id().hex();
    List<Listed> all = storage.list(first, Optional.empty(), MOST_GENERATIONS);
    int highest = 0;
    for (Listed listed : all) {
      int generation = Keys.named(listed.key().text()).map(Keys.Named::generation).orElse(0);
      highest = Math.max(highest, generation);
    }
    return new StorageKey(first + "-" + (highest + 1));
  }

  private boolean exists(StorageKey key) {
    List<Listed> listed = storage.list(key.text(), Optional.empty(), 1);
    return !listed.isEmpty() && listed.get(0).key().equals(key);
  }

  /**
   * Makes {@code key} hold {@code good}. What it shall hold is written down first, because of some
   * keys, such as the newest entry of a log, nobody could tell any more that they had been there.
   */
  void replace(StorageKey key, byte[] good) {
    byte[] plan = plan(key, good);
    StorageKey at = StoreLayout.repair(Sha256.of(plan));
    create(at, Content.of(plan));
    finish(key, good);
    storage.delete(at);
  }

  private static byte[] plan(StorageKey key, byte[] good) {
    ObjectNode json = CanonicalJson.object().put("key", key.text());
    return SummedJson.bytes(json.put("content", Base64.getEncoder().encodeToString(good)));
  }

  /**
   * Ends the repair that {@code plan} tells of and that did not come to its end; says what it did.
   */
  String resume(StorageKey plan) {
    try {
      JsonNode json = SummedJson.parse(storage.read(plan, 0, LONGEST_REPAIR));
      StorageKey key = new StorageKey(json.required("key").asText());
      finish(key, Base64.getDecoder().decode(json.required("content").asText()));
      storage.delete(plan);
      return "a repair that was interrupted, of " + key;
    } catch (ObjectAbsent e) {
      return "a repair that has just come to its end";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON", e);
    }
  }

  private void finish(StorageKey key, byte[] good) {
    if (holds(key, good)) {
      return;
    }
    storage.delete(key);
    create(key, Content.of(good));
  }

  private boolean holds(StorageKey key, byte[] good) {
    try {
      return Arrays.equals(storage.read(key, 0, good.length + 1), good);
    } catch (ObjectAbsent e) {
      return false;
    }
  }

  private void create(StorageKey key, Content good) {
    if (storage.createIfAbsent(key, good) == Creation.EXISTS && !holdsStream(key, good)) {
      throw new ConflictFault(
          "Somebody else created " + storage.location() + "/" + key + " while it was repaired.",
          "See what is there: beamwright fsck. Repair while nobody writes.");
    }
  }

  private boolean holdsStream(StorageKey key, Content good) {
    try (InputStream there = storage.open(key);
        InputStream wanted = good.open()) {
      byte[] a = new byte[1 << 16];
      byte[] b = new byte[1 << 16];
      int read;
      do {
        read = there.readNBytes(a, 0, a.length);
        int other = wanted.readNBytes(b, 0, b.length);
        if (read != other || !Arrays.equals(a, 0, read, b, 0, read)) {
          return false;
        }
      } while (read == a.length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
