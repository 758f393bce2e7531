// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill itself: it starts from what it is given, and lets no failure pass. */
class CrashPointsTest {

  private static final StorageKey BEFORE = new StorageKey("before");

  @TempDir Path temp;
  @TempDir Path template;

  /** Reads what was there before, and fails if it was not. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] words) {
      try (Storage storage = StorageLocation.parse(words[0]).open()) {
        storage.read(BEFORE, 0, 1);
      }
    }
  }

  @Test
  void aCheckThatThrowsNamesThePointAndLeavesTheStore() throws Exception {
    new LocalStorage(template).createIfAbsent(BEFORE, StorageProcess.text("x"));
    CrashPoints crashes =
        CrashPoints.of(temp, Reader.class, uri -> List.of(uri)).startingFrom(template);
    List<CrashPoints.Point> points = crashes.points();

    assertThat(points)
        .containsExactly(
            new CrashPoints.Point(1, "before read before"),
            new CrashPoints.Point(2, "after read before"));
    assertThatThrownBy(
            () ->
                crashes.haltAt(
                    points,
                    (point, store) -> assertThat(point.number()).as("the number").isEqualTo(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 of 2 points: halted at 2 (after read before)")
        .hasMessageContaining("[the number]");
    assertThat(temp.resolve("halted-at-2/before")).hasContent("x");
    assertThat(temp.resolve("halted-at-1")).doesNotExist();
  }

  @Test
  void runsThatFreezeInOneProcessLeaveWhatAKilledOneLeaves() throws Exception {
    new LocalStorage(template).createIfAbsent(BEFORE, StorageProcess.text("x"));
    CrashPoints crashes =
        CrashPoints.of(temp, LocalStorageCrashTest.Series.class, uri -> List.of(uri))
            .startingFrom(template);
    List<CrashPoints.Point> points = crashes.points().subList(0, 40);
    Map<Integer, List<String>> killed = new ConcurrentHashMap<>();
    Map<Integer, List<String>> frozen = new ConcurrentHashMap<>();

    crashes.haltAt(points, (point, store) -> killed.put(point.number(), files(store)));
    int stopped =
        crashes.freezeAt(points, 15, (point, store) -> frozen.put(point.number(), files(store)));

    assertThat(stopped).isEqualTo(points.size());
    assertThat(frozen).isEqualTo(killed);
    assertThat(frozen.values())
        .anyMatch(files -> files.stream().anyMatch(f -> f.contains(".tmp/")));
  }

  // Names of temporary files are random.
  private static List<String> files(Path store) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files
          .filter(Files::isRegularFile)
          .map(
              file ->
                  store.relativize(file).toString().replaceFirst("\\.tmp/.*", ".tmp/*")
                      + " "
                      + file.toFile().length())
          .sorted()
          .toList();
    }
  }

  @Test
  void aCheckOfAFrozenRunThatThrowsNamesThePoint() throws Exception {
    new LocalStorage(template).createIfAbsent(BEFORE, StorageProcess.text("x"));
    CrashPoints crashes =
        CrashPoints.of(temp, Reader.class, uri -> List.of(uri)).startingFrom(template);

    assertThatThrownBy(
            () ->
                crashes.freezeAt(
                    crashes.points(),
                    2,
                    (point, store) -> assertThat(point.number()).as("the number").isEqualTo(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("halted at 2 (after read before)")
        .hasMessageContaining("[the number]");
  }

  @Test
  void aFrozenRunThatFailsByItselfIsNotTakenForAHalt() {
    CrashPoints crashes = CrashPoints.of(temp, Reader.class, uri -> List.of(uri));

    assertThatThrownBy(
            () ->
                crashes.freezeAt(
                    List.of(new CrashPoints.Point(9, "none")), 1, (point, store) -> {}))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ObjectAbsent");
  }

  @Test
  void aRunThatFailsByItselfIsNotTakenForAHalt() {
    CrashPoints crashes = CrashPoints.of(temp, Reader.class, uri -> List.of(uri));

    assertThatThrownBy(crashes::points)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the complete run ended with exit code 1");
  }
}
