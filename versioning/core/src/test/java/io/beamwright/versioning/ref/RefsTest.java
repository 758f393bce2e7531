// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.tree.Trees;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private Storage storage;
  private Repos repos;
  private Repo prices;
  private Refs refs;

  @BeforeEach
  void open() {
    storage = StorageLocation.parse("file:" + folder).open();
    repos = new Repos(new WriteSession(storage));
    prices = repos.create("prices", "daily prices", "ann", NOON);
    refs = repos.refs(prices);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aRefThatNeverWasDoesNotExist() {
    RefHead head = refs.head("master");

    assertThat(head.exists()).isFalse();
    assertThat(head.number()).isEqualTo(-1);
  }

  @Test
  void aCommitThatIsNotThereCannotBeNamed() {
    CommitId absent = CommitId.parse("0".repeat(64));
    RefMove move = new RefMove(Optional.of(absent), "ann", NOON, "test", Optional.empty());

    assertThatThrownBy(() -> refs.move(refs.head("master"), RefKind.BRANCH, move))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining(absent.hex() + " is absent");
    assertThat(refs.head("master").exists()).isFalse();
  }

  @Test
  void aMoveFromTheHeadMovesAndKeepsTheTrail() {
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(1)));
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(2)));

    assertThat(refs.head("master").commit()).contains(commit(2));
    assertThat(refs.moves("master", 10))
        .extracting(RefEntry::from, RefEntry::to, RefEntry::by)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                Optional.of(commit(1)), Optional.of(commit(2)), "ann"),
            org.assertj.core.groups.Tuple.tuple(Optional.empty(), Optional.of(commit(1)), "ann"));
  }

  @Test
  void aMoveFromAnOldHeadIsStaleAndLearnsWhereTheBranchStands() {
    RefHead old = refs.head("master");
    moved(refs.move(old, RefKind.BRANCH, to(1)));
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(2)));

    BranchMove late = refs.move(old, RefKind.BRANCH, to(3));

    assertThat(late).isInstanceOf(BranchMove.Stale.class);
    assertThat(late.head().commit()).contains(commit(2));
    assertThat(refs.head("master").commit()).contains(commit(2));
  }

  @Test
  void aDeletedBranchIsGoneButItsMovesStay() {
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(1)));
    moved(refs.delete(refs.head("master"), to(1)));

    assertThat(refs.head("master").exists()).isFalse();
    assertThat(refs.list()).isEmpty();
    assertThat(refs.moves("master", 10)).hasSize(2);
  }

  @Test
  void refsAreListedWhateverTheirNames() {
    for (String name : new String[] {"a", "A", "a/b", "a-b", "a0", "v1"}) {
      moved(refs.move(refs.head(name), RefKind.TAG, to(1)));
      moved(refs.move(refs.head(name), RefKind.TAG, to(2)));
    }

    assertThat(refs.list())
        .extracting(RefHead::name)
        .containsExactlyInAnyOrder("a", "A", "a/b", "a-b", "a0", "v1");
  }

  @Test
  void anEntryThatWaitsForATransactionCountsOnceItIsCommitted() {
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(1)));
    append(1, 2, "t1");

    assertThat(refs.head("master").commit()).contains(commit(1));

    assertThat(new Transactions(storage).commit("t1")).isTrue();
    assertThat(refs.head("master").commit()).contains(commit(2));
  }

  @Test
  void aMoverAbortsThePendingTransactionInItsWay() {
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(1)));
    append(1, 2, "t1");

    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(3)));

    assertThat(new Transactions(storage).commit("t1")).isFalse();
    assertThat(refs.head("master").commit()).contains(commit(3));
    assertThat(refs.moves("master", 10)).hasSize(2);
  }

  @Test
  void aMoverIsStaleIfTheTransactionInItsWayWasCommittedMeanwhile() {
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(1)));
    append(1, 2, "t1");
    RefHead pending = refs.head("master");
    assertThat(new Transactions(storage).commit("t1")).isTrue();

    BranchMove late = refs.move(pending, RefKind.BRANCH, to(3));

    assertThat(late).isInstanceOf(BranchMove.Stale.class);
    assertThat(refs.head("master").commit()).contains(commit(2));
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    for (String name : new String[] {"", "a b", "a/", "/a", "a..b", "a:b", "a^", "ü"}) {
      assertThatThrownBy(() -> Refs.requireName(name))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("\"" + name + "\"");
    }
  }

  @Test
  void aRepoDeletedAndCreatedAgainIsAnother() {
    moved(refs.move(refs.head("master"), RefKind.BRANCH, to(1)));

    repos.delete(prices, "ann", NOON);
    assertThat(repos.find("prices")).isEmpty();
    Repo again = repos.create("prices", "again", "bob", NOON);

    assertThat(again.id()).isNotEqualTo(prices.id());
    assertThat(repos.refs(again).list()).isEmpty();
    assertThat(repos.list()).containsExactly(again);
  }

  @Test
  void aRepoThatExistsIsNotCreatedAgain() {
    assertThatThrownBy(() -> repos.create("prices", "", "bob", NOON))
        .isInstanceOf(ConflictFault.class)
        .hasMessageContaining("prices");
    assertThat(repos.createIfAbsent("prices", "", "bob", NOON)).isEqualTo(prices);
  }

  @Test
  void anUnknownRepoIsRefusedWithTheNearMisses() {
    assertThatThrownBy(() -> repos.require("price"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("prices"))
        .hasMessageContaining("\"price\"")
        .hasMessageContaining(folder.toString());
  }

  private void append(long number, int to, String transaction) {
    RefEntry entry =
        new RefEntry(
            RefKind.BRANCH,
            Optional.of(commit(1)),
            Optional.of(commit(to)),
            false,
            "ann",
            NOON,
            "",
            Optional.empty(),
            Optional.of(transaction),
            "token");
    NumberedLog log = new NumberedLog(storage, StoreLayout.refLog(prices.id(), "master"));
    assertThat(log.tryAppend(number, entry.bytes())).isTrue();
  }

  private static void moved(BranchMove move) {
    assertThat(move).isInstanceOf(BranchMove.Moved.class);
  }

  private RefMove to(int commit) {
    return new RefMove(Optional.of(commit(commit)), "ann", NOON, "test", Optional.empty());
  }

  private CommitId commit(int number) {
    WriteSession session = new WriteSession(storage);
    return new Commits(session)
        .write(
            new Commit(
                "prices",
                prices.id(),
                List.of(),
                0,
                new Trees(session).empty().id(),
                Optional.empty(),
                "ann",
                NOON,
                "commit " + number,
                Optional.empty()));
  }
}
