// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import static io.beamwright.versioning.tree.Entries.entry;
import static io.beamwright.versioning.tree.Entries.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TreeTest {

  private static final TreeShape TINY = new TreeShape(4, 3, 64, 1 << 20);

  private final RecordingStorage storage = new RecordingStorage();
  private final Trees trees = new Trees(new WriteSession(storage));

  @Test
  void theEmptyTreeHasOneFixedIdAndIsNotStored() {
    Tree empty = trees.empty();

    assertThat(empty.id().hex())
        .isEqualTo("fb50dc0717ff266cf9baf82b1ce7a1c2ef6d9247859680b11a19fb7077f5f222");
    assertThat(trees.open(empty.id())).isEqualTo(empty);
    assertThat(trees.build(List.<FileEntry>of().iterator())).isEqualTo(empty);
    assertThat(empty.fileCount()).isZero();
    assertThat(empty.files()).isEmpty();
    assertThat(empty.isFolder("/")).isTrue();
    assertThat(storage.keys()).isEmpty();
  }

  @Test
  void deletingEverythingGivesTheEmptyTree() {
    Trees tiny = new Trees(new WriteSession(storage), TINY);
    Tree tree = tiny.build(Entries.many(500).iterator());

    assertThat(tiny.edit(tree, List.of(new TreeEdit.DeleteFolder("/")))).isEqualTo(tiny.empty());
  }

  @Test
  void theLastEditOfAPathWins() {
    Tree tree =
        trees.edit(
            trees.empty(),
            List.of(
                put("/a/1", "old"),
                put("/a/2", "kept?"),
                put("/b", "x"),
                new TreeEdit.DeleteFolder("/a/"),
                put("/a/1", "new"),
                new TreeEdit.Delete(new FilePath("/b"))));

    assertThat(tree.files()).containsExactly(entry("/a/1", "new"));
  }

  @Test
  void puttingThenDeletingTheRootLeavesNothing() {
    Tree tree = trees.build(Entries.many(10).iterator());

    Tree after = trees.edit(tree, List.of(put("/new", "x"), new TreeEdit.DeleteFolder("/")));

    assertThat(after).isEqualTo(trees.empty());
  }

  @Test
  void anEditThatChangesNothingWritesNothing() {
    List<FileEntry> files = Entries.many(5_000);
    Tree tree = trees.build(files.iterator());
    storage.forget();

    Tree same =
        trees.edit(
            tree,
            List.of(
                new TreeEdit.Put(files.get(17)),
                new TreeEdit.Put(entry(files.get(3_000).path().text(), "v3000", "another pack")),
                new TreeEdit.Delete(new FilePath("/absent")),
                new TreeEdit.DeleteFolder("/f0")));

    assertThat(same.id()).isEqualTo(tree.id());
    assertThat(storage.created()).isEmpty();
  }

  @Test
  void aScatteredEditWritesOnlyThePathsToWhatChanged() {
    int files = 20_000;
    Trees tiny = new Trees(new WriteSession(storage), TINY);
    Tree tree = tiny.build(Entries.many(files).iterator());
    int height = height(tree);
    Random random = new Random(7);
    for (int changes : new int[] {1, 10, 100}) {
      List<TreeEdit> edits =
          IntStream.range(0, changes)
              .map(i -> random.nextInt(files))
              .mapToObj(i -> put(String.format("/f%05d/%02d.csv", i / 100, i % 100), "new"))
              .toList();
      Trees fresh = new Trees(new WriteSession(storage), TINY);
      storage.forget();

      Tree edited = fresh.edit(tree, edits);

      assertThat(edited.id()).isNotEqualTo(tree.id());
      // Each change rewrites one node a level: its paths stay, so the nodes end where they ended.
      assertThat(storage.created()).hasSizeLessThanOrEqualTo(changes * height);
      assertThat(storage.opened()).hasSizeLessThanOrEqualTo(2 * changes * height);
      storage.forget();

      assertThat(new Trees(new WriteSession(storage), TINY).open(tree.id()).diff(freshOpen(edited)))
          .hasSize(
              (int) edits.stream().map(e -> ((TreeEdit.Put) e).entry().path()).distinct().count());
      assertThat(storage.opened()).hasSizeLessThanOrEqualTo(2 * changes * height + 2);
    }
  }

  @Test
  void aDiffOfAPathReadsTheWayThereAndWhatDiffersThere() {
    Tree before = freshTrees().build(Entries.many(5_000).iterator());
    List<TreeEdit> everywhere =
        IntStream.range(0, 50).mapToObj(i -> put(String.format("/f%05d/09.csv", i), "n")).toList();
    Tree after = freshTrees().edit(before, everywhere);
    storage.forget();

    assertThat(freshOpen(before).diff(freshTrees().open(after.id()), "/f00031"))
        .extracting(change -> change.path().text())
        .containsExactly("/f00031/09.csv");
    // Both ways down, and the leaves that hold the one change.
    assertThat(storage.opened()).hasSizeLessThanOrEqualTo(4 * height(before));
  }

  @Test
  void tenChangesOfAMillionFilesAreFoundInFortyReads() {
    int files = 1_000_000;
    Trees trees = new Trees(new WriteSession(storage));
    Tree before =
        trees.build(
            IntStream.range(0, files)
                .mapToObj(i -> entry(String.format("/d%04d/f%03d", i / 1_000, i % 1_000), "same"))
                .iterator());
    List<TreeEdit> scattered =
        IntStream.range(0, 10)
            .map(i -> i * (files / 10) + 12_345)
            .mapToObj(i -> put(String.format("/d%04d/f%03d", i / 1_000, i % 1_000), "other"))
            .toList();
    Tree after = trees.edit(before, scattered);
    Trees fresh = new Trees(new WriteSession(storage));
    storage.forget();

    assertThat(fresh.open(before.id()).diff(fresh.open(after.id()))).hasSize(10);
    assertThat(storage.opened()).hasSizeLessThanOrEqualTo(40);
  }

  private Tree freshOpen(Tree tree) {
    return new Trees(new WriteSession(storage), TINY).open(tree.id());
  }

  @Test
  void insertionsAndDeletionsWriteFewNodesToo() {
    Trees tiny = new Trees(new WriteSession(storage), TINY);
    Tree tree = tiny.build(Entries.many(20_000).iterator());
    int height = height(tree);
    Random random = new Random(11);
    for (int i = 0; i < 200; i++) {
      int at = random.nextInt(20_000);
      String path = String.format("/f%05d/%02d.csv", at / 100, at % 100);
      TreeEdit edit =
          i % 2 == 0 ? put(path + ".new", "new") : new TreeEdit.Delete(new FilePath(path));
      storage.forget();
      tree = new Trees(new WriteSession(storage), TINY).edit(tree, List.of(edit));
      // A node that is split or joined touches a neighbour, on any level, and theirs do in turn.
      assertThat(storage.created()).hasSizeLessThanOrEqualTo(6 * height);
    }
  }

  @Test
  void aChangeToAMillionFilesWouldWriteAFewNodesOfTheStandardShape() {
    List<FileEntry> files = Entries.many(30_000);
    Tree tree = trees.build(files.iterator());
    assertThat(storage.keys()).hasSizeBetween(15, 60);
    storage.forget();

    trees.edit(tree, List.of(put("/f00150/50.csv", "new")));

    assertThat(storage.created()).hasSize(height(tree));
  }

  @Test
  void deletingAFolderDoesNotReadWhatIsInIt() {
    Trees tiny = new Trees(new WriteSession(storage), TINY);
    List<FileEntry> files = new ArrayList<>();
    IntStream.range(0, 5_000).forEach(i -> files.add(entry(String.format("/b/%05d", i), "x")));
    files.add(0, entry("/a", "first"));
    files.add(entry("/c", "last"));
    Tree tree = tiny.build(files.iterator());
    int leaves = nodes(tree, 0).size();
    storage.forget();

    Tree after = freshTrees().edit(tree, List.of(new TreeEdit.DeleteFolder("/b")));

    assertThat(after.files()).containsExactly(entry("/a", "first"), entry("/c", "last"));
    // All inner nodes, which name the nodes that go; but of the leaves only those at both ends.
    int innerNodes = storage.keys().size() - leaves;
    assertThat(storage.opened().stream().distinct().count()).isLessThan(innerNodes + 6L);
    assertThat(leaves).isGreaterThan(1_000);
  }

  private Trees freshTrees() {
    return new Trees(new WriteSession(storage), TINY);
  }

  @Test
  void aListingJumpsOverTheInsidesOfFolders() {
    Tree tree = new Trees(new WriteSession(storage), TINY).build(Entries.many(5_000).iterator());
    storage.forget();

    assertThat(freshTrees().open(tree.id()).listFolder("/f00007")).hasSize(100);
    assertThat(storage.opened()).hasSizeLessThan(100);
    storage.forget();

    assertThat(freshTrees().open(tree.id()).listFolder("/").limit(2))
        .extracting(child -> ((FolderChild.Folder) child).files())
        .containsExactly(100L, 100L);
    assertThat(storage.opened()).hasSizeLessThan(40);
  }

  @Test
  void lookingForOneFileReadsOneNodeALevel() {
    Tree tree = new Trees(new WriteSession(storage), TINY).build(Entries.many(5_000).iterator());
    storage.forget();

    assertThat(freshTrees().open(tree.id()).find(new FilePath("/f00012/34.csv")))
        .contains(entry("/f00012/34.csv", "v1234"));
    assertThat(storage.opened()).hasSize(height(tree));
  }

  @Test
  void innerNodesHaveAtLeastTwoChildrenAndParentsAreWrittenLast() {
    TreeShape narrow = new TreeShape(2, 2, 2, 1 << 20);
    for (int count = 1; count < 120; count += 3) {
      RecordingStorage fresh = new RecordingStorage();
      Tree tree = new Trees(new WriteSession(fresh), narrow).build(Entries.many(count).iterator());
      NodeStore nodes = new NodeStore(new WriteSession(fresh));
      Set<Sha256> written = new HashSet<>();
      for (String key : fresh.created()) {
        Node node = nodes.read(Sha256.parse(key.substring(key.lastIndexOf('/') + 1)));
        assertThat(node.size()).isGreaterThanOrEqualTo(node.level() == 0 ? 1 : 2);
        for (int i = 0; node.level() > 0 && i < node.size(); i++) {
          assertThat(written).contains(node.entry(i).childId());
        }
        written.add(node.id());
      }
      assertThat(tree.fileCount()).isEqualTo(count);
    }
  }

  @Test
  void nodesAreCutAtTheMostEntriesAndBytesWherePathsDoNotCutThem() {
    TreeShape byEntries = new TreeShape(1 << 30, 1 << 30, 10, 1 << 20);
    List<FileEntry> files = Entries.many(95);
    Tree tree = new Trees(new WriteSession(storage), byEntries).build(files.iterator());
    assertThat(nodes(tree, 0))
        .extracting(Node::size)
        .containsExactly(10, 10, 10, 10, 10, 10, 10, 10, 10, 5);

    TreeShape byBytes = new TreeShape(1 << 30, 1 << 30, 1_000, 150);
    Tree second = new Trees(new WriteSession(storage), byBytes).build(files.iterator());
    // An entry has 1 + 14 + 2 + 1 + 32 = 50 bytes: the third reaches 150.
    assertThat(nodes(second, 0)).extracting(Node::size).startsWith(3, 3, 3);
  }

  @Test
  void theStandardShapeIsThatOfTheFormat() {
    List<FileEntry> files = Entries.many(60_000);
    Tree tree = trees.build(files.iterator());

    List<Node> leaves = nodes(tree, 0);
    assertThat(60_000 / leaves.size()).isBetween(850, 1_250);
    assertThat(leaves).extracting(Node::size).allMatch(size -> size <= 8_192);
    assertThat(height(tree)).isEqualTo(2);
  }

  private List<Node> nodes(Tree tree, int level) {
    NodeStore nodes = new NodeStore(new WriteSession(storage));
    List<Node> row = List.of(nodes.read(tree.id()));
    while (row.get(0).level() > level) {
      List<Node> below = new ArrayList<>();
      for (Node node : row) {
        for (int i = 0; i < node.size(); i++) {
          below.add(nodes.readChild(node.entry(i), node.level()));
        }
      }
      row = below;
    }
    return row;
  }

  private int height(Tree tree) {
    return new NodeStore(new WriteSession(storage)).read(tree.id()).level() + 1;
  }

  @Test
  void aFileUnderAFileIsRefusedAndBothAreNamed() {
    Tree tree = trees.build(List.of(entry("/a/b", "x")).iterator());

    assertThatThrownBy(() -> trees.edit(tree, List.of(put("/a/b/c/d", "y"))))
        .isInstanceOf(UserFault.class)
        .hasMessage("The path \"/a/b\" would be a file, and a folder that holds \"/a/b/c/d\".");
  }

  @Test
  void aFileInPlaceOfAFolderIsRefusedAndBothAreNamed() {
    Tree tree = trees.build(List.of(entry("/a-b", "z"), entry("/a/b/c", "x")).iterator());

    assertThatThrownBy(() -> trees.edit(tree, List.of(put("/a", "y"))))
        .isInstanceOf(UserFault.class)
        .hasMessage("The path \"/a\" would be a file, and a folder that holds \"/a/b/c\".");
  }

  @Test
  void aClashAmongTheEditsOrInABuildIsRefused() {
    List<FileEntry> files = List.of(entry("/a", "x"), entry("/a-b", "y"), entry("/a/b", "z"));
    String message = "The path \"/a\" would be a file, and a folder that holds \"/a/b\".";

    assertThatThrownBy(() -> trees.edit(trees.empty(), Entries.puts(files)))
        .isInstanceOf(UserFault.class)
        .hasMessage(message);
    assertThatThrownBy(() -> trees.build(files.iterator()))
        .isInstanceOf(UserFault.class)
        .hasMessage(message);
  }

  @Test
  void aFolderMayBecomeAFileAndBackInOneChange() {
    Tree tree = trees.build(List.of(entry("/a/b", "x"), entry("/c", "y")).iterator());

    Tree turned =
        trees.edit(
            tree,
            List.of(
                new TreeEdit.DeleteFolder("/a"),
                put("/a", "file"),
                put("/c/d", "below"),
                new TreeEdit.Delete(new FilePath("/c"))));

    assertThat(turned.files()).containsExactly(entry("/a", "file"), entry("/c/d", "below"));
  }

  @Test
  void aBuildRefusesPathsThatDoNotAscend() {
    List<FileEntry> files = List.of(entry("/b", "x"), entry("/a", "y"));

    assertThatThrownBy(() -> trees.build(files.iterator()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/a does not come after /b");
  }

  @Test
  void anAbsentNodeIsNamedWithItsLocation() {
    Sha256 absent = Sha256.of(new byte[] {1});

    assertThatThrownBy(() -> trees.open(absent))
        .isInstanceOf(DamagedObject.class)
        .hasMessage(
            "memory:test/trees/4bf/" + absent + ", which should hold a node of a tree, is absent.");
  }

  @Test
  void aNodeOfALaterGenerationIsFound() {
    Tree tree = trees.build(Entries.many(10).iterator());
    String key = storage.keys().get(0);
    storage.replace(key + "-2", storage.bytes(key));
    storage.delete(new StorageKey(key));

    assertThat(new Trees(new WriteSession(storage)).open(tree.id()).files()).hasSize(10);
  }
}
