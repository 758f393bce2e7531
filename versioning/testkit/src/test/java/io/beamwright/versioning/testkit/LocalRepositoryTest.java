// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.storage.Storage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;

class LocalRepositoryTest extends RepositoryContract {

  @TempDir Path folder;
  private int places;

  @Override
  protected Supplier<Storage> emptyPlace() {
    Path place = folder.resolve("place-" + places++);
    return () -> new LocalStorage(place);
  }

  @Override
  protected int tries() {
    return 40;
  }

  // Each create waits for the disk; in memory all of them are played.
  @Override
  protected List<Trouble> troublesOfEachCall() {
    return List.of(Trouble.DIE_AFTER, Trouble.CUT_SHORT);
  }
}
