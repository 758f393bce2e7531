// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import io.beamwright.versioning.fault.UserFault;

/** The version of what a cluster runs. */
public final class ClusterVersion {

  private ClusterVersion() {}

  /**
   * Returns if a cluster is of the series that a runner is made for, such as 3.5.
   *
   * @param product its name, for people
   * @param address of the cluster
   * @throws UserFault if it is of another
   */
  public static void requireSameSeries(String product, Object address, String theirs, String ours) {
    if (!series(theirs).equals(series(ours))) {
      throw new UserFault(
          "The cluster at %s is %s %s, and this runner is %s %s."
              .formatted(address, product, theirs, product, ours),
          "Name a cluster of " + product + " " + series(ours) + ".");
    }
  }

  /** 3.5 of 3.5.7. */
  private static String series(String version) {
    return version.replaceFirst("^(\\d+\\.\\d+).*$", "$1");
  }
}
