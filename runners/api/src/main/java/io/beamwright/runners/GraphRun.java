// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import io.beamwright.versioning.job.ClusterJob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A graph that was started. Whoever started it closes it.
 *
 * <p>One thread at a time awaits; the other methods may be called beside it.
 */
public interface GraphRun extends AutoCloseable {

  /** The job in a cluster; empty where the graph runs in this process. */
  Optional<ClusterJob> clusterJob();

  /**
   * Waits until it ended, {@code limit} at most. A repeated call says the same again.
   *
   * @return true if it ended well, false if it still goes on
   * @throws GraphFailure if it did not end well, or what became of it cannot be found out
   */
  boolean await(Duration limit) throws GraphFailure, InterruptedException;

  /** Waits as long as it takes. */
  default void await() throws GraphFailure, InterruptedException {
    boolean ended = false;
    while (!ended) {
      ended = await(Duration.ofMinutes(1));
    }
  }

  /**
   * Asks for its end and returns at once. A later {@link #await} throws a {@link GraphFailure} that
   * is cancelled, unless the graph ended before the request arrived.
   */
  void cancel();

  /**
   * What the {@linkplain Counters counters} of its steps say, by name: as attempted, so what ran
   * twice counts twice. While it runs these are the counters of bundles that ended, as far as the
   * runner heard of them; nothing if the runner does not answer.
   */
  Map<String, Long> counters();

  /**
   * Lets go of what this process holds; a graph in this process that still goes on is cancelled.
   */
  @Override
  void close();
}
