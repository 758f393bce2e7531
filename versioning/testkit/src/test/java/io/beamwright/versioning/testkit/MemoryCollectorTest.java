// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.storage.Storage;

class MemoryCollectorTest extends CollectorContract {

  @Override
  protected Storage openEmpty() {
    return new MemoryStorage();
  }
}
