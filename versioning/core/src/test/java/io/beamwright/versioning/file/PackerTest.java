// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.gc.WriteSession;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {

  @TempDir private Path scratch;

  private final RecordingStorage storage = new RecordingStorage();
  private final StoredFiles files = new StoredFiles(storage);

  private static Content random(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return Content.of(bytes);
  }

  private static byte[] bytes(Content content) throws IOException {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    }
  }

  @Test
  void smallContentsShareAnObjectThatIsNamedByItsBytes() throws Exception {
    List<PendingFile> pending = new ArrayList<>();
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      for (int i = 0; i < 1_000; i++) {
        pending.add(packer.add(random(i, i)));
      }
      assertThat(storage.keys()).isEmpty();
      packer.flush();
    }

    assertThat(storage.keys()).hasSize(1);
    String key = storage.keys().get(0);
    String hex = Sha256.of(storage.bytes(key)).hex();
    assertThat(key).isEqualTo("objects/" + hex.substring(0, 3) + "/" + hex);
    for (int i = 0; i < 1_000; i++) {
      assertThat(files.readAll(pending.get(i).stored())).isEqualTo(bytes(random(i, i)));
    }
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void noByteOfAPackIsUnchecked() throws Exception {
    List<PendingFile> pending = new ArrayList<>();
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      for (int i = 0; i < 20; i++) {
        pending.add(packer.add(random(i, i)));
      }
      packer.flush();
    }
    byte[] pack = storage.bytes(storage.keys().get(0));
    for (int bit = 0; bit < 8 * pack.length; bit++) {
      pack[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> pending.forEach(file -> files.readAll(file.stored())))
          .isInstanceOf(DamagedObject.class);
      pack[bit / 8] ^= (byte) (1 << (bit % 8));
    }
  }

  @Test
  void aLargeContentIsAnObjectOfItsOwn() throws Exception {
    Content large = random(Packer.PACKED_BELOW, 1);
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      StoredFile stored = packer.add(large).stored();

      assertThat(stored.extents())
          .containsExactly(new Extent(ObjectRef.of(stored.sha256()), 0, Packer.PACKED_BELOW));
      assertThat(files.readAll(stored)).isEqualTo(bytes(large));
    }
  }

  @Test
  void aSmallContentCanBeAnObjectOfItsOwn() throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      packer.add(random(10, 1));
      StoredFile stored = packer.addWhole(random(10, 1)).stored();

      assertThat(stored.extents().get(0).object().id()).isEqualTo(stored.sha256());
      assertThat(storage.keys()).hasSize(1);
    }
  }

  @Test
  void aContentIsStoredOnce() throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      PendingFile one = packer.add(random(5_000, 1));
      PendingFile same = packer.add(random(5_000, 1));
      packer.flush();
      PendingFile later = packer.add(random(5_000, 1));
      packer.flush();
      packer.addWhole(random(2_000_000, 2));
      packer.addWhole(random(2_000_000, 2));

      assertThat(same.stored()).isEqualTo(one.stored());
      assertThat(later.stored()).isEqualTo(one.stored());
      assertThat(storage.created()).hasSize(2);
    }
  }

  @Test
  void packsEndBeforeTheyAreTooLarge() throws Exception {
    int size = Packer.PACKED_BELOW - 1;
    List<PendingFile> pending = new ArrayList<>();
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      for (int i = 0; i < 66; i++) {
        pending.add(packer.add(random(size, i)));
      }
      packer.flush();
    }

    assertThat(storage.keys()).hasSize(2);
    assertThat(storage.keys()).allMatch(key -> storage.bytes(key).length <= 64 << 20);
    assertThat(files.readAll(pending.get(64).stored())).isEqualTo(bytes(random(size, 64)));
  }

  @Test
  void anEmptyContentNeedsNoObject() throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      PendingFile empty = packer.add(Content.of(new byte[0]));
      PendingFile whole = packer.addWhole(Content.of(new byte[0]));
      packer.flush();

      assertThat(empty.stored()).isEqualTo(whole.stored());
      assertThat(files.readAll(empty.stored())).isEmpty();
      assertThat(storage.keys()).isEmpty();
    }
  }

  @Test
  void nothingIsSaidToBeStoredBeforeItIs() throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      PendingFile pending = packer.add(random(10, 1));

      assertThat(pending.size()).isEqualTo(10);
      assertThat(pending.sha256()).isEqualTo(Sha256.of(bytes(random(10, 1))));
      assertThatThrownBy(pending::stored)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Packer.flush");
    }
  }

  @Test
  void aContentThatChangesWhileItIsReadIsRefused() {
    for (int size : new int[] {10, 2_000_000}) {
      for (int change : new int[] {-1, 1}) {
        Content changing =
            new Content() {
              @Override
              public long size() {
                return size;
              }

              @Override
              public InputStream open() {
                return new ByteArrayInputStream(new byte[size + change]);
              }
            };
        try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
          assertThatThrownBy(() -> packer.add(changing))
              .isInstanceOf(IOException.class)
              .hasMessage("it had " + size + " bytes and changed while it was read");
        }
      }
    }
    assertThat(storage.keys()).isEmpty();
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void anObjectThatIsThereButCutShortIsNamed() throws Exception {
    byte[] content = bytes(random(2_000_000, 1));
    String hex = Sha256.of(content).hex();
    String key = "objects/" + hex.substring(0, 3) + "/" + hex;
    storage.replace(key, new byte[12]);
    try (Packer packer = new Packer(new WriteSession(storage), scratch)) {
      assertThatThrownBy(() -> packer.add(Content.of(content)))
          .isInstanceOf(DamagedObject.class)
          .hasMessageStartingWith("memory:test/" + key)
          .hasMessageEndingWith("has 12 bytes.");
    }
  }

  @Test
  void aScratchFolderThatIsNotThereIsNamed() {
    Path absent = scratch.resolve("absent");
    try (Packer packer = new Packer(new WriteSession(storage), absent)) {
      assertThatThrownBy(() -> packer.add(random(1, 1)))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining(absent.toString());
    }
  }
}
