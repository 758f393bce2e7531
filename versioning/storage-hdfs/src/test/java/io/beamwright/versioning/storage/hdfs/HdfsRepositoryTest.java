// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.RepositoryContract;
import io.beamwright.versioning.testkit.Trouble;
import java.util.List;
import java.util.function.Supplier;

/** What a store promises, on HDFS in this process. */
class HdfsRepositoryTest extends RepositoryContract {

  @Override
  protected Supplier<Storage> emptyPlace() {
    StorageLocation place = StorageLocation.parse(RealHdfs.newRoot(InProcessHdfs.uri()).toString());
    return place::open;
  }

  // In memory all of them are played; here each create waits for the disk.
  @Override
  protected int tries() {
    return 3;
  }

  @Override
  protected int commitsOfEachThread() {
    return 6;
  }

  @Override
  protected int callsAtATime() {
    return 3;
  }

  @Override
  protected List<Trouble> troublesOfEachCall() {
    return List.of(Trouble.DIE_AFTER);
  }
}
