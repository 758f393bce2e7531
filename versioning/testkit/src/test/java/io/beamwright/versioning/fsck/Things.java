// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What a storage holds, key by key, for tests that take or change some of it. */
final class Things {

  private Things() {}

  static List<StorageKey> keys(Storage storage) {
    return storage.list("", Optional.empty(), Integer.MAX_VALUE).stream().map(Listed::key).toList();
  }

  static byte[] bytes(Storage storage, StorageKey key) {
    return storage.read(key, 0, Integer.MAX_VALUE);
  }

  static void put(Storage storage, StorageKey key, byte[] bytes) {
    storage.delete(key);
    var unused = storage.createIfAbsent(key, Content.of(bytes));
  }

  static MemoryStorage copy(Storage storage) {
    MemoryStorage copy = new MemoryStorage();
    keys(storage).forEach(key -> put(copy, key, bytes(storage, key)));
    return copy;
  }

  /** A change of one thing of a store. */
  enum Injection {
    FLIP {
      @Override
      void into(Storage storage, StorageKey key, Random random) {
        byte[] changed = bytes(storage, key).clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        put(storage, key, changed);
      }
    },
    TRUNCATE {
      @Override
      void into(Storage storage, StorageKey key, Random random) {
        byte[] bytes = bytes(storage, key);
        put(storage, key, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      }
    },
    DELETE {
      @Override
      void into(Storage storage, StorageKey key, Random random) {
        storage.delete(key);
      }
    };

    /** One that leaves the key there. */
    static Injection change(Random random) {
      return random.nextBoolean() ? FLIP : TRUNCATE;
    }

    static Injection any(Random random) {
      return random.nextInt(3) == 0 ? DELETE : change(random);
    }

    abstract void into(Storage storage, StorageKey key, Random random);
  }
}
