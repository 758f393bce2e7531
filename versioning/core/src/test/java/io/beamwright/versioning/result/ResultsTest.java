// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.result.DatumResult.State;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Store.openOrCreate(StorageLocation.parse("file:" + folder).open());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aResultIsFoundAsSoonAsItsJournalIsWritten() throws IOException {
    Attempt attempt = begin(NOON);
    DatumResult result = result("k", "out");
    store.journals().write(attempt.number(), List.of(result));

    assertThat(text(store.results().known().find(key("k")))).contains(text(result));
    assertThat(store.results().merged().find(key("k"))).isEmpty();
  }

  @Test
  void aMergedResultIsFoundWithoutItsJournal() throws IOException {
    Attempt attempt = begin(NOON);
    store.journals().write(attempt.number(), List.of(result("k", "out"), result("l", "other")));

    Results.Merged merged = store.results().merge(attempt, NOON);

    assertThat(merged.added()).isEqualTo(2);
    store
        .storage()
        .list(StoreLayout.journals(attempt.number()), Optional.empty(), 10)
        .forEach(journal -> store.storage().delete(journal.key()));
    assertThat(text(store.results().merged().find(key("k")))).contains(text(result("k", "out")));
    assertThat(text(store.results().known().find(key("l")))).contains(text(result("l", "other")));
  }

  @Test
  void theFirstResultOfAKeyStaysAndAnotherIsToldOf() throws IOException {
    Attempt first = begin(NOON);
    Attempt second = begin(NOON);
    store.journals().write(first.number(), List.of(result("k", "one")));
    store.journals().write(second.number(), List.of(result("k", "two"), result("l", "same")));
    store.journals().write(second.number(), List.of(result("l", "same")));

    Results.Merged mergedSecond = store.results().merge(second, NOON);
    Results.Merged mergedFirst = store.results().merge(first, NOON);

    assertThat(text(store.results().merged().find(key("k")))).contains(text(result("k", "one")));
    assertThat(mergedSecond.contradictions())
        .extracting(c -> c.kept().key())
        .containsExactly(key("k"));
    assertThat(mergedFirst.added()).isZero();
  }

  @Test
  void aFailureIsNeverAResult() throws IOException {
    Attempt attempt = begin(NOON);
    DatumResult failed =
        new DatumResult(
            key("k"),
            DatumResult.State.FAILED,
            List.of(),
            Optional.empty(),
            CanonicalJson.object().put("exit_code", 3));
    store.journals().write(attempt.number(), List.of(failed));

    assertThat(store.results().known().find(key("k"))).isEmpty();
    assertThat(store.results().merge(attempt, NOON).added()).isZero();
  }

  @Test
  void aResultWhoseBytesAreGoneCountsAsAbsentAndTheNextWholeOneCounts() throws IOException {
    Attempt attempt = begin(NOON);
    DatumResult gone = result("k", "gone");
    store.journals().write(attempt.number(), List.of(gone));
    ObjectRef object = gone.outputs().get(0).file().extents().get(0).object();
    store.storage().delete(StoreLayout.object(object.id(), object.generation()));

    assertThat(store.results().known().find(key("k"))).isEmpty();

    Attempt again = begin(NOON);
    store.journals().write(again.number(), List.of(result("k", "there")));
    assertThat(text(store.results().known().find(key("k")))).contains(text(result("k", "there")));
    assertThat(store.results().merge(again, NOON).added()).isEqualTo(1);
    assertThat(text(store.results().merged().find(key("k")))).contains(text(result("k", "there")));
  }

  @Test
  void anAttemptThatWasClosedAsAbandonedStillMergesWhatItWrites() throws IOException {
    Attempt slow = begin(NOON);
    Instant later = NOON.plus(Duration.ofHours(25));
    Attempt other = begin(later);
    store.results().merge(other, later);

    store.journals().write(slow.number(), List.of(result("k", "late")));
    assertThat(store.results().merge(slow, later).added()).isEqualTo(1);
    assertThat(text(store.results().merged().find(key("k")))).contains(text(result("k", "late")));
  }

  @Test
  void requestsDoNotGrowWithTheNumberOfResultsThatAreLookedUp() throws IOException {
    RecordingStorage storage = new RecordingStorage();
    try (Store counted = Store.openOrCreate(storage)) {
      int results = 6_000;
      Attempt attempt = counted.attempts().begin(key("job"), "run", "stage", NOON, 1, 1);
      counted.journals().write(attempt.number(), eachWithAnObjectOfItsOwn(counted, results));
      counted.results().merge(attempt, NOON);
      storage.forget();

      KnownResults merged = counted.results().merged();
      for (int i = 0; i < results; i++) {
        assertThat(text(merged.find(key("k" + i)))).get().asString().contains("\"/out-" + i + "\"");
      }

      // The nodes of the tree, windows of 1 MiB, and the pages of all objects.
      assertThat(storage.opened()).hasSizeLessThan(100);
      assertThat(storage.listed()).hasSizeLessThanOrEqualTo(PresentObjects.ONE_BY_ONE + 4096 + 10);
    }
  }

  @Test
  void aDamagedResultAmongItsNeighboursIsNamed() throws IOException {
    RecordingStorage storage = new RecordingStorage();
    try (Store damaged = Store.openOrCreate(storage)) {
      Attempt attempt = damaged.attempts().begin(key("job"), "run", "stage", NOON, 1, 1);
      damaged.journals().write(attempt.number(), eachWithAnObjectOfItsOwn(damaged, 10));
      damaged.results().merge(attempt, NOON);
      String pack =
          storage.keys().stream()
              .filter(name -> name.startsWith("objects/") && storage.bytes(name).length > 1_000)
              .findFirst()
              .orElseThrow();
      storage.bytes(pack)[200] ^= 1;
      KnownResults merged = damaged.results().merged();

      List<String> faults = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        try {
          assertThat(merged.find(key("k" + i))).isPresent();
        } catch (DamagedObject fault) {
          faults.add(String.valueOf(fault.getMessage()));
        }
      }
      assertThat(faults).hasSize(1).first().asString().contains(pack);
    }
  }

  private static List<DatumResult> eachWithAnObjectOfItsOwn(Store into, int count)
      throws IOException {
    List<DatumResult> results = new ArrayList<>();
    try (Packer packer = into.packer()) {
      for (int i = 0; i < count; i++) {
        byte[] output = Integer.toString(i).getBytes(UTF_8);
        StoredFile file = packer.addWhole(Content.of(output)).stored();
        results.add(
            new DatumResult(
                key("k" + i),
                DatumResult.State.SUCCESS,
                List.of(FileEntry.of(new FilePath("/out-" + i), false, file)),
                Optional.empty(),
                CanonicalJson.object()));
      }
    }
    return results;
  }

  @Test
  void aMergeAddsUpWhatItsAttemptMadeEachDatumOnce() throws IOException {
    Attempt other = begin(NOON);
    store.journals().write(other.number(), List.of(told("o", State.SUCCESS, 9, 900, 900, 9)));
    Attempt attempt = begin(NOON);
    store
        .journals()
        .write(
            attempt.number(),
            List.of(
                told("a", State.SUCCESS, 3, 5, 10, 0),
                told("b", State.FAILED, 2, 7, 1_000, 0),
                told("table", State.SUCCESS, 1, 1, 2, 20)));
    // Workers that did a datum again: what ran well counts, and of two of a kind the first.
    store.journals().write(attempt.number(), List.of(told("a", State.FAILED, 1, 1, 1, 0)));
    store.journals().write(attempt.number(), List.of(result("silent", "xyz")));

    Tally tally = store.results().merge(attempt, NOON).tally();

    assertThat(tally.ran()).isEqualTo(4);
    assertThat(tally.failed()).isOne();
    assertThat(tally.retried()).isEqualTo(3);
    assertThat(tally.bytes()).isEqualTo(3 + 3 + "xyz".length());
    assertThat(tally.rows()).hasValue(20);
    assertThat(tally.milliseconds()).hasValue(5 + 10 + 7 + 1_000 + 1 + 2);
    assertThat(tally.longest()).contains(new Tally.Longest(key("b"), 1_007));
    Tally nothing = store.results().merge(begin(NOON), NOON).tally();
    assertThat(nothing.ran()).isZero();
    assertThat(nothing.rows()).isEmpty();
    assertThat(nothing.milliseconds()).isEmpty();
    assertThat(nothing.longest()).isEmpty();
  }

  /** A result of three bytes, or of a table of {@code rows}, that tells of its times. */
  private DatumResult told(
      String name, State state, int tries, long materialise, long run, long rows)
      throws IOException {
    ObjectNode facts = CanonicalJson.object().put("tries", tries);
    facts.putObject("milliseconds").put("materialise", materialise).put("run", run);
    DatumResult plain = result(name, "abc");
    StoredFile file = plain.outputs().get(0).file();
    StoredFile table =
        rows == 0
            ? file
            : new StoredFile(
                file.size(),
                file.sha256(),
                file.extents(),
                Optional.of(new TableFacts("{}", rows, Optional.empty(), List.of())));
    List<FileEntry> outputs =
        state == State.SUCCESS
            ? List.of(FileEntry.of(plain.outputs().get(0).path(), false, table))
            : List.of();
    return new DatumResult(key(name), state, outputs, Optional.empty(), facts);
  }

  @Test
  void mergesThatRaceLoseNothing() throws Exception {
    int writers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<Results.Merged>> merges = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      Attempt attempt = begin(NOON);
      List<DatumResult> results = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        results.add(result("w" + w + " " + i, "out " + i));
      }
      store.journals().write(attempt.number(), results);
      merges.add(threads.submit(() -> store.results().merge(attempt, NOON)));
    }
    for (Future<Results.Merged> merge : merges) {
      assertThat(merge.get().contradictions()).isEmpty();
    }
    threads.shutdown();

    KnownResults merged = store.results().merged();
    for (int w = 0; w < writers; w++) {
      for (int i = 0; i < 20; i++) {
        assertThat(merged.find(key("w" + w + " " + i))).isPresent();
      }
    }
  }

  private Attempt begin(Instant at) {
    return store.attempts().begin(key("job"), "run", "stage", at, 1, 1);
  }

  private DatumResult result(String key, String output) throws IOException {
    try (Packer packer = store.packer()) {
      PendingFile pending = packer.add(Content.of(output.getBytes(UTF_8)));
      packer.flush();
      StoredFile file = pending.stored();
      return new DatumResult(
          key(key),
          DatumResult.State.SUCCESS,
          List.of(FileEntry.of(new FilePath("/out"), false, file)),
          Optional.of(file),
          CanonicalJson.object().put("exit_code", 0));
    }
  }

  private static Optional<String> text(Optional<DatumResult> result) {
    return result.map(ResultsTest::text);
  }

  private static String text(DatumResult result) {
    return CanonicalJson.text(result.toJson());
  }

  private static Sha256 key(String name) {
    return Sha256.of(name.getBytes(UTF_8));
  }
}
