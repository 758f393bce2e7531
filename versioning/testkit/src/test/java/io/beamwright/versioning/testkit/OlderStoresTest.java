// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.Policy;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.sync.Sync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that earlier versions wrote are read, byte for byte, and written on. */
class OlderStoresTest {

  @TempDir Path root;
  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void everythingThatWasWrittenIsRead(String name) throws IOException {
    try (Store store = open(name)) {
      assertThat(StoreContents.of(store))
          .containsExactlyElementsOf(text(name + ".txt").lines().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void aChangeGoesOnFromWhatWasWritten(String name) throws IOException {
    try (Store store = open(name)) {
      Repo repo = store.repos().require("Prices");
      Committer.Outcome outcome =
          new Committer(store, "tester", Instant.EPOCH)
              .commit(
                  repo,
                  "master",
                  "now",
                  Committer.Empty.SKIPPED,
                  tree -> new RepositoryAct.Append("/large", "!").make(store, tree));

      Committer.Outcome.Committed committed = (Committer.Outcome.Committed) outcome;
      assertThat(committed.commit().depth()).isEqualTo(5);
      assertThat(store.history().files(committed.commit()).fileCount()).isEqualTo(3_005);
    }
  }

  // The job of the first store left too little for one: a datum without a description.
  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void whatWasWrittenIsSoundAndCollectionsGoOn(String name) throws IOException {
    try (Store store = open(name)) {
      assertThat(Fsck.check(store.storage()).damages()).isEmpty();
      Policy keepsAll = new Policy(Duration.ZERO, Policy.WINDOW, Policy.WINDOW, 50, "tester");

      // The time of an unzipped file is that of now, so nothing of it is old enough to go.
      var unused = new Collector(store, keepsAll, scratch).collect();

      assertThat(Fsck.check(store.storage()).damages()).isEmpty();
      assertThat(StoreContents.of(store).stream().filter(line -> line.startsWith("file\t")))
          .containsExactlyElementsOf(
              text(name + ".txt").lines().filter(line -> line.startsWith("file\t")).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2"})
  void whatWasWrittenIsPushed(String name) throws IOException {
    MemoryStorage there = new MemoryStorage();
    try (Store store = open(name);
        Store target = Store.openOrCreate(there)) {
      Sync.Options gently = new Sync.Options("tester", Instant.now(), false, false);
      for (Repo repo : store.repos().list()) {
        var unused = Sync.copy(store, target, repo.name(), Optional.empty(), gently);
      }
      assertThat(Fsck.check(there).damages()).isEmpty();
      assertThat(target.repos().list()).containsExactlyElementsOf(store.repos().list());
    }
  }

  private Store open(String name) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(resource(name + ".zip"))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = root.resolve(entry.getName());
        Files.createDirectories(file.resolveSibling(""));
        Files.copy(zip, file);
      }
    }
    return Store.open(new LocalStorage(root));
  }

  private static String text(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream resource(String name) {
    InputStream found = OlderStoresTest.class.getResourceAsStream("/stores/" + name);
    assertThat(found).as("the resource /stores/" + name).isNotNull();
    return found;
  }
}
