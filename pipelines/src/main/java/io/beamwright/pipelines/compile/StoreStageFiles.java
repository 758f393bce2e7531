// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.transforms.beam.StageFiles;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.RandomAccessSource;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.storage.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The files of a store as the steps of a chain see them. */
final class StoreStageFiles implements StageFiles {

  private final Store store;

  private StoreStageFiles(Store store) {
    this.store = store;
  }

  static StageFiles.Opener opener(GraphSite site) {
    return () -> new StoreStageFiles(site.open());
  }

  @Override
  public InputStream open(StoredFile file) {
    return store.files().open(file);
  }

  @Override
  public RandomAccessSource randomAccess(StoredFile file) {
    return RandomAccessSource.of(store.files(), file);
  }

  @Override
  public StoredFile addTable(Path parquet, TableFacts facts) {
    try (Packer packer = store.packer()) {
      return packer.addWhole(Content.of(parquet)).stored().withTable(facts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
