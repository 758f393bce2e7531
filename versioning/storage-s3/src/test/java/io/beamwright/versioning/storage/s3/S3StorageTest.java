// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.s3proxy.S3Proxy;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.StorageContract;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

class S3StorageTest extends StorageContract {

  private StorageLocation location = StorageLocation.parse("s3://none");

  @Override
  protected Storage openEmpty() {
    try {
      S3Proxy server = S3Proxy.shared();
      location =
          StorageLocation.parse(
              "s3://" + server.newBucket() + "/some/prefix",
              Map.of("s3.endpoint", server.endpoint().toString()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
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
