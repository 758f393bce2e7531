// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import io.beamwright.versioning.storage.DamagedObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a tree and JSON keep of a file. */
class FileEntryTest {

  private final RecordingStorage storage = new RecordingStorage();

  private static FileEntry file(int extents, int columns) {
    List<Extent> runs =
        IntStream.range(0, extents)
            .mapToObj(i -> new Extent(new ObjectRef(Sha256.of(new byte[] {(byte) i}), i % 3), i, 1))
            .toList();
    List<ColumnFacts> facts =
        IntStream.range(0, columns)
            .mapToObj(
                i ->
                    new ColumnFacts(
                        i + 1,
                        Optional.of((long) i),
                        i % 2 == 0 ? Optional.of("least \"1\"") : Optional.empty(),
                        Optional.of("😀")))
            .toList();
    Optional<TableFacts> table =
        columns == 0
            ? Optional.empty()
            : Optional.of(new TableFacts("{\"fields\":[]}", 12, Optional.of("ab-3"), facts));
    StoredFile stored = new StoredFile(extents, Sha256.of(new byte[3]), runs, table);
    return new FileEntry(new FilePath("/t/é.parquet"), FileKind.FILE, true, stored);
  }

  private static Stream<FileEntry> files() {
    return Stream.of(file(0, 0), file(1, 0), file(64, 3), file(65, 100), file(5_000, 0));
  }

  @Test
  void jsonKeepsEverything() throws Exception {
    for (FileEntry entry : files().toList()) {
      byte[] json = CanonicalJson.bytes(entry.toJson());
      assertThat(FileEntry.fromJson(CanonicalJson.parse(json))).isEqualTo(entry);
    }
    assertThat(CanonicalJson.text(file(1, 1).toJson()))
        .isEqualTo(
            "{\"executable\":true,\"file\":{\"extents\":[[\""
                + Sha256.of(new byte[1])
                + "\",0,0,1]],\"sha256\":\""
                + Sha256.of(new byte[3])
                + "\",\"size\":1,\"table\":{\"columns\":[{\"id\":1,\"max\":\"😀\",\"min\":"
                + "\"least \\\"1\\\"\",\"nulls\":0}],\"rowDigest\":\"ab-3\",\"rows\":12,"
                + "\"schema\":\"{\\\"fields\\\":[]}\"}},\"kind\":\"file\",\"path\":\"/t/é.parquet\"}");
  }

  @Test
  void jsonThatIsNoEntryIsRefused() throws Exception {
    for (String json : List.of("{}", "[]", "{\"path\":\"/a\",\"kind\":\"link\"}")) {
      assertThatThrownBy(
              () -> FileEntry.fromJson(CanonicalJson.parse(json.getBytes(StandardCharsets.UTF_8))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aTreeKeepsEverything() {
    for (FileEntry entry : files().toList()) {
      Tree tree = new Trees(new WriteSession(storage)).build(List.of(entry).iterator());
      assertThat(new Trees(new WriteSession(storage)).open(tree.id()).files())
          .containsExactly(entry);
    }
  }

  @Test
  void manyExtentsAndLargeTableFactsLieInObjectsOfTheirOwn() {
    new Trees(new WriteSession(storage)).build(List.of(file(64, 3)).iterator());
    assertThat(storage.keys()).hasSize(1);
    storage.forget();

    new Trees(new WriteSession(storage)).build(List.of(file(65, 100)).iterator());
    assertThat(storage.created()).hasSize(3);
    assertThat(storage.created().get(0)).startsWith("objects/");
    assertThat(storage.created().get(1)).startsWith("objects/");
    assertThat(storage.created().get(2)).startsWith("trees/");
  }

  @Test
  void aDamagedObjectOfFactsIsNamed() {
    Tree tree = new Trees(new WriteSession(storage)).build(List.of(file(65, 0)).iterator());
    String object = storage.keys().get(0);
    storage.bytes(object)[5] ^= 1;

    assertThatThrownBy(() -> new Trees(new WriteSession(storage)).open(tree.id()).files().toList())
        .isInstanceOf(DamagedObject.class)
        .hasMessageStartingWith("memory:test/" + object);
  }

  @Test
  void whereTheBytesLieAndTableFactsAreNotInTheId() {
    StoredFile plain = file(3, 0).file();
    FileEntry one = FileEntry.of(new FilePath("/a"), false, plain);
    FileEntry other =
        FileEntry.of(
            new FilePath("/a"),
            false,
            new StoredFile(
                3,
                plain.sha256(),
                List.of(new Extent(ObjectRef.of(plain.sha256()), 0, 3)),
                file(3, 9).file().table()));

    assertThat(new Trees(new WriteSession(storage)).build(List.of(one).iterator()).id())
        .isEqualTo(new Trees(new WriteSession(storage)).build(List.of(other).iterator()).id());
    assertThat(one.isSameAs(other)).isTrue();
  }

  @Test
  void everyPartOfTheIdentityIsInTheId() {
    FileEntry entry = Entries.entry("/a", "x");
    StoredFile same = entry.file();
    StoredFile otherContent =
        new StoredFile(1, Sha256.of(new byte[9]), same.extents(), same.table());
    StoredFile otherSize = new StoredFile(0, same.sha256(), List.of(), same.table());
    Stream<FileEntry> all =
        Stream.of(
            entry,
            entry.at(new FilePath("/b")),
            FileEntry.of(entry.path(), true, same),
            FileEntry.of(entry.path(), false, otherContent),
            FileEntry.of(entry.path(), false, otherSize));

    assertThat(all.map(e -> new Trees(new WriteSession(storage)).build(List.of(e).iterator()).id()))
        .doesNotHaveDuplicates();
  }
}
