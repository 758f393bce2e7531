// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.runners.StepCause;
import java.util.List;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.util.SerializedThrowable;

/** Finds in what Flink throws what a step threw. */
final class Causes {

  private Causes() {}

  /** The cause of {@code failure} without what Flink and Beam wrapped around it. */
  static Throwable of(Throwable failure) {
    return StepCause.of(chain(failure), Causes::isOfFlink);
  }

  /** Whether it says that the job was cancelled. */
  static boolean sayCancelled(Throwable failure) {
    return chain(failure).stream().anyMatch(JobCancellationException.class::isInstance);
  }

  /** Whether it says how the job ended, and not that this cannot be known. */
  static boolean sayEnded(Throwable failure) {
    return chain(failure).stream().anyMatch(JobExecutionException.class::isInstance);
  }

  private static List<Throwable> chain(Throwable failure) {
    return StepCause.chain(failure, Causes::read);
  }

  /** Flink sends exceptions as bytes, with a stand-in for whoever lacks their classes. */
  private static Throwable read(Throwable link) {
    return link instanceof SerializedThrowable bytes
        ? bytes.deserializeError(Causes.class.getClassLoader())
        : link;
  }

  private static boolean isOfFlink(Throwable link) {
    return link.getClass().getName().startsWith("org.apache.flink.");
  }
}
