// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.transforms.datum.Worker;
import io.beamwright.versioning.MissingStore;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.Serializable;

/**
 * What a step of a graph needs to find its work, wherever it runs: the store, the job and which
 * attempt at it this is.
 *
 * @param location the store
 * @param job id of the job, in hexadecimal digits
 * @param attempt number of the attempt
 */
record GraphSite(StorageLocation location, String job, long attempt) implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String SAME_FOR_ALL =
      "Its URI has to mean the same store on every worker: a folder that all of them mount at the"
          + " same place, hdfs: or s3:.";

  /**
   * Opens the store; the caller closes it.
   *
   * @throws EnvironmentFault if there is no store here, or another one
   */
  Store open() {
    Store store = there();
    try {
      requireAttempt(store);
      return store;
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private Store there() {
    try {
      return Store.open(location.open());
    } catch (MissingStore missing) {
      throw new EnvironmentFault(
          "The worker " + Worker.NAME + " sees no store at " + location.root() + ".",
          SAME_FOR_ALL,
          missing);
    }
  }

  // A job's id is made with the random id of its repo: no two stores have the same.
  private void requireAttempt(Store store) {
    if (store.attempts().at(attempt).filter(a -> a.job().hex().equals(job)).isEmpty()) {
      throw new EnvironmentFault(
          "The worker "
              + Worker.NAME
              + " sees another store at "
              + location.root()
              + " than the run.",
          SAME_FOR_ALL);
    }
  }
}
