// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FsckTest {

  private static final int INJECTIONS = 1_000;
  private static final long SEED = 20_261_124;

  private final RecordingStorage storage = new RecordingStorage();

  @BeforeEach
  void fill() {
    WholeStore.fill(storage);
  }

  @Test
  void aStoreWithOneOfEverythingIsSound() {
    FsckReport report = Fsck.check(storage);

    assertThat(report.damages()).isEmpty();
    assertThat(report.notices()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.checked().unverified()).isZero();
  }

  /** A change of one thing of a store. */
  private enum Injection {
    FLIP {
      @Override
      void into(RecordingStorage storage, String key, Random random) {
        byte[] changed = storage.bytes(key).clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        storage.replace(key, changed);
      }
    },
    TRUNCATE {
      @Override
      void into(RecordingStorage storage, String key, Random random) {
        byte[] bytes = storage.bytes(key);
        storage.replace(key, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      }
    },
    DELETE {
      @Override
      void into(RecordingStorage storage, String key, Random random) {
        storage.delete(new StorageKey(key));
      }
    };

    abstract void into(RecordingStorage storage, String key, Random random);
  }

  @Test
  void ofAThousandInjectionsAllAreFound() {
    Random random = new Random(SEED);
    List<String> keys = storage.keys();
    List<String> missed = new ArrayList<>();
    for (int i = 0; i < INJECTIONS; i++) {
      String key = keys.get(random.nextInt(keys.size()));
      byte[] before = storage.bytes(key);
      Injection injection = Injection.values()[random.nextInt(3)];
      injection.into(storage, key, random);
      FsckReport report = Fsck.check(storage);
      if (report.isSound()) {
        missed.add(injection + " " + key + " " + report.notices());
      }
      storage.replace(key, before);
    }
    assertThat(new TreeSet<>(missed)).isEmpty();
  }
}
