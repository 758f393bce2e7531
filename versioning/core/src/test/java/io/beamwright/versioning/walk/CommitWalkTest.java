// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.walk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.RecordingStorage;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.Provenance;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A store that holds one commit and nothing else: what the walk shows is what the storage holds.
 */
class CommitWalkTest {

  private final RecordingStorage storage = new RecordingStorage();
  private final Store store = Store.openOrCreate(storage);
  private Commit commit;

  @BeforeEach
  void everyKindOfThing() {
    List<FileEntry> files = new ArrayList<>();
    IntStream.range(0, 5_000).forEach(i -> files.add(file("/small/%05d".formatted(i), "x" + i)));
    files.add(file("/empty", ""));
    files.add(FileEntry.of(new FilePath("/many"), false, manyExtents()));
    files.add(FileEntry.of(new FilePath("/table"), false, wideTable()));
    files.sort((a, b) -> a.path().compareTo(b.path()));
    Tree datums = tree(List.of(datum(), file("/outputs/" + "b".repeat(64), "c".repeat(64))));
    Tree code = tree(List.of(file("/main.py", "print()")));
    commit =
        new Commit(
            "repo",
            Sha256.of(new byte[1]),
            List.of(),
            0,
            tree(files).id(),
            Optional.of(datums.id()),
            "ann",
            Instant.EPOCH,
            "",
            Optional.of(madeFrom(stored("{}").extents().get(0).object().id(), code.id())));
  }

  @Test
  void everythingIsShownAndNothingElse() {
    Seen seen = new Seen();

    new CommitWalk(store).visit(commit, seen);

    assertThat(seen.keys)
        .containsExactlyElementsOf(
            storage.keys().stream()
                .filter(key -> key.startsWith("objects/") || key.startsWith("trees/"))
                .sorted()
                .toList());
    assertThat(seen.order.indexOf("enter " + commit.tree())).isZero();
    assertThat(seen.order).endsWith("left " + commit.provenance().get().code().get());
    assertThat(seen.order.stream().filter(line -> line.startsWith("left")))
        .hasSameSizeAs(seen.order.stream().filter(line -> line.startsWith("enter")).toList());
  }

  @Test
  void whatIsNotEnteredIsNotRead() {
    storage.forget();

    new CommitWalk(store)
        .visit(
            commit,
            new Seen() {
              @Override
              public boolean enters(Sha256 id) {
                return false;
              }
            });

    assertThat(storage.opened()).isEmpty();
  }

  @Test
  void aLostNodeIsNamedAndTheOthersAreShown() {
    String lost =
        storage.keys().stream()
            .filter(key -> key.startsWith("trees/") && !key.contains(commit.tree().hex()))
            .filter(key -> !key.contains(commit.datums().get().hex()))
            .filter(key -> !key.contains(commit.provenance().get().code().get().hex()))
            .findFirst()
            .orElseThrow();
    storage.delete(new StorageKey(lost));

    assertThatThrownBy(() -> new CommitWalk(store).visit(commit, new Seen()))
        .isInstanceOf(DamagedObject.class)
        .hasMessageContaining(lost);
    List<String> damaged = new ArrayList<>();
    Seen seen =
        new Seen() {
          @Override
          public void damaged(Sha256 id, DamagedObject fault) {
            damaged.add(StoreLayout.treeNode(id, 0).text());
          }
        };
    new CommitWalk(store).visit(commit, seen);
    assertThat(damaged).containsExactly(lost);
    assertThat(seen.order).endsWith("left " + commit.provenance().get().code().get());
  }

  /** The keys of all that is shown. */
  private static class Seen implements CommitVisitor {
    final SortedSet<String> keys = new TreeSet<>();
    final List<String> order = new ArrayList<>();

    @Override
    public boolean enters(Sha256 id) {
      order.add("enter " + id);
      keys.add(StoreLayout.treeNode(id, 0).text());
      return true;
    }

    @Override
    public void left(Sha256 id) {
      order.add("left " + id);
    }

    @Override
    public void content(StoredFile file) {
      file.extents().forEach(this::attachment);
    }

    @Override
    public void attachment(Extent extent) {
      keys.add(StoreLayout.object(extent.object().id(), extent.object().generation()).text());
    }

    @Override
    public void object(Sha256 id) {
      keys.add(StoreLayout.object(id, 0).text());
    }
  }

  private FileEntry datum() {
    StoredFile log = stored("what it printed");
    FileEntry output = file("/out.txt", "an output that lies elsewhere than in the tree of files");
    DatumResult result =
        new DatumResult(
            Sha256.of(new byte[2]),
            DatumResult.State.SUCCESS,
            List.of(output),
            Optional.of(log),
            CanonicalJson.object());
    ObjectNode json = CanonicalJson.object();
    json.putObject("datum");
    json.set("result", result.toJson());
    return file("/datums/" + "a".repeat(64), CanonicalJson.text(json));
  }

  private StoredFile manyExtents() {
    StoredFile all = stored("0");
    for (int i = 1; i < 70; i++) {
      all = store.files().concat(all, stored(Integer.toString(i)));
    }
    return all;
  }

  private StoredFile wideTable() {
    List<TableFacts.ColumnFacts> columns =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    new TableFacts.ColumnFacts(
                        i, Optional.of(0L), Optional.of("least"), Optional.empty()))
            .toList();
    return stored("PAR1").withTable(new TableFacts("{}", 1, Optional.empty(), columns));
  }

  private static Provenance madeFrom(Sha256 spec, Sha256 code) {
    return new Provenance(
        List.of(),
        spec,
        Optional.of(code),
        List.of(),
        List.of(),
        new TreeMap<>(),
        "",
        "",
        "",
        "",
        spec,
        spec,
        "");
  }

  private Tree tree(List<FileEntry> files) {
    return store.trees().build(files.iterator());
  }

  private FileEntry file(String path, String content) {
    return FileEntry.of(new FilePath(path), false, stored(content));
  }

  private StoredFile stored(String content) {
    try (Packer packer = store.packer()) {
      var pending = packer.add(Content.of(content.getBytes(UTF_8)));
      packer.flush();
      return pending.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
