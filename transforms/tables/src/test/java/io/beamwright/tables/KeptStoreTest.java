// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.FileInspector;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.testkit.ZippedStore;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of stores that earlier versions wrote are read, and as much is known of them as then. */
class KeptStoreTest {

  private static final Path STORES = Path.of("../../versioning/testkit/src/test/resources/stores");

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void aTableOfAnOlderStoreIsReadAndItsFactsAreThoseOfToday(String name) throws IOException {
    try (InputStream zipped = Files.newInputStream(STORES.resolve(name + ".zip"))) {
      ZippedStore.unpack(zipped, root);
    }
    try (Store store = Store.open(new LocalStorage(root))) {
      var commit = store.history().resolve(Revision.parse("tables@master")).commit();
      FileEntry file =
          store.history().files(commit).find(new FilePath("/prices.parquet")).orElseThrow();
      RandomAccessSource bytes = RandomAccessSource.of(store.files().readAll(file.file()));

      assertThat(Tables.read(TableReader.open("prices.parquet", bytes)))
          .isEqualTo(RandomTables.ofAllTypes(2, 100));
      TableFacts facts = file.file().table().orElseThrow();
      FileInspector inspector = new ParquetInspector();
      assertThat(inspector.inspect("prices.parquet", bytes)).isEqualTo(facts);
      assertThat(inspector.inspectRows("prices.parquet", bytes)).isEqualTo(facts);
    }
  }
}
