// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.CollectorContract;
import java.util.Optional;

/** Garbage collection in a bucket of a real server. */
class S3CollectorTest extends CollectorContract {

  private StorageLocation location = StorageLocation.parse("s3://none");

  @Override
  protected Storage openEmpty() {
    location = Buckets.newStore();
    return location.open();
  }

  @Override
  protected Optional<StorageLocation> fromOtherProcesses() {
    return Optional.of(location);
  }

  @Override
  protected int callsAtATime() {
    return 23;
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
