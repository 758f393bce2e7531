// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.storage.DamagedObject;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever bit of whatever node is wrong, the tree is refused and the node is named. */
class NodeDamageProperties {

  private static final TreeShape TINY = new TreeShape(8, 4, 64, 1 << 20);

  private final RecordingStorage storage = new RecordingStorage();
  private final Tree tree =
      new Trees(new WriteSession(storage), TINY).build(Entries.many(200).iterator());

  @Property(tries = 2_000)
  void aFlippedBitIsFound(
      @ForAll @IntRange(max = Integer.MAX_VALUE - 1) int node,
      @ForAll @IntRange(max = Integer.MAX_VALUE - 1) int bit) {
    String key = storage.keys().get(node % storage.keys().size());
    byte[] bytes = storage.bytes(key);
    byte[] damaged = bytes.clone();
    int at = bit % (8 * bytes.length);
    damaged[at / 8] ^= (byte) (1 << (at % 8));

    requireRefusal(key, bytes, damaged);
  }

  @Property(tries = 200)
  void anotherLengthIsFound(
      @ForAll @IntRange(max = Integer.MAX_VALUE - 1) int node,
      @ForAll @IntRange(max = Integer.MAX_VALUE - 1) int length) {
    String key = storage.keys().get(node % storage.keys().size());
    byte[] bytes = storage.bytes(key);
    int other = length % (bytes.length + 20);

    requireRefusal(key, bytes, Arrays.copyOf(bytes, other == bytes.length ? 0 : other));
  }

  @Property(tries = 50)
  void anotherNodeInItsPlaceIsFound(@ForAll @IntRange(max = Integer.MAX_VALUE - 1) int node) {
    List<String> keys = storage.keys();
    String key = keys.get(node % keys.size());
    String other = keys.get((node + 1) % keys.size());

    requireRefusal(key, storage.bytes(key), storage.bytes(other));
  }

  private void requireRefusal(String key, byte[] bytes, byte[] damaged) {
    storage.replace(key, damaged);
    Throwable thrown =
        catchThrowable(
            () ->
                new Trees(new WriteSession(storage), TINY)
                    .open(tree.id())
                    .files()
                    .forEach(file -> {}));
    storage.replace(key, bytes);

    assertThat(thrown)
        .isInstanceOf(DamagedObject.class)
        .hasMessageStartingWith("memory:test/" + key + ", which should hold a node of a tree, ");
  }
}
