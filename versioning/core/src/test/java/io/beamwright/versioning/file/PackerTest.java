// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PackerTest {

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
    try (Packer packer = new Packer(new WriteSession(storage))) {
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
  }

  @Test
  void noByteOfAPackIsUnchecked() throws Exception {
    List<PendingFile> pending = new ArrayList<>();
    try (Packer packer = new Packer(new WriteSession(storage))) {
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
    try (Packer packer = new Packer(new WriteSession(storage))) {
      PendingFile pending = packer.add(large);
      packer.flush();
      StoredFile stored = pending.stored();

      assertThat(stored.extents())
          .containsExactly(new Extent(ObjectRef.of(stored.sha256()), 0, Packer.PACKED_BELOW));
      assertThat(files.readAll(stored)).isEqualTo(bytes(large));
    }
  }

  @Test
  void aSmallContentCanBeAnObjectOfItsOwn() throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage))) {
      packer.add(random(10, 1));
      StoredFile stored = packer.addWhole(random(10, 1)).stored();

      assertThat(stored.extents().get(0).object().id()).isEqualTo(stored.sha256());
      assertThat(storage.keys()).hasSize(1);
    }
  }

  @Test
  void aContentIsStoredOnce() throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage))) {
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
    try (Packer packer = new Packer(new WriteSession(storage))) {
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
    try (Packer packer = new Packer(new WriteSession(storage))) {
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
    try (Packer packer = new Packer(new WriteSession(storage))) {
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
        try (Packer packer = new Packer(new WriteSession(storage))) {
          assertThatThrownBy(() -> packer.add(changing))
              .isInstanceOf(IOException.class)
              .hasMessage("it had " + size + " bytes and changed while it was read");
        }
      }
    }
    assertThat(storage.keys()).isEmpty();
  }

  @Test
  void anObjectThatIsThereButCutShortIsNamed() throws Exception {
    byte[] content = bytes(random(2_000_000, 1));
    String hex = Sha256.of(content).hex();
    String key = "objects/" + hex.substring(0, 3) + "/" + hex;
    storage.replace(key, new byte[12]);
    try (Packer packer = new Packer(new WriteSession(storage))) {
      assertThatThrownBy(() -> packer.addWhole(Content.of(content)))
          .isInstanceOf(DamagedObject.class)
          .hasMessageStartingWith("memory:test/" + key)
          .hasMessageEndingWith("has 12 bytes.");
    }
  }

  @Test
  void aLargeFileIsCutIntoObjectsThatAreNamedByTheirBytes() throws Exception {
    byte[] content = bytes(random(70 << 20, 1));

    StoredFile stored = put(content, Optional.empty());

    assertThat(stored.sha256()).isEqualTo(Sha256.of(content));
    assertThat(stored.extents()).hasSizeGreaterThan(4);
    for (Extent extent : stored.extents()) {
      assertThat(extent.offset()).isZero();
      byte[] object = storage.bytes(ExtentStream.key(extent.object()).text());
      assertThat(extent.length()).isEqualTo(object.length).isLessThanOrEqualTo(16 << 20);
      assertThat(Sha256.of(object)).isEqualTo(extent.object().id());
    }
    assertThat(files.readAll(stored)).isEqualTo(content);
  }

  @Test
  void aContentOfUnknownSizeIsStoredAsOneWhoseSizeIsKnown() throws Exception {
    for (int size : new int[] {100, (1 << 20) - 1, 1 << 20, 3 << 20, 64 << 20, (64 << 20) + 1}) {
      byte[] content = bytes(random(size, size));
      StoredFile known = put(content, Optional.empty());
      try (Packer packer = new Packer(new WriteSession(storage))) {
        // A pipe hands out what it has.
        PendingFile pending = packer.add(inSmallSteps(content));
        packer.flush();
        assertThat(pending.stored()).isEqualTo(known);
      }
    }
  }

  private static InputStream inSmallSteps(byte[] content) {
    return new ByteArrayInputStream(content) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 65_521));
      }
    };
  }

  @Test
  void whatIsAppendedToALargeFileStoresOnlyItsLastChunks() throws Exception {
    byte[] before = bytes(random(120 << 20, 1));
    byte[] after = Arrays.copyOf(before, before.length + 1_000);

    StoredFile stored = storedBeside(before, after);

    assertThat(storage.created()).hasSizeLessThanOrEqualTo(2);
    assertThat(createdBytes()).isLessThanOrEqualTo(32 << 20);
    assertThat(files.readAll(stored)).isEqualTo(after);
  }

  @Test
  void aChangeInTheMiddleOfALargeFileStoresOnlyTheChunksAroundIt() throws Exception {
    byte[] before = bytes(random(120 << 20, 2));
    byte[] inserted = new byte[before.length + 7];
    System.arraycopy(before, 0, inserted, 0, 60 << 20);
    System.arraycopy(before, 60 << 20, inserted, (60 << 20) + 7, 60 << 20);

    StoredFile stored = storedBeside(before, inserted);

    assertThat(storage.created()).hasSizeLessThanOrEqualTo(3);
    assertThat(createdBytes()).isLessThanOrEqualTo(48 << 20);
    assertThat(files.readAll(stored)).isEqualTo(inserted);
  }

  @Test
  void aLargeFileThatIsThereAlreadyStoresNothing() throws Exception {
    byte[] content = bytes(random(80 << 20, 3));

    StoredFile there = put(content, Optional.empty());
    storage.forget();
    StoredFile again = put(content, Optional.of(there));

    assertThat(again).isEqualTo(there);
    assertThat(storage.created()).isEmpty();
  }

  @Test
  void aFileThatIsThereAlreadyStoresNothingWhateverItsSize() throws Exception {
    for (int size : new int[] {0, 10, 2 << 20}) {
      byte[] content = bytes(random(size, 4));
      StoredFile there = put(content, Optional.empty());
      storage.forget();

      assertThat(put(content, Optional.of(there))).isSameAs(there);
      assertThat(storage.created()).isEmpty();
    }
  }

  private StoredFile storedBeside(byte[] before, byte[] after) throws Exception {
    StoredFile there = put(before, Optional.empty());
    storage.forget();
    return put(after, Optional.of(there));
  }

  private StoredFile put(byte[] content, Optional<StoredFile> there) throws Exception {
    try (Packer packer = new Packer(new WriteSession(storage))) {
      PendingFile pending = packer.add(Content.of(content), there);
      packer.flush();
      return pending.stored();
    }
  }

  private long createdBytes() {
    return storage.created().stream().mapToLong(key -> storage.bytes(key).length).sum();
  }

  @Test
  void anObjectThatCannotBeStoredInTheBackgroundFailsTheFlush() throws Exception {
    byte[] content = bytes(random(2_000_000, 1));
    String hex = Sha256.of(content).hex();
    storage.replace("objects/" + hex.substring(0, 3) + "/" + hex, new byte[12]);
    try (Packer packer = new Packer(new WriteSession(storage))) {
      PendingFile pending = packer.add(Content.of(content));

      assertThatThrownBy(packer::flush).isInstanceOf(DamagedObject.class);
      assertThatThrownBy(pending::stored).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aTableThatIsReadTwiceIsStoredAsItWasHashedOrNotAtAll() throws Exception {
    byte[] content = bytes(random((64 << 20) + 5, 1));
    byte[] changed = content.clone();
    changed[1_000] ^= 1;
    for (byte[] second : List.of(content, changed)) {
      AtomicInteger opened = new AtomicInteger();
      Content changing =
          new Content() {
            @Override
            public long size() {
              return content.length;
            }

            @Override
            public InputStream open() {
              return new ByteArrayInputStream(opened.getAndIncrement() == 0 ? content : second);
            }
          };
      storage.clear();
      try (Packer packer = new Packer(new WriteSession(storage))) {
        if (second == changed) {
          assertThatThrownBy(() -> packer.addWhole(changing))
              .hasRootCauseMessage("it had 67108869 bytes and changed while it was read");
          assertThat(storage.keys()).isEmpty();
        } else {
          StoredFile stored = packer.addWhole(changing).stored();
          assertThat(stored.extents()).hasSize(1);
          assertThat(stored.sha256()).isEqualTo(Sha256.of(content));
        }
      }
    }
  }
}
