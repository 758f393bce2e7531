// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fsck.Fsck;
import io.beamwright.versioning.gc.Collector;
import io.beamwright.versioning.gc.Policy;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.sync.Sync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
  @ValueSource(strings = {"1", "2", "3"})
  void whatWasWrittenIsPushed(String name) throws IOException {
    MemoryStorage there = new MemoryStorage();
    try (Store store = open(name);
        Store target = Store.openOrCreate(there)) {
      for (Repo repo : store.repos().list()) {
        if (hasWholeJob(name) || !repo.name().equals("out")) {
          push(store, target, repo.name());
        }
      }
      assertThat(Fsck.check(there).damages()).isEmpty();
      assertThat(target.repos().list())
          .containsAll(store.repos().list().stream().filter(r -> !r.name().equals("out")).toList());
      assertThat(target.repos().find("out").isPresent()).isEqualTo(hasWholeJob(name));
    }
  }

  @Test
  void aDatumThatDoesNotSayWhatCameOfItIsNamedAndNothingOfItsRepoIsPushed() throws IOException {
    MemoryStorage there = new MemoryStorage();
    try (Store store = open("1");
        Store target = Store.openOrCreate(there)) {
      assertThatThrownBy(() -> push(store, target, "out"))
          .isInstanceOf(DamagedObject.class)
          .hasMessageContaining(StoreLayout.object(Sha256.of("{}".getBytes(UTF_8)), 0).text())
          .hasMessageContaining(
              ", which should hold the description of a datum, does not say what came of one.");
      assertThat(target.repos().list()).isEmpty();
      assertThat(Fsck.check(there).damages()).isEmpty();
    }
  }

  private static boolean hasWholeJob(String name) {
    return !name.equals("1");
  }

  private static void push(Store store, Store target, String repo) {
    Sync.Options gently = new Sync.Options("tester", Instant.now(), false, false);
    var unused = Sync.copy(store, target, repo, Optional.empty(), gently);
  }

  private Store open(String name) throws IOException {
    try (InputStream zipped = resource(name + ".zip")) {
      ZippedStore.unpack(zipped, root);
    }
    return Store.open(new LocalStorage(root));
  }

  private static String text(String name) throws IOException {
    try (InputStream in = resource(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static InputStream resource(String name) {
    InputStream found = OlderStoresTest.class.getResourceAsStream("/stores/" + name);
    assertThat(found).as("the resource /stores/" + name).isNotNull();
    return found;
  }
}
