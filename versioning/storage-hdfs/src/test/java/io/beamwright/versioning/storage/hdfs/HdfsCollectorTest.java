// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.CollectorContract;
import java.net.URI;
import java.util.Optional;

/** Garbage collection on HDFS in this process, whose listings have pages of seven names. */
class HdfsCollectorTest extends CollectorContract {

  private URI root = URI.create("hdfs://none");

  @Override
  protected Storage openEmpty() {
    root = RealHdfs.newRoot(InProcessHdfs.uri());
    return StorageLocation.parse(root.toString()).open();
  }

  @Override
  protected Optional<StorageLocation> fromOtherProcesses() {
    return Optional.of(StorageLocation.parse(root.toString()));
  }

  @Override
  protected int callsAtATime() {
    return 23;
  }

  @Override
  protected int keysOfSeveralPages() {
    return 150;
  }

  @Override
  protected int writers() {
    return 2;
  }

  @Override
  protected int secondsBeside() {
    return 32;
  }
}
