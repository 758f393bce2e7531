// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks the REST interfaces and the web pages of clusters, each within ten seconds. */
public final class ClusterPages {

  private static final Duration MOST = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  // One for all: each has threads of its own, and starting them takes longer than most answers.
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(MOST).version(HttpClient.Version.HTTP_1_1).build();

  private ClusterPages() {}

  /** What came back. */
  public record Answer(int status, String body) {

    /** Whether the page is there. */
    public boolean isThere() {
      return status / 100 == 2;
    }

    /** The page, if it is JSON; else nothing: something else serves there. */
    public JsonNode json() {
      try {
        @Nullable JsonNode json = JSON.readTree(body);
        return json == null ? MissingNode.getInstance() : json;
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }
  }

  /**
   * Gets {@code page}.
   *
   * @throws IOException if nobody answers there
   */
  public static Answer get(URI page) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(page).GET());
  }

  /**
   * Sends {@code page} a PATCH without a body.
   *
   * @throws IOException if nobody answers there
   */
  public static Answer patch(URI page) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(page).method("PATCH", BodyPublishers.noBody()));
  }

  private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = CLIENT.send(request.timeout(MOST).build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }
}
