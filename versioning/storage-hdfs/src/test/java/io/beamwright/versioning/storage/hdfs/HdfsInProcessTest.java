// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.StorageContract;

/**
 * The contract on HDFS in this process, whose listings have pages of seven names. What several
 * processes do beside each other is tried in {@link HdfsProcessesTest}.
 */
class HdfsInProcessTest extends StorageContract {

  @Override
  protected Storage openEmpty() {
    return StorageLocation.parse(RealHdfs.newRoot(InProcessHdfs.uri()).toString()).open();
  }

  @Override
  protected int keysOfSeveralPages() {
    return 5 * InProcessHdfs.PAGE;
  }
}
