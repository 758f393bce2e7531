// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.StorageContract;
import java.util.Optional;

class S3StorageTest extends StorageContract {

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

  // S3Proxy writes to a temporary file whose name is 37 bytes longer; S3 itself knows no segments.
  @Override
  protected int longestSegment() {
    return 218;
  }
}
