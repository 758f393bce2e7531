// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks clusters about graphs that another process started there, by their REST interfaces and
 * without a class of their runners. Of the runners that there are, Flink keeps a graph whose driver
 * is gone; in Spark it ends with its driver.
 */
public final class ClusterJobs {

  private static final String FLINK = "flink";
  private static final Duration MOST = Duration.ofSeconds(10);
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
    return send(request(job, "").GET().build())
        .flatMap(
            answer ->
                answer.statusCode() == 404
                    ? Optional.of(State.UNKNOWN)
                    : stateOf(answer.statusCode(), answer.body()));
  }

  private static Optional<State> stateOf(int status, String body) {
    if (status != 200) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          switch (new ObjectMapper().readTree(body).path("state").asText()) {
            case "FINISHED" -> State.FINISHED;
            case "FAILED" -> State.FAILED;
            case "CANCELED" -> State.CANCELLED;
            default -> State.RUNNING;
          });
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Asks for the end of {@code job}; whether its cluster took that. */
  public static boolean cancel(ClusterJob job) {
    return job.runner().equals(FLINK)
        && send(request(job, "?mode=cancel").method("PATCH", BodyPublishers.noBody()).build())
            .filter(answer -> answer.statusCode() / 100 == 2)
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

  private static HttpRequest.Builder request(ClusterJob job, String query) {
    return HttpRequest.newBuilder(
            URI.create("http://" + job.master() + "/jobs/" + job.id() + query))
        .timeout(MOST);
  }

  private static Optional<HttpResponse<String>> send(HttpRequest request) {
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(MOST).build();
      return Optional.of(client.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
