// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import java.io.IOException;
import java.util.Map;

/** Where tests put stores: in buckets of the server that all of them share. */
final class Buckets {

  private Buckets() {}

  /** Where no store is yet, in a bucket of its own. */
  static StorageLocation newStore() {
    try {
      S3Proxy server = S3Proxy.shared();
      return StorageLocation.parse(
          "s3://" + server.newBucket() + "/some/prefix",
          Map.of("s3.endpoint", server.endpoint().toString()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
