// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.runners.ClusterPages;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;

/**
 * What a cluster says of one job. Flink's own client asks for a job's end at pauses that double up
 * to two seconds, so that a small job seems to take half as long again.
 */
final class JobStatusPage {

  private static final long LEAST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  /** The pauses are this part of the time that has passed. */
  private static final long PART = 20;

  private final URI page;
  private final long start = System.nanoTime();
  private long nextLook = start;
  private boolean finished;

  JobStatusPage(Address address, String job) {
    this.page = address.page("/jobs/" + job + "/status");
  }

  /**
   * Waits until the cluster no longer says that the job is under way: it has ended, or the cluster
   * does not answer.
   *
   * @return false if {@code limit} passed before
   */
  boolean awaitChange(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long now = System.nanoTime();
      long until = Math.min(deadline - now, nextLook - now);
      if (until > 0) {
        TimeUnit.NANOSECONDS.sleep(until);
      }
      if (System.nanoTime() - nextLook < 0) {
        return false;
      }
      if (!isUnderWay()) {
        return true;
      }
      now = System.nanoTime();
      nextLook = now + Math.max(LEAST_PAUSE, Math.min(MOST_PAUSE, (now - start) / PART));
    }
  }

  /** Whether the cluster said that the job ended well. */
  boolean hasFinished() {
    return finished;
  }

  private boolean isUnderWay() throws InterruptedException {
    try {
      String status = ClusterPages.get(page).json().path("status").asText();
      finished = JobStatus.valueOf(status) == JobStatus.FINISHED;
      return !JobStatus.valueOf(status).isGloballyTerminalState();
    } catch (IOException | IllegalArgumentException e) {
      return false; // Flink's client asks again, and says what it was.
    }
  }
}
