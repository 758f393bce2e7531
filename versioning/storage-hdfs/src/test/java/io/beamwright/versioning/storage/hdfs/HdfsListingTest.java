// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** What a listing asks the NameNode for, where a page has {@link InProcessHdfs#PAGE} names. */
class HdfsListingTest {

  private static final String PAGE = "getListing";

  private final URI root = RealHdfs.newRoot(InProcessHdfs.uri());
  private final Interposed hdfs;
  private final Storage storage;

  HdfsListingTest() throws IOException {
    hdfs = new Interposed(root);
    storage = hdfs.storage();
  }

  @Test
  void theHeadOfALogIsOnePageALevel() {
    for (int i = 0; i < 20; i++) {
      create(String.format("log/99%d/%03d", i / 10, i));
    }

    assertThat(pagesFor("log/", Optional.empty(), 1)).isEqualTo(2);
  }

  @Test
  void aListingBeginsAtTheNameThatMatters() {
    for (int i = 0; i < 50; i++) {
      create(String.format("many/%02d", i));
    }

    assertThat(pagesFor("many/", Optional.of("many/40"), 3)).isEqualTo(1);
    assertThat(pagesFor("many/4", Optional.empty(), 3)).isEqualTo(1);
    assertThat(pagesFor("many/00", Optional.empty(), 99)).isEqualTo(1);
    assertThat(pagesFor("many/", Optional.empty(), 99)).isEqualTo(8);
    assertThat(keys("many/", Optional.of("many/40"), 3))
        .containsExactly("many/41", "many/42", "many/43");
  }

  @Test
  void aFolderThatCannotHoldAMatchIsNotRead() {
    List.of("a/1", "b/1", "c/1").forEach(this::create);

    assertThat(pagesFor("", Optional.of("b/1"), 1)).as("the root, b, c").isEqualTo(3);
    assertThat(pagesFor("b", Optional.empty(), 9)).as("the root, b").isEqualTo(2);
    assertThat(pagesFor("b/", Optional.of("b0"), 9)).as("nothing can match").isEqualTo(0);
  }

  @Test
  void aFolderWaitsForAllNamesBeforeItsSlashOverAnyNumberOfPages() {
    create("a/first");
    for (int i = 0; i < 30; i++) {
      create(String.format("a-%02d", i));
    }

    List<String> all = keys("", Optional.empty(), 99);
    assertThat(all).hasSize(31).isSorted().endsWith("a-29", "a/first");
    assertThat(keys("", Optional.of("a-28"), 99)).containsExactly("a-29", "a/first");
    assertThat(keys("a", Optional.of("a-29"), 99)).containsExactly("a/first");
  }

  @Test
  void whatAStoreDidNotMakeIsNotListed() throws IOException {
    create("key");
    var fileSystem = InProcessHdfs.cluster().getFileSystem();
    for (String foreign : List.of("_COPYING_", "UPPER", ".hidden", "b lank", "ä", "~")) {
      fileSystem.create(new Path(root.getPath(), foreign)).close();
      fileSystem.create(new Path(root.getPath() + "/folder", foreign + "/below")).close();
    }

    assertThat(keys("", Optional.empty(), 99)).containsExactly("key");
  }

  @Test
  void theTimeOfCreationIsTheNameNodes() throws IOException {
    create("key");
    Listed listed = storage.list("key", Optional.empty(), 1).get(0);

    assertThat(listed.created().toEpochMilli())
        .isEqualTo(
            InProcessHdfs.cluster()
                .getFileSystem()
                .getFileStatus(new Path(root.getPath() + "/key"))
                .getModificationTime());
  }

  private long pagesFor(String prefix, Optional<String> after, int limit) {
    hdfs.takeCalls();
    List<Listed> unused = storage.list(prefix, after, limit);
    return hdfs.takeCalls().stream().filter(PAGE::equals).count();
  }

  private List<String> keys(String prefix, Optional<String> after, int limit) {
    return storage.list(prefix, after, limit).stream().map(one -> one.key().text()).toList();
  }

  private void create(String key) {
    storage.createIfAbsent(new StorageKey(key), Content.of(new byte[0]));
  }
}
