// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Storage;
import java.util.function.Supplier;

class MemoryRepositoryTest extends RepositoryContract {

  @Override
  protected Supplier<Storage> emptyPlace() {
    MemoryStorage place = new MemoryStorage();
    return () -> place;
  }
}
