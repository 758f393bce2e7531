// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private Store store;
  private Repo prices;
  private final List<CommitId> line = new ArrayList<>();

  @BeforeEach
  void fourCommits() {
    store = Store.openOrCreate(StorageLocation.parse("file:" + folder).open());
    prices = store.repos().create("prices", "", "ann", NOON);
    for (int i = 0; i < 4; i++) {
      line.add(put("/folder/file-" + i));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void refsMeanWhatTheySay() {
    assertThat(id("prices")).isEqualTo(line.get(3));
    assertThat(id("prices@master")).isEqualTo(line.get(3));
    assertThat(id("prices@master^")).isEqualTo(line.get(2));
    assertThat(id("prices@master^^")).isEqualTo(line.get(1));
    assertThat(id("prices@master~3")).isEqualTo(line.get(0));
    assertThat(id("prices@master.1")).isEqualTo(line.get(0));
    assertThat(id("prices@master.3")).isEqualTo(line.get(2));
    assertThat(id("prices@" + line.get(1).hex())).isEqualTo(line.get(1));
    assertThat(id("prices@" + line.get(1).hex().substring(0, 20))).isEqualTo(line.get(1));
    assertThat(id("prices@" + line.get(1).hex().substring(0, 20) + "^")).isEqualTo(line.get(0));
  }

  @Test
  void aBranchWinsOverThePrefixOfACommit() {
    String prefix = line.get(0).hex().substring(0, 8);
    Refs refs = store.repos().refs(prices);
    RefMove move =
        new RefMove(Optional.of(line.get(2)), "ann", NOON, "like a commit", Optional.empty());
    var unused = refs.move(refs.head(prefix), RefKind.BRANCH, move);

    assertThat(id("prices@" + prefix)).isEqualTo(line.get(2));
  }

  @Test
  void anAmbiguousPrefixListsTheCandidates() {
    // Enough commits that two begin with the same four digits.
    List<CommitId> all = new ArrayList<>(line);
    Optional<CommitId> twin = Optional.empty();
    while (twin.isEmpty()) {
      CommitId next = put("/more-" + all.size());
      twin =
          all.stream()
              .filter(c -> c.hex().substring(0, 4).equals(next.hex().substring(0, 4)))
              .findFirst();
      all.add(next);
    }
    CommitId one = twin.get();
    CommitId other = all.get(all.size() - 1);

    assertThatThrownBy(() -> id("prices@" + one.hex().substring(0, 4)))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(one.hex())
        .hasMessageContaining(other.hex());
  }

  @Test
  void aCommitOfAnotherRepoIsNotFoundHere() {
    Repo other = store.repos().create("other", "", "ann", NOON);
    assertThat(other.id()).isNotEqualTo(prices.id());

    assertThatThrownBy(() -> id("other@" + line.get(0).hex()))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(line.get(0).hex());
  }

  @Test
  void anUnknownRefNamesTheNearMisses() {
    assertThatThrownBy(() -> id("prices@mastr"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("master"))
        .hasMessageContaining("\"mastr\"");
  }

  @Test
  void goingBeyondTheFirstCommitSaysHowManyThereAre() {
    assertThatThrownBy(() -> id("prices@master~4"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("there are 4");
    assertThatThrownBy(() -> id("prices@master.5")).isInstanceOf(UserFault.class);
    assertThatThrownBy(() -> id("prices@master.0")).isInstanceOf(UserFault.class);
  }

  @Test
  void commitsOfOtherReposThatBeginAlikeDoNotHideOurs() {
    Repo other = store.repos().create("other", "", "ann", NOON);
    CommitId ours = line.get(0);
    String prefix = ours.hex().substring(0, 4);
    String form = new String(commit(other, List.of(), "MESSAGE").bytes(), UTF_8);
    for (int i = 0, alike = 0; alike < 11; i++) {
      // Hashing text is faster than making a commit each time.
      String id = Sha256.of(form.replace("MESSAGE", "" + i).getBytes(UTF_8)).hex();
      if (id.startsWith(prefix)) {
        assertThat(store.commits().write(commit(other, List.of(), "" + i)).hex()).isEqualTo(id);
        alike++;
      }
    }

    assertThat(id("prices@" + prefix)).isEqualTo(ours);
  }

  @Test
  void aShortPrefixSaysHowManyDigitsAreNeeded() {
    assertThatThrownBy(() -> id("prices@" + "0ab"))
        .isInstanceOfSatisfying(
            UserFault.class,
            fault -> assertThat(fault.remedy()).startsWith("Of an id, give 4 digits or more."))
        .hasMessageContaining("\"0ab\"");
  }

  @Test
  void aJobThatMadeNoCommitIsNamed() {
    Sha256 job = Sha256.of(new byte[] {7});
    var unused = store.jobs().fixPlan(job, CanonicalJson.object());

    assertThatThrownBy(() -> id("prices@" + job.hex().substring(0, 12)))
        .isInstanceOf(UserFault.class)
        .hasMessage("The job " + job + " has made no commit.");
    var unusedCommit = store.jobs().publish(job, line.get(2));
    assertThat(id("prices@" + job.hex().substring(0, 12))).isEqualTo(line.get(2));
  }

  @Test
  void thePlaceInAHistoryWithMergesCountsAlongFirstParents() {
    CommitId side = line.get(0);
    for (int i = 0; i < 9; i++) {
      side = write(List.of(side), "side " + i);
    }
    CommitId merge = write(List.of(line.get(3), side), "merge");

    assertThat(id("prices@" + merge + ".5")).isEqualTo(merge);
    assertThat(id("prices@" + merge + ".4")).isEqualTo(line.get(3));
    assertThat(id("prices@" + merge + "^2")).isEqualTo(line.get(2));
    assertThatThrownBy(() -> id("prices@" + merge + ".6")).hasMessageContaining("there are 5");
    assertThatThrownBy(() -> id("prices@" + merge + "~5")).hasMessageContaining("there are 5");
  }

  private CommitId write(List<CommitId> parents, String message) {
    return store.commits().write(commit(prices, parents, message));
  }

  private Commit commit(Repo repo, List<CommitId> parents, String message) {
    long depth =
        parents.stream().mapToLong(p -> store.commits().read(p).depth() + 1).max().orElse(0);
    return new Commit(
        repo.name(),
        repo.id(),
        parents,
        depth,
        store.commits().read(line.get(0)).tree(),
        Optional.empty(),
        "ann",
        NOON,
        message,
        Optional.empty());
  }

  @Test
  void aPathThatIsNotThereNamesItsNearMissesAndAFolderIsNotAFile() {
    History history = store.history();
    Tree files = history.files(history.resolve(Revision.parse("prices")).commit());

    assertThatThrownBy(
            () -> history.requireFile(files, new FilePath("/folder/file-9"), "prices@master"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("/folder/file-"))
        .hasMessageContaining("/folder/file-9");
    assertThatThrownBy(() -> history.requireFile(files, new FilePath("/folder"), "prices@master"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("is a folder");
  }

  @Test
  void aStoreOfAFormatThatWeDoNotKnowIsRefused() throws IOException {
    Path format = folder.resolve("format");
    Files.writeString(
        format, "{\"features\":[\"packs-2\"],\"format\":\"beamwright-store\",\"version\":1}");

    assertThatThrownBy(() -> Store.open(StorageLocation.parse("file:" + folder).open()).close())
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("packs-2");
  }

  @Test
  void theFormatObjectIsThatOfTheGoldenBytes() throws IOException {
    assertThat(Files.readString(folder.resolve("format")))
        .isEqualTo(
            "{\"features\":[\"feature-keys\"],\"format\":\"beamwright-store\",\"version\":1}");
  }

  private CommitId id(String typed) {
    return store.history().resolve(Revision.parse(typed)).id();
  }

  private CommitId put(String path) {
    try (Packer packer = store.packer()) {
      PendingFile file = packer.add(Content.of(path.getBytes(UTF_8)));
      packer.flush();
      TreeEdit edit = new TreeEdit.Put(FileEntry.of(new FilePath(path), false, file.stored()));
      return new Committer(store, "ann", NOON)
          .commit(
              prices,
              "master",
              "put",
              Committer.Empty.SKIPPED,
              before -> store.trees().edit(before, List.of(edit)))
          .head()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
