// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.MovedMaps.Move;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredFilesTest {

  @TempDir private Path folder;

  private final RecordingStorage storage = new RecordingStorage();
  private final StoredFiles files = new StoredFiles(storage);

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private ObjectRef object(byte[] bytes) {
    ObjectRef object = ObjectRef.of(Sha256.of(bytes));
    storage.createIfAbsent(ExtentStream.key(object), Content.of(bytes));
    return object;
  }

  private StoredFile whole(byte[] bytes) {
    Extent extent = new Extent(object(bytes), 0, bytes.length);
    return new StoredFile(bytes.length, Sha256.of(bytes), List.of(extent), Optional.empty());
  }

  /** A file of extents of all kinds: a large head, the middle of an object, a small tail. */
  private StoredFile scattered(byte[] content) {
    int third = content.length / 3;
    byte[] head = Arrays.copyOf(content, third);
    byte[] middle = new byte[third + 20];
    System.arraycopy(content, third, middle, 10, third);
    byte[] tail = Arrays.copyOfRange(content, 2 * third, content.length);
    List<Extent> extents =
        List.of(
            new Extent(object(head), 0, third),
            new Extent(object(middle), 10, third),
            new Extent(object(tail), 0, tail.length));
    return new StoredFile(content.length, Sha256.of(content), extents, Optional.empty());
  }

  @Test
  void aFileOfSeveralExtentsReadsAsItsContent() throws Exception {
    for (int size : new int[] {3, 3_000, 10_000_000}) {
      byte[] content = bytes(size, size);
      StoredFile file = scattered(content);
      Path copy = folder.resolve("copy");

      assertThat(files.readAll(file)).isEqualTo(content);
      try (InputStream in = files.open(file)) {
        assertThat(in.read()).isEqualTo(content[0] & 0xff);
        assertThat(in.skip(1)).isEqualTo(1);
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 2, size));
        assertThat(in.read()).isEqualTo(-1);
      }
      files.copyTo(file, copy);
      assertThat(Files.readAllBytes(copy)).isEqualTo(content);
    }
  }

  @Test
  void anEmptyFileNeedsNoObject() {
    StoredFile empty = new StoredFile(0, Sha256.of(new byte[0]), List.of(), Optional.empty());

    assertThat(files.readAll(empty)).isEmpty();
    assertThat(files.localPath(empty)).isEmpty();
  }

  @Test
  void anyRangeOfAFileCanBeRead() {
    byte[] content = bytes(4_000_000, 1);
    StoredFile file = scattered(content);
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      int from = random.nextInt(content.length);
      int length = random.nextInt(content.length - from);
      assertThat(files.read(file, from, length))
          .isEqualTo(Arrays.copyOfRange(content, from, from + length));
    }
    assertThatThrownBy(() -> files.read(file, content.length - 3, 4))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRangeOfALargeFileReadsNoMoreThanThat() {
    StoredFile file = whole(bytes(3_000_000, 3));
    storage.forget();

    files.read(file, 2_999_000, 1_000);

    assertThat(storage.opened()).hasSize(1);
  }

  @Test
  void aFlippedBitIsFoundBeforeTheLastBytesAreHandedOut() throws Exception {
    byte[] content = bytes(300, 4);
    StoredFile file = scattered(content);
    String expected = "bytes of the file with SHA-256 " + file.sha256() + " (300 bytes), gives SHA";
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      Extent extent = file.extents().get(random.nextInt(3));
      String key = ExtentStream.key(extent.object()).text();
      byte[] object = storage.bytes(key);
      int at = (int) extent.offset() + random.nextInt((int) extent.length());
      int mask = 1 << random.nextInt(8);
      object[at] ^= (byte) mask;

      try (InputStream in = files.open(file)) {
        assertThatThrownBy(in::readAllBytes)
            .isInstanceOf(DamagedObject.class)
            .hasMessageContaining("memory:test/" + key)
            .hasMessageContaining(expected);
      }
      assertThatThrownBy(() -> files.readAll(file)).isInstanceOf(DamagedObject.class);
      assertThatThrownBy(() -> files.read(file, 0, 1)).isInstanceOf(DamagedObject.class);
      object[at] ^= (byte) mask;
    }
    assertThat(files.readAll(file)).isEqualTo(content);
  }

  @Test
  void aReaderOfPiecesNeverGetsTheLastOneOfADamagedFile() throws Exception {
    byte[] content = bytes(100, 6);
    StoredFile file = whole(content);
    storage.bytes(storage.keys().get(0))[0] ^= 1;
    List<Integer> read = new ArrayList<>();

    try (InputStream in = files.open(file)) {
      assertThatThrownBy(
              () -> {
                for (int b = in.read(); b >= 0; b = in.read()) {
                  read.add(b);
                }
              })
          .isInstanceOf(DamagedObject.class);
    }
    assertThat(read).hasSize(99);
  }

  @Test
  void aDamagedFileLeavesNoCopy() {
    StoredFile file = whole(bytes(100, 7));
    storage.bytes(storage.keys().get(0))[50] ^= 4;
    Path copy = folder.resolve("copy");

    assertThatThrownBy(() -> files.copyTo(file, copy)).isInstanceOf(DamagedObject.class);
    assertThat(copy).doesNotExist();
  }

  @Test
  void aTargetThatCannotBeWrittenIsNamedAndLeftAlone() {
    StoredFile file = whole(bytes(10, 8));

    assertThatThrownBy(() -> files.copyTo(file, folder))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(folder.toString());
    assertThat(folder).exists();
  }

  @Test
  void aTruncatedObjectIsNamed() {
    for (int size : new int[] {1_000, 3_000_000}) {
      StoredFile file = whole(bytes(size, 9));
      String key = ExtentStream.key(file.extents().get(0).object()).text();
      storage.replace(key, Arrays.copyOf(storage.bytes(key), size - 1));

      assertThatThrownBy(() -> files.readAll(file))
          .isInstanceOf(DamagedObject.class)
          .hasMessage(
              "memory:test/%s, which should hold bytes of the file with SHA-256 %s (%d bytes), ends"
                      .formatted(key, file.sha256(), size)
                  + " after %d bytes.".formatted(size - 1));
    }
  }

  @Test
  void anAbsentObjectIsNamedWithWhatItHeld() {
    byte[] content = bytes(10, 10);
    StoredFile file = whole(content);
    String key = storage.keys().get(0);
    storage.delete(new StorageKey(key));

    assertThatThrownBy(() -> files.readAll(file))
        .isInstanceOf(DamagedObject.class)
        .hasMessage(
            "memory:test/%s, which should hold bytes of the file with SHA-256 %s (10 bytes), is"
                    .formatted(key, file.sha256())
                + " absent.");
    assertThat(files.isPresent(file.extents().get(0))).isFalse();
  }

  @Test
  void anObjectOfAnotherGenerationIsFound() {
    byte[] content = bytes(10, 11);
    StoredFile file = whole(content);
    String key = storage.keys().get(0);
    storage.replace(key + "-3", content);
    storage.delete(new StorageKey(key));

    assertThat(files.readAll(file)).isEqualTo(content);
    assertThat(files.isPresent(file.extents().get(0))).isTrue();
  }

  @Test
  void aMovedPackIsReadWhereItsPartsAreNow() {
    byte[] first = bytes(100, 12);
    byte[] second = bytes(50, 13);
    byte[] pack = Arrays.copyOf(first, 150);
    System.arraycopy(second, 0, pack, 100, 50);
    ObjectRef old = object(pack);
    StoredFile file =
        new StoredFile(50, Sha256.of(second), List.of(new Extent(old, 100, 50)), Optional.empty());
    ObjectRef once = move(old, 100, second, 7);
    storage.delete(ExtentStream.key(old));
    assertThat(files.readAll(file)).isEqualTo(second);
    assertThat(files.isPresent(file.extents().get(0))).isTrue();

    move(once, 7, second, 3);
    storage.delete(ExtentStream.key(once));
    assertThat(files.readAll(file)).isEqualTo(second);

    StoredFile gone =
        new StoredFile(100, Sha256.of(first), List.of(new Extent(old, 0, 100)), Optional.empty());
    assertThatThrownBy(() -> files.readAll(gone))
        .isInstanceOf(DamagedObject.class)
        .hasMessageContaining("is absent");
  }

  @Test
  void aMapThatLeadsToWhatIsGoneHidesNoOther() {
    byte[] content = bytes(50, 16);
    ObjectRef pack = object(content);
    StoredFile file =
        new StoredFile(50, pack.id(), List.of(new Extent(pack, 0, 50)), Optional.empty());
    // Moved, and moved on, to where nothing is any more; stored again, and moved again.
    ObjectRef once = move(pack, 0, content, 3);
    ObjectRef twice = move(once, 3, content, 5);
    storage.delete(ExtentStream.key(once));
    storage.delete(ExtentStream.key(twice));
    ObjectRef again = move(pack, 1, 0, content, 7);
    storage.delete(ExtentStream.key(pack));

    assertThat(files.readAll(file)).isEqualTo(content);
    assertThat(files.isPresent(file.extents().get(0))).isTrue();

    // And a circle leads nowhere, and ends.
    move(again, 7, content, 0);
    storage.delete(ExtentStream.key(again));
    storage.delete(ExtentStream.key(pack));
    assertThat(files.isPresent(file.extents().get(0))).isFalse();
    assertThatThrownBy(() -> files.readAll(file)).hasMessageContaining("is absent");
  }

  @Test
  void aFileOfManyPartsThatAllMovedIsRead() {
    List<Extent> extents = new ArrayList<>();
    byte[] content = new byte[100 * 10];
    for (int i = 0; i < 100; i++) {
      byte[] part = bytes(10, 100 + i);
      System.arraycopy(part, 0, content, 10 * i, 10);
      ObjectRef old = object(part);
      extents.add(new Extent(old, 0, 10));
      move(old, 0, part, i % 7);
      if (i % 7 > 0) {
        storage.delete(ExtentStream.key(old));
      }
    }
    StoredFile file = new StoredFile(1_000, Sha256.of(content), extents, Optional.empty());

    assertThat(files.readAll(file)).isEqualTo(content);
  }

  @Test
  void aDamagedMapHidesNoOther() {
    byte[] content = bytes(50, 17);
    ObjectRef pack = object(content);
    StoredFile file =
        new StoredFile(50, pack.id(), List.of(new Extent(pack, 0, 50)), Optional.empty());
    move(pack, 0, content, 3);
    storage.bytes(StoreLayout.movedMap(pack.id(), 0).text())[20] ^= 1;
    move(pack, 1, 0, content, 5);
    storage.delete(ExtentStream.key(pack));

    assertThat(files.readAll(file)).isEqualTo(content);
  }

  // Rewrites the pack `old`, of which only `content` at `oldOffset` lives on.
  private ObjectRef move(ObjectRef old, long oldOffset, byte[] content, int offset) {
    return move(old, 0, oldOffset, content, offset);
  }

  private ObjectRef move(ObjectRef old, int map, long oldOffset, byte[] content, int offset) {
    byte[] pack = new byte[offset + content.length];
    System.arraycopy(content, 0, pack, offset, content.length);
    ObjectRef now = object(pack);
    byte[] moves =
        MovedMaps.encode(List.of(new Move(oldOffset, new Extent(now, offset, content.length))));
    storage.createIfAbsent(StoreLayout.movedMap(old.id(), map), Content.of(moves));
    return now;
  }

  @Test
  void aDamagedMapIsNamed() {
    byte[] content = bytes(50, 14);
    ObjectRef old = object(content);
    StoredFile file =
        new StoredFile(50, old.id(), List.of(new Extent(old, 0, 50)), Optional.empty());
    move(old, 0, content, 3);
    storage.delete(ExtentStream.key(old));
    String map = storage.keys().stream().filter(key -> key.startsWith("moved/")).findFirst().get();
    storage.bytes(map)[20] ^= 1;

    assertThatThrownBy(() -> files.readAll(file))
        .isInstanceOf(DamagedObject.class)
        .hasMessage(
            "memory:test/"
                + map
                + ", which should hold the map of a moved pack, does not match its own checksum.");
  }

  @Test
  void onlyAWholeObjectInALocalStorageHasALocalPath() throws IOException {
    byte[] content = bytes(30, 15);
    StoredFile file = whole(content);
    assertThat(files.localPath(file)).isEmpty();

    storage.pretendToLieIn(folder);
    Path path = folder.resolve(storage.keys().get(0));
    Files.createDirectories(path.getParent());
    Files.write(path, content);
    assertThat(files.localPath(file)).contains(path);
    assertThat(files.localPath(scattered(content))).isEmpty();

    Files.write(path, new byte[3]);
    assertThatThrownBy(() -> files.localPath(file))
        .isInstanceOf(DamagedObject.class)
        .hasMessageContaining("has 3 bytes");
  }
}
