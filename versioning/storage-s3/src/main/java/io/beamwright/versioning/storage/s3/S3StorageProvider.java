// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageProvider;
import java.net.URI;
import java.util.Map;

/**
 * Opens buckets: {@code s3://bucket}, or {@code s3://bucket/prefix} for a part of one. The options
 * are those of {@link S3Options}; credentials come from the usual chain and never stand in options.
 */
public final class S3StorageProvider implements StorageProvider {

  /** Found by {@link java.util.ServiceLoader}. */
  public S3StorageProvider() {}

  @Override
  public String scheme() {
    return S3Location.SCHEME;
  }

  @Override
  public URI absolute(URI root) {
    return S3Location.of(root).uri();
  }

  @Override
  public Storage open(URI root, Map<String, String> options) {
    S3Location location = S3Location.of(root);
    return new S3Storage(location, S3Options.of(location, options));
  }
}
