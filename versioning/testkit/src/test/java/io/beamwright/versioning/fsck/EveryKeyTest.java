// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.NewerStore;
import io.beamwright.versioning.fsck.Things.Injection;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Of a store that has one of everything each key is deleted, changed and cut, one at a time, and a
 * check tells. A new kind of key that no check knows of is found here.
 */
class EveryKeyTest {

  private static final String STORE = "/stores/3.zip";

  /** What may be gone without a word, by what keys match, and why. */
  private static final Map<String, String> UNTOLD = untold();

  private static Map<String, String> untold() {
    Map<String, String> untold = new LinkedHashMap<>();
    untold.put("dropped/897/.*", "the files that it lets go are still there");
    untold.put("objects/970/.*", "bytes of a commit whose files were let go");
    untold.put("objects/402/.*", "a pack of which a map says where its parts are now");
    untold.put("moved/402/.*", "that map, as long as the pack is there");
    untold.put("objects/c92/.*", "the datums of a plan, which a collection may have taken");
    untold.put("journals/.*", "results that are merged, or are computed again without it");
    untold.put("leases/.*", "a lease runs out by itself");
    untold.put("remotes/.*/999/999/999/999", "as if the remote had never been added");
    untold.put("retention/.*/999/999/999/999", "as if there had never been a rule");
    untold.put("condemned/.*", "of a list that is done with; of the other one it is told");
    untold.put("gc/999/999/999/991", "the newest entry: the list stands as it did before it");
    untold.put("refs/.*", "the newest entry of a ref, which docs/format.md tells of");
    return untold;
  }

  private final MemoryStorage storage = new MemoryStorage();

  @BeforeEach
  void fill() throws IOException {
    try (InputStream resource = EveryKeyTest.class.getResourceAsStream(STORE)) {
      assertThat(resource).as(STORE).isNotNull();
      try (ZipInputStream zip = new ZipInputStream(resource)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          Things.put(storage, new StorageKey(entry.getName()), zip.readAllBytes());
        }
      }
    }
    assertThat(quick().damages()).isEmpty();
  }

  @Test
  void whatIsDeletedIsToldUnlessItIsNotNeeded() {
    List<String> silent = new ArrayList<>();
    Set<String> unused = new TreeSet<>(UNTOLD.keySet());
    FsckReport sound = quick();
    for (StorageKey key : Things.keys(storage)) {
      byte[] before = Things.bytes(storage, key);
      storage.delete(key);
      if (!isTold(Fsck.Depth.QUICK, sound.notices().size())
          && dangling(quick()) == dangling(sound)) {
        Optional<String> reason = UNTOLD.keySet().stream().filter(key.text()::matches).findFirst();
        reason.ifPresentOrElse(unused::remove, () -> silent.add(key.text()));
      }
      Things.put(storage, key, before);
    }

    assertThat(silent).isEmpty();
    assertThat(unused).as("on the list, and told").isEmpty();
  }

  @Test
  void whateverIsChangedOrCutIsTold() {
    Random random = new Random(20_261_130);
    List<String> silent = new ArrayList<>();
    int notices = quick().notices().size();
    int objects = 0;
    for (StorageKey key : Things.keys(storage)) {
      boolean isObject = key.text().startsWith("objects/");
      // All have bytes of their own alone, and to read them takes long: every eighth will do.
      if (isObject && objects++ % 8 > 0) {
        continue;
      }
      byte[] before = Things.bytes(storage, key);
      for (Injection injection : List.of(Injection.FLIP, Injection.TRUNCATE)) {
        if (before.length > 0) {
          injection.into(storage, key, random);
          if (!isTold(isObject ? Fsck.Depth.OBJECTS : Fsck.Depth.QUICK, notices)) {
            silent.add(injection + " " + key);
          }
          Things.put(storage, key, before);
        }
      }
    }

    assertThat(silent).isEmpty();
  }

  private FsckReport quick() {
    return Fsck.check(storage, Fsck.Depth.QUICK, Optional.empty());
  }

  /** How many things nothing needs. */
  private static long dangling(FsckReport report) {
    FsckReport.Dangling dangling = report.dangling();
    return dangling.objects() + dangling.nodes() + dangling.commits();
  }

  private boolean isTold(Fsck.Depth depth, int notices) {
    try {
      FsckReport report = Fsck.check(storage, depth, Optional.empty());
      return !report.isSound() || report.notices().size() > notices;
    } catch (NewerStore e) {
      // A format that says more than this version knows: refused by its name.
      return true;
    }
  }
}
