// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.flink.runtime.client.JobCancellationException;
import org.apache.flink.runtime.client.JobExecutionException;
import org.apache.flink.util.SerializedThrowable;

/** Finds in what Flink throws what a step threw. */
final class Causes {

  private Causes() {}

  /** The cause of {@code failure} without what Flink and Beam wrapped around it. */
  static Throwable of(Throwable failure) {
    List<Throwable> chain = chain(failure);
    // A step that hands its output to the next in the chain wraps what that one threw once more.
    for (int i = chain.size() - 2; i >= 0; i--) {
      if (chain.get(i) instanceof UserCodeException) {
        return chain.get(i + 1);
      }
    }
    for (Throwable link : chain) {
      if (!isWrapping(link)) {
        return link;
      }
    }
    return chain.get(chain.size() - 1);
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
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = failure; link != null; link = link.getCause()) {
      link = read(link);
      chain.add(link);
    }
    return chain;
  }

  /** Flink sends exceptions as bytes, with a stand-in for whoever lacks their classes. */
  private static Throwable read(Throwable link) {
    return link instanceof SerializedThrowable bytes
        ? bytes.deserializeError(Causes.class.getClassLoader())
        : link;
  }

  private static boolean isWrapping(Throwable link) {
    return link.getCause() != null
        && (link.getClass() == RuntimeException.class
            || link.getClass().getName().startsWith("org.apache.flink.")
            || link.getClass().getName().startsWith("java.util.concurrent."));
  }
}
