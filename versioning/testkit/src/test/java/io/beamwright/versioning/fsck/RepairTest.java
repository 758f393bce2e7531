// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fsck.Things.Injection;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.Killed;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.testkit.Trouble;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepairTest {

  private final MemoryStorage storage = new MemoryStorage();
  private MemoryStorage sound = new MemoryStorage();

  @BeforeEach
  void fill() {
    WholeStore.fill(storage);
    sound = Things.copy(storage);
  }

  @Test
  void everyKindOfThingComesBackFromASoundCopy() {
    Random random = new Random(5);
    SortedSet<String> everything = Everything.in(sound);
    for (StorageKey key : oneOfEachKind()) {
            for (Injection injection : List.of(Injection.change(random), Injection.DELETE)) {
        injection.into(storage, key, random);
        boolean wasSound = Fsck.check(storage).isSound();
        RepairReport report = Repair.run(storage, Optional.of(sound));
        assertThat(report.failed()).as(injection + " " + key).isEmpty();
        assertThat(Fsck.check(storage).damages()).as(injection + " " + key).isEmpty();
        if (!wasSound) {
          assertReads(everything, injection + " " + key);
          assertThat(report.repaired()).isNotEmpty();
        }
        reset();
      }
    }
  }

  private void reset() {
    Things.keys(storage).forEach(storage::delete);
    Things.keys(sound).forEach(key -> Things.put(storage, key, Things.bytes(sound, key)));
  }

  private void assertReads(SortedSet<String> everything, String what) {
    SortedSet<String> now = Everything.in(storage);
    assertThat(now.stream().filter(line -> !everything.contains(line)).limit(3)).as(what).isEmpty();
    assertThat(everything.stream().filter(line -> !now.contains(line)).limit(3)).as(what).isEmpty();
  }

  private List<StorageKey> oneOfEachKind() {
    Map<String, StorageKey> kinds = new LinkedHashMap<>();
    List<StorageKey> keys = new ArrayList<>(Things.keys(sound));
    Collections.shuffle(keys, new Random(7));
    for (StorageKey key : keys) {
      String[] parts = key.text().split("/", -1);
      String name = parts[0].equals("jobs") ? parts[3] : "";
      String generation = key.text().matches(".*-\\d+") ? "again" : "";
      kinds.putIfAbsent(parts[0] + name + generation, key);
    }
    return List.copyOf(kinds.values());
  }

  @Test
  void manyDamagesAtOnceComeBack() {
    Random random = new Random(11);
    SortedSet<String> everything = Everything.in(sound);
    List<StorageKey> keys = new ArrayList<>(Things.keys(storage));
    Collections.shuffle(keys, random);
    for (StorageKey key : keys.subList(0, 60)) {
      // Not deleted: of some deletions nobody can tell.
      Injection.change(random).into(storage, key, random);
    }

    RepairReport report = Repair.run(storage, Optional.of(sound));

    assertThat(report.failed()).isEmpty();
    assertThat(report.repaired()).hasSizeGreaterThan(20);
    assertThat(Fsck.check(storage).damages()).isEmpty();
    assertReads(everything, "all");
  }

  @Test
  void aDamagedGenerationComesBackFromAnotherOneOfTheSameStore() {
    StorageKey again =
        Things.keys(storage).stream()
            .filter(key -> key.text().matches("objects/.*-1"))
            .filter(key -> Things.keys(storage).contains(first(key)))
            .findFirst()
            .orElseThrow();
    Injection.FLIP.into(storage, first(again), new Random(1));

    assertThat(Fsck.check(storage).damages())
        .singleElement()
        .satisfies(damage -> assertThat(damage.copies()).containsExactly(again.text()));
    RepairReport report = Repair.run(storage, Optional.empty());

    assertThat(report.repaired())
        .containsExactly(new RepairReport.Repaired(first(again), "memory:/" + again));
    assertThat(Things.bytes(storage, first(again))).isEqualTo(Things.bytes(sound, first(again)));
  }

  private static StorageKey first(StorageKey again) {
    return new StorageKey(again.text().substring(0, again.text().length() - 2));
  }

  @Test
  void killedAtAnyCallItLeavesNothingWorseAndCanBeRepeated() {
    SortedSet<String> everything = Everything.in(sound);
    for (StorageKey key : List.of(newestRefEntry(), anyOf("objects/"), anyOf("trees/"))) {
      int changes = 1;
      for (boolean killed = true; killed; changes++) {
        Injection.FLIP.into(storage, key, new Random(changes));
        killed = isKilled(changes);
        if (killed) {
          assertThat(Fsck.check(storage).isSound() && !Everything.in(storage).equals(everything))
              .as("damage of %s is forgotten, killed at change %s", key, changes)
              .isFalse();
          assertThat(Repair.run(storage, Optional.of(sound)).failed()).isEmpty();
        }
        assertThat(Fsck.check(storage).damages()).isEmpty();
        assertReads(everything, "all");
        reset();
      }
      assertThat(changes).as("calls that change something").isGreaterThan(4);
    }
  }

  private boolean isKilled(int change) {
    FaultyStorage.Call[] calls = {FaultyStorage.Call.CREATE, FaultyStorage.Call.DELETE};
    // Creates and deletes alternate: the n-th change is the n/2-th of its kind.
    FaultyStorage faulty = new FaultyStorage(storage);
    faulty.trouble(calls[(change + 1) % 2], (change + 1) / 2, Trouble.DIE_BEFORE);
    try {
      var unused = Repair.run(faulty, Optional.of(sound));
      return false;
    } catch (Killed e) {
      return true;
    }
  }

  private StorageKey newestRefEntry() {
    return Things.keys(storage).stream()
        .filter(key -> key.text().contains("/gone/") && key.text().endsWith("998"))
        .findFirst()
        .orElseThrow();
  }

  private StorageKey anyOf(String prefix) {
    return Things.keys(storage).stream()
        .filter(key -> key.text().startsWith(prefix) && !key.text().contains("-"))
        .skip(3)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anEntryOfAnotherStoresLogIsNotTaken() {
    MemoryStorage other = new MemoryStorage();
    WholeStore.fill(other);
    StorageKey entry = new StorageKey("attempts/999/999/999/998");
    storage.delete(entry);

    RepairReport report = Repair.run(storage, Optional.of(other));

    assertThat(report.repaired()).isEmpty();
    assertThat(report.failed())
        .containsExactly(
            new RepairReport.Failed(
                entry, "memory: has no sound copy of it that is surely the same."));
  }
}
