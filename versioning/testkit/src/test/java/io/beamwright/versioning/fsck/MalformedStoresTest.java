// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import static io.beamwright.versioning.fsck.HandmadeNodes.cutting;
import static io.beamwright.versioning.fsck.HandmadeNodes.file;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.binary.BinaryWriter;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fsck.HandmadeNodes.Child;
import io.beamwright.versioning.fsck.HandmadeNodes.Entry;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.RefMove;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.testkit.MemoryStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stores whose every checksum is right and which say what cannot be: a check finds each, and who
 * reads it gets an error that names it.
 */
class MalformedStoresTest {

  private static final byte[] OBJECT = "0123456789".getBytes(UTF_8);
  private static final Sha256 DIGEST = Sha256.of(OBJECT);
  private static final long MOST = Long.MAX_VALUE;

  private final MemoryStorage storage = new MemoryStorage();
  private final Store store = Store.openOrCreate(storage);
  private final Repo repo = store.repos().create("data", "", "ann", Instant.EPOCH);
  private final HandmadeNodes nodes = new HandmadeNodes(storage);

  /**
   * A tree that cannot be.
   *
   * @param what it is, for people
   * @param how what a check says of {@code damaged}
   * @param make writes the tree, and gives the root and the node that is wrong
   */
  private record Case(String what, String how, Function<HandmadeNodes, Made> make) {
    @Override
    public String toString() {
      return what;
    }
  }

  private record Made(Child root, Child damaged) {}

  private static Case leaf(String what, String how, Entry... entries) {
    return new Case(
        what,
        how,
        nodes -> {
          Child leaf = nodes.node(0, entries);
          return new Made(leaf, leaf);
        });
  }

  private static Case path(String path, String how) {
    return leaf("the path " + path, how, file(path));
  }

  private static Stream<Case> paths() {
    String elements = "has an element that is empty, \".\" or \"..\"";
    String control = "holds a control character";
    return Stream.of(
        path("/a\u00ff", "has the path \"/a\\xff\", not UTF-8"),
        path("/\u00c3", "has the path \"/\\xc3\", not UTF-8"),
        path("/\u00c0\u00af", "not UTF-8"),
        path("/\u00ed\u00a0\u0080", "not UTF-8"),
        path("/\u00f4\u0090\u0080\u0080", "not UTF-8"),
        path("/a/\u00fe\u00ff/b", "not UTF-8"),
        path("/..", elements),
        path("/.", elements),
        path("/a/../b", elements),
        path("/a/./b", elements),
        path("/a/..", elements),
        path("//a", elements),
        path("/a//b", elements),
        path("/a/", elements),
        path("a", "does not begin with /"),
        path("a/b", "does not begin with /"),
        path("/", "does not begin with / and name a file"),
        path("", "does not begin with /"),
        path("/a\nb", control),
        path("/\0", control),
        path("/a\u007f", control),
        path("/a\u00c2\u0085", control),
        path("/" + "a".repeat(4_096), "is longer than 4096 characters"));
  }

  private static Stream<Case> orders() {
    String order = "has paths out of order";
    return Stream.of(
        leaf("paths that descend", order, file("/b"), file("/a")),
        leaf("a path twice", order, file("/a"), file("/a")),
        leaf("signed order", order, file("/\u00c3\u00a9"), file("/z")),
        leaf(
            "a file that is a folder",
            "has \"/a\" as a file, and as a folder that holds \"/a/b\"",
            file("/a"),
            file("/a/b")),
        leaf(
            "a file that is a folder further on",
            "has \"/a\" as a file, and as a folder that holds \"/a/b/c\"",
            file("/a"),
            file("/a!"),
            file("/a-"),
            file("/a/b/c")));
  }

