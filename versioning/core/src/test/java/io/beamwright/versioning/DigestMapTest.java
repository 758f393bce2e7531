// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestMapTest {

  @Test
  void itIsAMapWhateverTheDigests() {
    Random random = new Random(3);
    DigestMap map = new DigestMap();
    Map<Sha256, Long> model = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      // Few first words, so that places collide and digests differ in their last bytes alone.
      Sha256 id = digest(random.nextInt(500), random.nextInt(200));
      long value = random.nextLong() >>> 1;
      assertThat(map.put(id, value)).isEqualTo(model.put(id, value) == null);
      Sha256 other = digest(random.nextInt(500), random.nextInt(200));
      assertThat(map.contains(other)).isEqualTo(model.containsKey(other));
    }
    Map<Sha256, Long> shown = new HashMap<>();
    map.forEach(shown::put);
    assertThat(shown).isEqualTo(model);
    assertThat(map.size()).isEqualTo(model.size());
    model.forEach((id, value) -> assertThat(map.get(id, -7)).isEqualTo(value));
    assertThat(map.get(digest(1_000, 0), -7)).isEqualTo(-7);
  }

  private static Sha256 digest(int first, int last) {
    return Sha256.readFrom(
        ByteBuffer.allocate(32)
            .putLong((long) first << 40)
            .putLong(0)
            .putLong(0)
            .putLong(last)
            .flip());
  }
}
