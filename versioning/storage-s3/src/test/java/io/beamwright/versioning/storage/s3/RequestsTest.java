// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.LocalCache;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.WriteSession;
import io.beamwright.versioning.file.Extent;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many requests a change of a large repo takes: each costs money, and a round trip. */
class RequestsTest {

  private static final int FILES = 1_000_000;

  @TempDir private Path folder;

  @Test
  void oneFileIntoAMillionTakesEightWritesAndNineReads() throws Exception {
    StorageLocation location = million();

    // The format and the features, the repo, the branch and the list of garbage; the commit; three
    // nodes.
    SortedMap<String, Long> cold = put(location, "laptop", "/0500/555-new");
    assertThat(reads(cold)).as("%s", cold).isLessThanOrEqualTo(11);

    // The commit and inner nodes are known to this machine now.
    SortedMap<String, Long> requests = put(location, "laptop", "/0500/444-new");
    assertThat(reads(requests)).as("%s", requests).isLessThanOrEqualTo(9);
    assertThat(requests.getOrDefault("PutObject", 0L)).as("%s", requests).isBetween(5L, 8L);
    assertThat(requests).containsOnlyKeys("GetObject", "ListObjectsV2", "Probe", "PutObject");
  }

  private static long reads(Map<String, Long> requests) {
    return requests.getOrDefault("GetObject", 0L) + requests.getOrDefault("ListObjectsV2", 0L);
  }

  private static StorageLocation million() throws IOException, InterruptedException {
    S3Proxy server = S3Proxy.shared();
    StorageLocation location =
        StorageLocation.parse(
            "s3://" + server.newBucket(), Map.of("s3.endpoint", server.endpoint().toString()));
    try (Store store = Store.openOrCreate(location.open())) {
      store.repos().create("data", "", "test", Instant.EPOCH);
      byte[] bytes = "one content for all".getBytes(StandardCharsets.UTF_8);
      Sha256 sha256 = Sha256.of(bytes);
      ObjectRef object = store.session().createObject(sha256, Content.of(bytes));
      StoredFile file =
          new StoredFile(
              bytes.length, sha256, List.of(new Extent(object, 0, bytes.length)), Optional.empty());
      Tree tree =
          store
              .trees()
              .build(
                  IntStream.range(0, FILES)
                      .mapToObj(i -> "/%04d/%03d".formatted(i / 1_000, i % 1_000))
                      .map(path -> FileEntry.of(FilePath.of(path), false, file))
                      .iterator());
      commit(store, before -> tree);
    }
    return location;
  }

  /** Puts a file as a command of a machine with this cache does; the requests that it sent. */
  private SortedMap<String, Long> put(StorageLocation location, String machine, String path) {
    S3Storage storage = (S3Storage) location.open();
    Storage copies = new LocalCache(folder.resolve(machine), 1L << 30).over(storage);
    try (Store store = Store.open(new WriteSession(storage, copies))) {
      commit(store, before -> store.trees().edit(before, List.of(edit(store, path))));
      return storage.requests();
    }
  }

  private static TreeEdit edit(Store store, String path) {
    try (Packer packer = store.packer()) {
      byte[] content = path.getBytes(StandardCharsets.UTF_8);
      Supplier<StoredFile> file = packer.add(Content.of(content))::stored;
      packer.flush();
      return new TreeEdit.Put(FileEntry.of(FilePath.of(path), false, file.get()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void commit(Store store, UnaryOperator<Tree> change) {
    var unused =
        new Committer(store, "test", Instant.EPOCH)
            .commit(store.repos().require("data"), "master", "", Committer.Empty.SKIPPED, change);
  }
}
