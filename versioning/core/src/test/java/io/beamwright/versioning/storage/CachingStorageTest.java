// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.SealedParts;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachingStorageTest {

  private static final long ROOMY = 1L << 30;

  @TempDir private Path folder;

  private final RecordingStorage source = new RecordingStorage();

  private CachingStorage cached(long mostBytes) {
    return new CachingStorage(source, folder, mostBytes);
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private StorageKey object(byte[] bytes) {
    StorageKey key = StoreLayout.object(Sha256.of(bytes), 0);
    source.createIfAbsent(key, Content.of(bytes));
    return key;
  }

  private static byte[] readAll(Storage storage, StorageKey key) throws IOException {
    try (InputStream in = storage.open(key)) {
      return in.readAllBytes();
    }
  }

  @Test
  void whatIsReadIsTheSameOnceAndAgainWhateverTheSizeAndRange() throws Exception {
    int block = CachingStorage.BLOCK;
    Random random = new Random(1);
    for (int size : new int[] {0, 1, block - 1, block, block + 1, 8 * block, 9 * block + 3}) {
      byte[] content = bytes(size, size);
      StorageKey key = object(content);
      for (int i = 0; i < 30; i++) {
        int from = random.nextInt(size + 2);
        int length = random.nextInt(size + 10);
        byte[] expected = source.read(key, from, length);
        assertThat(cached(ROOMY).read(key, from, length)).isEqualTo(expected);
      }
      assertThat(readAll(cached(ROOMY), key)).isEqualTo(content);
      source.forget();
      assertThat(readAll(cached(ROOMY), key)).isEqualTo(content);
      assertThat(source.opened()).isEmpty();
    }
  }

  @Test
  void neighboursInAPackComeWithOneRequest() {
    StorageKey pack = object(bytes(3 << 20, 1));
    CachingStorage storage = cached(ROOMY);
    source.forget();

    for (int i = 0; i < 100; i++) {
      storage.read(pack, 1_000L * i, 1_000);
    }

    assertThat(source.opened()).hasSize(1);
  }

  @Test
  void aCopyThatIsDamagedCutShortOrMisplacedIsNeverServed() throws Exception {
    byte[] content = bytes(3_000, 2);
    StorageKey key = object(content);
    cached(ROOMY).read(key, 0, 3_000);
    Path copy = copies().get(0);
    byte[] whole = Files.readAllBytes(copy);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] damaged =
          i % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      if (i % 2 == 1) {
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.createDirectories(copy.getParent());
      Files.write(copy, damaged);
      assertThat(cached(ROOMY).read(key, 0, 3_000)).isEqualTo(content);
    }
    StorageKey other = object(bytes(3_000, 4));
    cached(ROOMY).read(other, 0, 3_000);
    for (Path file : copies()) {
      Files.write(file, whole);
    }
    assertThat(cached(ROOMY).read(other, 0, 3_000)).isEqualTo(bytes(3_000, 4));
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void whatIsKeptStaysWithinItsBoundAndWhatWasUsedLastStays() throws Exception {
    long bound = 64L << 20;
    for (int i = 0; i < 150; i++) {
      cached(bound).read(object(bytes(1 << 20, i)), 0, 1 << 20);
    }
    long kept = 0;
    for (Path copy : copies()) {
      kept += Files.size(copy);
    }
    assertThat(kept).isBetween(bound / 4, bound);
    source.forget();
    cached(bound).read(object(bytes(1 << 20, 149)), 0, 1 << 20);
    assertThat(source.opened()).isEmpty();
  }

  @Test
  void refsAndAllElseThatMovesIsReadFromTheStorageItself() {
    StorageKey ref = StorageKey.of("refs/a/master/1");
    source.createIfAbsent(ref, Content.of(new byte[] {1}));
    CachingStorage storage = cached(ROOMY);
    storage.read(ref, 0, 1);
    source.replace(ref.text(), new byte[] {2});

    assertThat(storage.read(ref, 0, 1)).containsExactly(2);
    assertThat(storage.list("refs/", Optional.empty(), 5)).hasSize(1);
  }

  @Test
  void aDamagedNodeOrCommitIsHandedOnAndNotKept() {
    byte[] identity = bytes(100, 5);
    byte[] node = SealedParts.seal("BWTN", identity, new byte[0]);
    StorageKey nodeKey = StoreLayout.treeNode(Sha256.of(identity), 0);
    StorageKey commitKey = StoreLayout.commit(Sha256.of(identity));
    byte[] damaged = node.clone();
    damaged[20] ^= 1;
    CachingStorage storage = cached(ROOMY);
    source.replace(nodeKey.text(), damaged);
    source.replace(commitKey.text(), bytes(100, 6));
    assertThat(storage.read(nodeKey, 0, 1_000)).isEqualTo(damaged);
    assertThat(storage.read(commitKey, 0, 1_000)).isEqualTo(bytes(100, 6));

    source.replace(nodeKey.text(), node);
    source.replace(commitKey.text(), identity);
    assertThat(storage.read(nodeKey, 0, 1_000)).isEqualTo(node);
    assertThat(storage.read(commitKey, 0, 1_000)).isEqualTo(identity);
    source.forget();
    assertThat(cached(ROOMY).read(nodeKey, 0, 1_000)).isEqualTo(node);
    assertThat(cached(ROOMY).read(commitKey, 0, 1_000)).isEqualTo(identity);
    assertThat(source.opened()).isEmpty();
  }

  @Test
  void aBlockThatWasReadWrongIsForgottenByWhoeverFindsOut() {
    byte[] content = bytes(2_000, 7);
    StorageKey key = object(content);
    source.bytes(key.text())[5] ^= 1;
    ObjectRef object = ObjectRef.of(Sha256.of(content));
    StoredFile file =
        new StoredFile(2_000, object.id(), List.of(new Extent(object, 0, 2_000)), Optional.empty());
    StoredFiles files = new StoredFiles(cached(ROOMY));
    assertThatThrownBy(() -> files.readAll(file)).isInstanceOf(DamagedObject.class);

    // As fsck does when it repairs the store.
    source.bytes(key.text())[5] ^= 1;

    assertThat(files.readAll(file)).isEqualTo(content);
  }

  @Test
  void whoFollowsAnOldNodeToNowhereFindsTheNewOneTheNextTime() {
    byte[] identity = bytes(100, 8);
    StorageKey key = StoreLayout.treeNode(Sha256.of(identity), 0);
    byte[] before = SealedParts.seal("BWTN", identity, bytes(10, 1));
    byte[] after = SealedParts.seal("BWTN", identity, bytes(10, 2));
    CachingStorage storage = cached(ROOMY);
    source.replace(key.text(), before);
    assertThat(storage.read(key, 0, 1_000)).isEqualTo(before);
    source.replace(key.text(), after);

    StorageKey gone = StoreLayout.object(Sha256.of(identity), 0);
    assertThatThrownBy(() -> storage.read(gone, 0, 1)).isInstanceOf(ObjectAbsent.class);

    assertThat(storage.read(key, 0, 1_000)).isEqualTo(after);
  }

  @Test
  void aFolderThatCannotBeUsedIsDoneWithout() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    byte[] content = bytes(100, 9);
    StorageKey key = object(content);

    CachingStorage storage = new CachingStorage(source, file, ROOMY);

    assertThat(storage.read(key, 0, 100)).isEqualTo(content);
    assertThat(readAll(storage, key)).isEqualTo(content);
  }
}
