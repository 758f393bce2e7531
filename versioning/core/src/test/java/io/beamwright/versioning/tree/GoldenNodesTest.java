// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The bytes of nodes as docs/format.md has them. If one of these changes, stores that exist can no
 * longer be read: change the version of the format instead.
 */
class GoldenNodesTest {

  private final RecordingStorage storage = new RecordingStorage();

  private static Sha256 digest(int digit) {
    return Sha256.parse(Integer.toHexString(digit).repeat(64));
  }

  private static List<FileEntry> files() {
    StoredFile empty = new StoredFile(0, Sha256.of(new byte[0]), List.of(), Optional.empty());
    StoredFile packed =
        new StoredFile(
            300,
            digest(1),
            List.of(new Extent(ObjectRef.of(digest(2)), 65_536, 300)),
            Optional.empty());
    StoredFile table =
        new StoredFile(
            1L << 40,
            digest(3),
            List.of(
                new Extent(new ObjectRef(digest(4), 130), 0, 1L << 39),
                new Extent(ObjectRef.of(digest(5)), 5, 1L << 39)),
            Optional.of(
                new TableFacts(
                    "{}",
                    7,
                    Optional.of("0f-7"),
                    List.of(
                        new ColumnFacts(1, Optional.of(2L), Optional.of("a"), Optional.of("é")),
                        new ColumnFacts(
                            2, Optional.empty(), Optional.empty(), Optional.empty())))));
    return List.of(
        FileEntry.of(new FilePath("/bin/run"), true, packed),
        FileEntry.of(new FilePath("/empty"), false, empty),
        FileEntry.of(new FilePath("/t/é😀.parquet"), false, table));
  }

  @Test
  void theIdentityOfALeafIsThatOfTheFormat() throws Exception {
    Node leaf = Node.of(0, files().stream().map(FileEntryCodec::encode).toList());

    assertThat(hex(leaf.identity())).isEqualTo(golden("leaf-identity.hex"));
    assertThat(leaf.id().hex()).isEqualTo(golden("leaf-id.hex"));
  }

  @Test
  void theFactsOfALeafAreThoseOfTheFormat() throws Exception {
    Node leaf = Node.of(0, files().stream().map(FileEntryCodec::encode).toList());

    assertThat(hex(leaf.facts())).isEqualTo(golden("leaf-facts.hex"));
  }

  @Test
  void theIdentityOfAnInnerNodeIsThatOfTheFormat() throws Exception {
    NodeEntry first = FileEntryCodec.encode(files().get(0));
    NodeEntry last = FileEntryCodec.encode(files().get(2));
    Node inner =
        Node.of(
            1,
            List.of(
                NodeEntry.child(first, digest(6), 1, 300),
                NodeEntry.child(last, digest(7), 1_000_000, 1L << 40)));

    assertThat(hex(inner.identity())).isEqualTo(golden("inner-identity.hex"));
    assertThat(inner.facts()).isEmpty();
  }

  // Written once, on another machine: how it is deflated is not ours to repeat, but to read.
  @Test
  void aStoredLeafReadsBack() throws Exception {
    byte[] stored = HexFormat.of().parseHex(golden("leaf-stored.hex"));
    Sha256 id = Sha256.parse(golden("leaf-id.hex"));
    storage.replace("trees/" + id.hex().substring(0, 3) + "/" + id.hex(), stored);

    assertThat(new Trees(new WriteSession(storage)).open(id).files()).isEqualTo(files());
  }

  @Test
  void theCutsOfManyPathsAreThoseOfTheFormat() throws Exception {
    TreeShape shape = TreeShape.STANDARD;
    String cuts =
        Entries.many(30_000).stream()
            .map(file -> file.path().text())
            .filter(
                path -> {
                  byte[] bytes = new FilePath(path).utf8();
                  return shape.cutsAfter(0, bytes, 0, bytes.length);
                })
            .collect(Collectors.joining("\n"));

    assertThat(cuts).isEqualTo(golden("cuts.txt"));
  }

  @Test
  void theTreeOfManyFilesHasTheIdOfTheFormat() throws Exception {
    Tree tree = new Trees(new WriteSession(storage)).build(Entries.many(30_000).iterator());

    assertThat(tree.id().hex()).isEqualTo(golden("tree-of-30000-id.hex"));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = GoldenNodesTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8)
          .strip();
    }
  }
}
