// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.runners.StepCause;
import io.beamwright.versioning.fault.EnvironmentFault;
import org.apache.beam.sdk.Pipeline;
import org.apache.spark.SparkException;

/** Finds in what Spark throws what a step threw. */
final class Causes {

  private Causes() {}

  /** The cause of {@code failure} without what Spark and Beam wrapped around it. */
  static Throwable of(Throwable failure) {
    return StepCause.of(StepCause.chain(failure, link -> link), Causes::isOfSpark);
  }

  /**
   * The same, where {@code failure} ended a graph with this master: what Spark itself says is told
   * in a line.
   */
  static Throwable ofGraph(Throwable failure, SparkMaster master) {
    Throwable cause = of(failure);
    if (!(cause instanceof SparkException)) {
      return cause;
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("ExecutorLostFailure")) {
      return new EnvironmentFault(
          "Spark at "
              + master.url()
              + " lost the workers that ran a task: "
              + firstLine(cause)
              + ".",
          "See their logs in the folders of the Workers; if memory was short, set"
              + " spark.executor.memory.",
          cause);
    }
    if (message.contains("Master removed our application")
        || message.contains("All masters are unresponsive")
        || message.contains("SparkContext was shut down")) {
      return new EnvironmentFault(
          "Spark at " + master.url() + " ended in the middle: " + firstLine(cause) + ".",
          "See the cluster's log for why, and run it again.",
          cause);
    }
    // An exception that cannot be sent comes as text, with its stack.
    return new IllegalStateException(firstLine(cause), cause);
  }

  /** Its message as far as it is one line. */
  static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("").replaceFirst("[.:]$", "");
  }

  private static boolean isOfSpark(Throwable link) {
    return link instanceof Pipeline.PipelineExecutionException || link instanceof SparkException;
  }
}
