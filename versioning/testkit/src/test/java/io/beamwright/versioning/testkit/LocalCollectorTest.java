// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.LocalStorage;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class LocalCollectorTest extends CollectorContract {

  @TempDir private Path folder;

  @Override
  protected Storage openEmpty() {
    return new LocalStorage(folder.resolve("store"));
  }

  @Override
  protected Optional<StorageLocation> fromOtherProcesses() {
    return Optional.of(StorageLocation.parse(folder.resolve("store").toUri().toString()));
  }

  @Override
  protected int callsAtATime() {
    return 4;
  }
}
