// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import io.beamwright.runners.ClusterPages.Answer;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks clusters about graphs that another process started there, by their REST interfaces and
 * without a class of their runners. Of the runners that there are, Flink keeps a graph whose driver
 * is gone; in Spark it ends with its driver.
 */
public final class ClusterJobs {

  private static final String FLINK = "flink";
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private ClusterJobs() {}

  /** What a cluster says of a graph. */
  public enum State {
    /** It runs, waits for room, or is being cancelled. */
    RUNNING,
    /** It ended well. */
    FINISHED,
    /** It ended, and not well. */
    FAILED,
    /** Somebody ended it. */
    CANCELLED,
    /** The cluster does not know it, or not any more. */
    UNKNOWN
  }

  /** What its cluster says of {@code job}; nothing if it does not answer or cannot be asked. */
  public static Optional<State> state(ClusterJob job) {
    if (!job.runner().equals(FLINK)) {
      return Optional.empty();
    }
    return ask(() -> ClusterPages.get(page(job, ""))).flatMap(ClusterJobs::stateIn);
  }

  private static Optional<State> stateIn(Answer answer) {
    if (answer.status() == 404) {
      return Optional.of(State.UNKNOWN);
    }
    String state = answer.isThere() ? answer.json().path("state").asText() : "";
    return switch (state) {
      case "" -> Optional.empty();
      case "FINISHED" -> Optional.of(State.FINISHED);
      case "FAILED" -> Optional.of(State.FAILED);
      case "CANCELED" -> Optional.of(State.CANCELLED);
      default -> Optional.of(State.RUNNING);
    };
  }

  /** Asks for the end of {@code job}; whether its cluster took that. */
  public static boolean cancel(ClusterJob job) {
    return job.runner().equals(FLINK)
        && ask(() -> ClusterPages.patch(page(job, "?mode=cancel")))
            .filter(Answer::isThere)
            .isPresent();
  }

  /** Waits while its cluster says that {@code job} runs. */
  public static void awaitEnd(ClusterJob job) {
    try {
      while (state(job).filter(state -> state == State.RUNNING).isPresent()) {
        Thread.sleep(BETWEEN.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static URI page(ClusterJob job, String query) {
    return URI.create("http://" + job.master() + "/jobs/" + job.id() + query);
  }

  private interface Question {
    Answer ask() throws IOException, InterruptedException;
  }

  private static Optional<Answer> ask(Question question) {
    try {
      return Optional.of(question.ask());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
