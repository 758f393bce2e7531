// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.fault.EnvironmentFault;

/** A storage was named that Beamwright has, but this process has not on its class path. */
public final class StorageNotLoaded extends EnvironmentFault {

  private static final long serialVersionUID = 1L;

  private final String scheme;

  StorageNotLoaded(String root, String scheme) {
    super(
        "The store " + root + ": the storage for " + scheme + " is not on the class path.",
        "Start the command by the script beamwright, which adds it, or add the jar"
            + " beamwright-storage-"
            + scheme
            + " and what it needs.");
    this.scheme = scheme;
  }

  /** The URI scheme whose storage is missing. */
  public String scheme() {
    return scheme;
  }
}
