// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.RepositoryContract;
import io.beamwright.versioning.testkit.Trouble;
import java.util.List;
import java.util.function.Supplier;

/** What a store promises, in a bucket of a real server. */
class S3RepositoryTest extends RepositoryContract {

  @Override
  protected Supplier<Storage> emptyPlace() {
    StorageLocation place = Buckets.newStore();
    return place::open;
  }

  // In memory all of them are played; here each call is a request.
  @Override
  protected int tries() {
    return 8;
  }

  @Override
  protected int commitsOfEachThread() {
    return 6;
  }

  @Override
  protected int callsAtATime() {
    return 2;
  }

  @Override
  protected List<Trouble> troublesOfEachCall() {
    return List.of(Trouble.DIE_AFTER);
  }
}