  private static Stream<Case> entries() {
    return Stream.of(
        new Case(
            "no entry",
            "has no entry",
            nodes -> {
              Child none = nodes.node(1);
              return new Made(none, none);
            }),
        leaf("an unknown kind", "has an entry that cannot be", entry(7, 0, 0, 0)),
        leaf("an odd executable bit", "executable bit is 2", entry(0, 2, 0, 0)),
        leaf("extents of less", "extents hold 4 bytes of 5", entry(0, 0, 5, 4)),
        leaf("extents of more", "extents hold 6 bytes of 5", entry(0, 0, 5, 6)),
        leaf(
            "no extents of something",
            "extents hold 0 bytes of 5",
            file("/f", 0, 0, 5, facts -> facts.varint(0).u8(0))),
        leaf(
            "extents of more than there are numbers",
            "has an entry that cannot be",
            file(
                "/f",
                0,
                0,
                4,
                facts -> extent(extent(facts.varint(2), 0, 0, MOST), 0, 0, MOST).u8(0))),
        leaf(
            "an extent whose end is no number",
            "names bytes that no object has: 9223372036854775807+5",
            file("/f", 0, 0, 5, facts -> extent(facts.varint(1), 0, MOST, 5).u8(0))),
        leaf(
            "a number with needless bytes",
            "needless",
            file("/f", 0, 0, 0, facts -> facts.u8(0x80).u8(0).u8(0))),
        leaf(
            "a number over 2^63",
            "over 2^63",
            file(
                "/f",
                0,
                0,
                0,
                facts -> facts.bytes(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}).u8(0))),
        leaf(
            "a generation over 2^31",
            "over 2^31",
            file("/f", 0, 0, 5, facts -> extent(facts.varint(1), 1L << 31, 0, 5).u8(0))),
        leaf(
            "table facts in no form",
            "table facts",
            file("/f", 0, 0, 0, facts -> facts.varint(0).u8(3))),
        leaf("table facts of nothing", "JSON", table("")),
        leaf("table facts that are a list", "has an entry that cannot be", table("[]")),
        leaf("table facts without columns", "has an entry that cannot be", table("{}")),
        leaf(
            "a number of rows below zero",
            "not a number from 0",
            table("{\"columns\":[],\"rows\":-1,\"schema\":\"{}\"}")),
        leaf(
            "a number of rows over 2^63",
            "not a number from 0",
            table("{\"columns\":[],\"rows\":18446744073709551617,\"schema\":\"{}\"}")),
        leaf(
            "a number of rows that is a text",
            "not a number from 0",
            table("{\"columns\":[],\"rows\":\"7\",\"schema\":\"{}\"}")));
  }

  private static Entry entry(int kind, int executable, long size, long held) {
    return file(
        "/f",
        kind,
        executable,
        size,
        facts -> (held == 0 ? facts.varint(0) : extent(facts.varint(1), 0, 0, held)).u8(0));
  }

  private static Entry table(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return file("/f", 0, 0, 0, facts -> facts.varint(0).u8(1).varint(bytes.length).bytes(bytes));
  }

  private static BinaryWriter extent(BinaryWriter out, long generation, long offset, long length) {
    return out.sha256(DIGEST).varint(generation).varint(offset).varint(length);
  }

  private static Stream<Case> levels() {
    String first = cutting("/a", "");
    return Stream.of(
        two("a leaf that begins before the last one ends", "begins before", first, "/A"),
        two("a path in two leaves", "begins before the end of the node before it", first, first),
        two("signed order between leaves", "begins before", cutting("/\u00c3\u00a9", ""), "/z"),
        two(
            "a leaf below a file of the last one",
            "has \"" + first + "/b\", and \"" + first + "\" is a file",
            first,
            first + "/b"),
        said("another number of files", child -> child.entry(child.last(), 9, 0)),
        said("another number of bytes", child -> child.entry(child.last(), 1, 9)),
        said("another last path", child -> child.entry("/z".getBytes(UTF_8), 1, 0)),
        new Case(
            "a leaf two levels below",
            "has another level",
            nodes -> {
              Child one = nodes.node(0, file(first));
              Child two = nodes.node(0, file("/b"));
              return new Made(nodes.node(2, one.entry(), two.entry()), one);
            }),
        new Case(
            "a path of an inner node that is none",
            "has an entry that cannot be",
            nodes -> {
              Child one = nodes.node(0, file("/b"));
              Child root = nodes.node(1, one.entry("/../b".getBytes(UTF_8), 1, 0));
              return new Made(root, root);
            }));
  }

  private static Case two(String what, String how, String first, String second) {
    return new Case(
        what,
        how,
        nodes -> {
          Child one = nodes.node(0, file(first));
          Child two = nodes.node(0, file(second), file("/\u00f0\u009f\u0098\u0080"));
          return new Made(nodes.node(1, one.entry(), two.entry()), two);
        });
  }

  private static Case said(String what, Function<Child, Entry> says) {
    return new Case(
        what,
        "has another level, last path or totals than its parent says",
        nodes -> {
          Child one = nodes.node(0, file(cutting("/a", "")));
          Child two = nodes.node(0, file("/b"));
          return new Made(nodes.node(1, one.entry(), says.apply(two)), two);
        });
  }

  private static Stream<Case> trees() {
    return Stream.of(paths(), orders(), entries(), levels()).flatMap(cases -> cases);
  }

  @ParameterizedTest
  @MethodSource("trees")
  void isFoundAndNamedToWhoReadsIt(Case malformed) {
    var unused = store.session().createObject(DIGEST, Content.of(OBJECT));
    Made made = malformed.make().apply(nodes);
    CommitId commit = commit(made.root().id());

    FsckReport report = Fsck.check(storage);

    assertThat(report.isSound()).isFalse();
    assertThat(report.damages())
        .as("%s", report.damages())
        .anySatisfy(
            damage -> {
              assertThat(damage.kind()).isEqualTo(Damage.Kind.NODE);
              assertThat(damage.key()).isEqualTo(StoreLayout.treeNode(made.damaged().id(), 0));
              assertThat(damage.how()).contains(malformed.how());
              assertThat(damage.neededBy()).containsExactly("data@master");
              assertThat(damage.commits()).isEqualTo(1);
            });
    assertThat(report.affectedCount()).isEqualTo(1);
    assertThatThrownBy(() -> readAll(commit))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining(storage.location())
        .hasMessageContaining(StoreLayout.treeNode(made.damaged().id(), 0).text());
  }

  private void readAll(CommitId commit) {
    try (Store fresh = Store.open(storage)) {
      fresh
          .trees()
          .open(fresh.commits().read(commit).tree())
          .files()
          .forEach(
              file -> {
                byte[] unused = fresh.files().readAll(file.file());
              });
    }
  }

  /** A leaf between them: no two neighbours tell. */
  @Test
  void aFileThatIsAFolderTwoLeavesOnIsFound() {
    String a = cutting("/a", "");
    String between = cutting(a + "-", "");
    Child one = nodes.node(0, file(a));
    Child two = nodes.node(0, file(a + "!"), file(between));
    Child three = nodes.node(0, file(a + "/b"));
    var unused = commit(nodes.node(1, one.entry(), two.entry(), three.entry()).id());

    assertThat(Fsck.check(storage).damages())
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.key()).isEqualTo(StoreLayout.treeNode(three.id(), 0));
              assertThat(damage.how())
                  .isEqualTo("has \"" + a + "/b\", and \"" + a + "\" is a file");
            });
  }

  private static Stream<Arguments> neighbours() {
    String a = cutting("/a", "");
    String late = cutting("/b", "");
    String clash = "has \"" + a + "/b\", and \"" + a + "\" is a file";
    return Stream.of("a", "z")
        .flatMap(
            branch ->
                Stream.of(
                    Arguments.of(branch, a, clash),
                    Arguments.of(branch, late, "begins before the end of the node before it")));
  }

  /** Each node is read once, however many trees have it: here it is wrong in one of them alone. */
  @ParameterizedTest
  @MethodSource("neighbours")
  void aLeafThatFitsIntoOneTreeAndNotIntoAnotherIsFound(String branch, String before, String how) {
    Child shared = nodes.node(0, file(cutting("/a", "") + "/b"), file("/c"));
    Child fits = nodes.node(0, file(cutting("/Z", "")));
    Child doesNot = nodes.node(0, file(before));
    var unused = commit(nodes.node(1, fits.entry(), shared.entry()).id());
    assertThat(Fsck.check(storage).damages()).isEmpty();

    // Checked before that of the branch master, and after it.
    unused = commit(branch, nodes.node(1, doesNot.entry(), shared.entry()).id());

    assertThat(Fsck.check(storage).damages()).extracting(Damage::how).containsExactly(how);
    assertThat(Fsck.check(storage).affected()).contains("data@" + branch);
  }

  // --- extents and what lies elsewhere ---

  @SuppressWarnings("ArrayRecordComponent")
  private record Elsewhere(String what, String how, Entry entry, byte[] object) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Stream<Elsewhere> elsewhere() {
    byte[] extents = manyExtents(65).toBytes();
    byte[] tooMany = manyExtents(66).toBytes();
    byte[] overflowing = extent(manyExtents(64), 0, MOST, 1).toBytes();
    byte[] facts = "{}".getBytes(UTF_8);
    return Stream.of(
        beyond("an extent that ends after its object", 5, 6),
        beyond("an extent that begins after its object", 100, 1),
        beyond("an extent at the end of numbers", MOST - 5, 5),
        attached("extents elsewhere that go on", "bytes too many", tooMany, 0, tooMany.length),
        attached("extents elsewhere cut short", "ends early", facts, 0, facts.length),
        attached(
            "extents elsewhere without an end",
            "no object has",
            overflowing,
            0,
            overflowing.length),
        attached("extents in a part of an object", "a part of an", extents, 1, extents.length - 1),
        attached("extents in the beginning of an object", "SHA-256", tooMany, 0, extents.length),
        attached("extents beyond an object", "", extents, 0, extents.length + 1),
        attached("extents of more than memory", "", extents, 0, MOST),
        new Elsewhere(
            "table facts elsewhere that are none",
            "has an entry that cannot be",
            file("/f", 0, 0, 0, out -> whole(out.varint(0).u8(2), facts, 0, facts.length)),
            facts));
  }

  private static Elsewhere beyond(String what, long offset, long length) {
    return new Elsewhere(
        what,
        "ends after 10 bytes, and bytes " + offset + "+" + length + " are needed",
        file("/f", 0, 0, length, out -> extent(out.varint(1), 0, offset, length).u8(0)),
        OBJECT);
  }

  private static Elsewhere attached(
      String what, String how, byte[] object, long offset, long length) {
    return new Elsewhere(
        what,
        how,
        file("/f", 0, 0, 65, out -> whole(out.varint(65), object, offset, length).u8(0)),
        object);
  }

  private static BinaryWriter manyExtents(int count) {
    BinaryWriter out = new BinaryWriter(4_000);
    for (int i = 0; i < count; i++) {
      extent(out, 0, i % 10, 1);
    }
    return out;
  }

  private static BinaryWriter whole(BinaryWriter out, byte[] object, long offset, long length) {
    return out.sha256(Sha256.of(object)).varint(0).varint(offset).varint(length);
  }

  @ParameterizedTest
  @MethodSource("elsewhere")
  void whatAnEntryNamesAndIsNotThereIsFound(Elsewhere malformed) {
    var unused = store.session().createObject(DIGEST, Content.of(OBJECT));
    unused =
        store.session().createObject(Sha256.of(malformed.object()), Content.of(malformed.object()));
    Child leaf = nodes.node(0, malformed.entry());
    CommitId commit = commit(leaf.id());

    FsckReport report = Fsck.check(storage);

    List<String> concerned =
        List.of(
            StoreLayout.treeNode(leaf.id(), 0).text(),
            StoreLayout.object(Sha256.of(malformed.object()), 0).text());
    assertThat(report.isSound()).isFalse();
    assertThat(report.damages())
        .as("%s", report.damages())
        .anySatisfy(
            damage -> {
              assertThat(damage.key().text()).isIn(concerned);
              assertThat(damage.how()).contains(malformed.how());
              assertThat(damage.neededBy()).isNotEmpty();
              assertThat(damage.neededBy().get(0)).startsWith("data@master");
            });
    assertThat(report.affectedCount()).isEqualTo(1);
    assertThatThrownBy(() -> readAll(commit))
        .isInstanceOf(EnvironmentFault.class)
        .satisfies(
            fault ->
                assertThat(concerned)
                    .anyMatch(key -> String.valueOf(fault.getMessage()).contains(key)));
  }

  // --- what the tests do ---

  private CommitId commit(Sha256 tree) {
    return commit("master", tree);
  }

  private CommitId commit(String branch, Sha256 tree) {
    Commit commit =
        new Commit(
            repo.name(),
            repo.id(),
            new ArrayList<>(),
            0,
            tree,
            Optional.empty(),
            "ann",
            Instant.EPOCH,
            branch,
            Optional.empty());
    CommitId id = store.commits().write(commit);
    Refs refs = store.repos().refs(repo);
    RefMove move = new RefMove(Optional.of(id), "ann", Instant.EPOCH, "", Optional.empty());
    var unused = refs.move(refs.head(branch), RefKind.BRANCH, move);
    return id;
  }

  @Test
  void whatIsMadeByHandAndRightIsSound() {
    Child one = nodes.node(0, file("/\u00c3\u00a9".substring(0, 1) + "a".repeat(3)), file("/b"));
    String cut = cutting("/b/", "");
    Child two = nodes.node(0, file("/a.b/c"), file("/a0"), file(cut));
    Child three =
        nodes.node(0, file(cut + "-"), file(new String("/é".getBytes(UTF_8), ISO_8859_1)));
    var unused = commit(nodes.node(1, two.entry(), three.entry()).id());

    assertThat(Fsck.check(storage).damages()).isEmpty();
    assertThat(one.files()).isEqualTo(2);
  }
}
