// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.direct;

import io.beamwright.runners.Counters;
import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.jspecify.annotations.Nullable;

/** A graph in threads of this process. */
final class DirectRun implements GraphRun {

  private final PipelineResult result;
  private volatile @Nullable Throwable failure;
  private volatile boolean cancelled;

  DirectRun(PipelineResult result) {
    this.result = result;
  }

  @Override
  public Optional<ClusterJob> clusterJob() {
    return Optional.empty();
  }

  @Override
  public boolean await(Duration limit) throws GraphFailure, InterruptedException {
    // Beam tells the cause once, and takes a limit of 0 for none at all.
    if (failure == null) {
      endWithin(Math.max(1, limit.toMillis()));
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new GraphFailure(DirectGraphRunner.NAME, cause);
    }
    return switch (result.getState()) {
      case DONE -> true;
      case CANCELLED -> throw GraphFailure.cancelled(DirectGraphRunner.NAME);
      case FAILED -> throw failedWithoutCause();
      default -> false;
    };
  }

  /** Who cancels what has failed already takes its cause away: Beam does not tell it any more. */
  private GraphFailure failedWithoutCause() {
    return cancelled
        ? GraphFailure.cancelled(DirectGraphRunner.NAME)
        : new GraphFailure(
            DirectGraphRunner.NAME, new IllegalStateException("the graph failed without a cause"));
  }

  private void endWithin(long millis) throws InterruptedException {
    try {
      var unused = result.waitUntilFinish(org.joda.time.Duration.millis(millis));
    } catch (Pipeline.PipelineExecutionException e) {
      failure = e.getCause() == null ? e : e.getCause();
    } catch (RuntimeException e) {
      if (e.getCause() instanceof InterruptedException && Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      // What is not a step's own exception comes unwrapped.
      failure = e;
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    try {
      var unused = result.cancel();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, Long> counters() {
    return Counters.attempted(result.metrics());
  }

  @Override
  public void close() {
    if (!result.getState().isTerminal()) {
      cancel();
    }
  }
}
