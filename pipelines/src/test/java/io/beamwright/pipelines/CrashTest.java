// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.compile.PlainEngine;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.CrashPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that halt, as if their power was cut, at every kind of step of a put and of a run: the
 * store reads, and the same command again ends as if nothing had happened, without running again
 * what was finished.
 */
class CrashTest {

  private static final int DATUMS_IN_STAGE = 4;
  private static final int IN_ONE_PROCESS = 25;
  private static final int HALTED_FOR_REAL = 6;
  private static final SortedMap<String, String> FILES =
      new TreeMap<>(Map.of("/a", "1", "/b", "2", "/c/d", "3", "/e", "4"));

  @TempDir Path temp;
  private Path in;

  @BeforeEach
  void writeInput() throws IOException {
    in = Files.createDirectories(temp.resolve("in"));
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Path path = in.resolve(file.getKey().substring(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  @Test
  void whereverAPutHaltsTheStoreReadsAndTheSamePutAgainMakesOneCommit() throws Exception {
    CrashPoints crashes =
        CrashPoints.of(
            Files.createDirectory(temp.resolve("put")),
            HaltedProcess.class,
            uri -> List.of("put", uri, in.toString()));
    List<CrashPoints.Point> points = crashes.points();

    int frozen =
        crashes.freezeAt(points, IN_ONE_PROCESS, (point, folder) -> assertThatAPutGoesOn(folder));
    List<CrashPoints.Point> some = sample(points, HALTED_FOR_REAL);
    int halted = crashes.haltAt(some, (point, folder) -> assertThatAPutGoesOn(folder));

    assertThat(frozen).isEqualTo(points.size()).isGreaterThan(100);
    assertThat(halted).isEqualTo(HALTED_FOR_REAL);
  }

  private void assertThatAPutGoesOn(Path folder) {
    String uri = "file:" + folder;
    readWholeIfThereIsAStore(uri);
    try (Workshop workshop = new Workshop(uri, temp)) {
      HaltedProcess.put(workshop, in);
      WholeStore.read(workshop.store());
      assertThat(workshop.texts("in")).isEqualTo(FILES);
      assertThat(workshop.moves("in")).hasSize(1);
    }
  }

  private static void readWholeIfThereIsAStore(String uri) {
    try (Store store = Store.open(StorageLocation.parse(uri).open())) {
      WholeStore.read(store);
    } catch (io.beamwright.versioning.fault.UserFault thereIsNone) {
      assertThat(thereIsNone).hasMessageContaining("There is no store");
    }
  }

  @Test
  void whereverARunHaltsTheSameRunAgainEndsInTheSameTreesAndRepeatsNoFinishedDatum()
      throws Exception {
    CrashPoints crashes = crashesOfRun("plain");
    List<CrashPoints.Point> points = crashes.points();
    List<CrashPoints.Point> chosen = sample(points, 172);

    int frozen =
        crashes.freezeAt(chosen, IN_ONE_PROCESS, (point, folder) -> assertThatARunGoesOn(folder));
    List<CrashPoints.Point> some = sample(chosen, HALTED_FOR_REAL);
    int halted = crashes.haltAt(some, (point, folder) -> assertThatARunGoesOn(folder));

    // The journal's clock may have had fewer turns than in the complete run.
    assertThat(frozen).isGreaterThan(chosen.size() * 9 / 10);
    assertThat(halted).isGreaterThan(HALTED_FOR_REAL * 2 / 3);
    for (String kind :
        List.of(
            "before create",
            "after create",
            "before list",
            "after read",
            "TEMPORARY_OPENED",
            "TEMPORARY_HALF_WRITTEN",
            "TEMPORARY_WRITTEN",
            "TEMPORARY_FLUSHED",
            "LINKED",
            "FOLDER_MADE",
            "FOLDER_FLUSHED",
            "TEMPORARY_DELETED")) {
      assertThat(chosen).anyMatch(point -> point.step().startsWith(kind));
    }
  }

  @Test
  void whereverAGraphHaltsTheSameRunAgainEndsInTheSameTreesAndRepeatsNoFinishedDatum()
      throws Exception {
    CrashPoints crashes = crashesOfRun("beam");
    List<CrashPoints.Point> chosen = sample(crashes.points(), 22);

    int frozen =
        crashes.freezeAt(chosen, IN_ONE_PROCESS, (point, folder) -> assertThatARunGoesOn(folder));
    int halted = crashes.haltAt(sample(chosen, 2), (point, folder) -> assertThatARunGoesOn(folder));

    assertThat(frozen).isGreaterThanOrEqualTo(20);
    assertThat(halted).isPositive();
  }

  private CrashPoints crashesOfRun(String engine) throws IOException {
    Path template = temp.resolve("template");
    try (Workshop workshop = new Workshop("file:" + template, temp)) {
      HaltedProcess.put(workshop, in);
    }
    Path scratch = Files.createDirectories(temp.resolve("scratch"));
    // Programs of root run as another user, who has to pass.
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwx--x--x"));
    return CrashPoints.of(
            Files.createDirectory(temp.resolve(engine)),
            HaltedProcess.class,
            uri -> List.of(engine, uri))
        .startingFrom(template)
        .withJvmOptions("-Djava.io.tmpdir=" + scratch);
  }

  private void assertThatARunGoesOn(Path folder) {
    try (Workshop workshop = new Workshop("file:" + folder, temp)) {
      Store store = workshop.store();
      WholeStore.read(store);
      long attemptsBefore = store.attempts().newestNumber();
      int finishedBefore = WholeStore.finished(store).size();

      HaltedProcess.run(workshop, new PlainEngine(2));

      WholeStore.read(store);
      assertThat(workshop.texts("first")).isEqualTo(FILES);
      assertThat(workshop.texts("second")).isEqualTo(FILES);
      assertThat(workshop.moves("first")).hasSize(1);
      assertThat(workshop.moves("second")).hasSize(1);
      assertThat(toRunSince(store, attemptsBefore)).isEqualTo(2 * DATUMS_IN_STAGE - finishedBefore);
      Map<Sha256, Integer> finished = WholeStore.finished(store);
      assertThat(finished).hasSize(2 * DATUMS_IN_STAGE);
      assertThat(finished.values()).as("no datum ran twice").containsOnly(1);
    }
  }

  private static long toRunSince(Store store, long attempt) {
    long toRun = 0;
    for (long number = attempt + 1; number <= store.attempts().newestNumber(); number++) {
      toRun += store.attempts().at(number).orElseThrow().toRun();
    }
    return toRun;
  }

  /** Some of {@code points}, the same for the same steps, in their order. */
  private static List<CrashPoints.Point> sample(List<CrashPoints.Point> points, int number) {
    List<CrashPoints.Point> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, new Random(7));
    List<CrashPoints.Point> chosen =
        new ArrayList<>(shuffled.subList(0, Math.min(number, shuffled.size())));
    chosen.sort(Comparator.comparingInt(CrashPoints.Point::number));
    return chosen;
  }
}
