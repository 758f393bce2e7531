// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.runners.spark.server.SparkCluster;
import io.beamwright.versioning.server.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SparkClusterTest extends ClusterContract {

  @TempDir private static Path shared;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = SparkCluster.start(Files.createDirectory(shared.resolve("cluster")), 2, 2);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Override
  protected String runner() {
    return "spark";
  }

  @Override
  protected Map<String, String> cluster() {
    return Map.of("master", cluster.master(), "spark.executor.memory", "512m");
  }

  @Override
  protected OtherCluster clusterWith(SmallDisk disk, Path folder) throws IOException {
    SparkCluster other = SparkCluster.start(folder, 1, 1, Map.of(), Optional.of(disk));
    return new OtherCluster(
        Map.of("master", other.master(), "spark.executor.memory", "512m"), other::close);
  }

  @Override
  protected List<String> jvmOptions() {
    return List.of("@" + Path.of("..", "jvm-flags").toAbsolutePath().normalize());
  }

  /** The Workers live on: an executor that is killed is started anew. */
  @Override
  protected void heal() {}

  @Override
  protected String stateInCluster(String id) {
    JsonNode state = Bench.parse(cluster.page("json/").orElseThrow());
    for (String apps : List.of("activeapps", "completedapps")) {
      for (JsonNode app : state.path(apps)) {
        if (app.path("id").asText().equals(id)) {
          return app.path("state").asText();
        }
      }
    }
    return "UNKNOWN";
  }

  /** A job of Spark's is not told by its Master: the application ends with its driver. */
  @Override
  protected String cancelled() {
    return "FINISHED";
  }

  @Override
  protected boolean outlivesItsDriver() {
    return false;
  }

  @Override
  protected String nobodysAddress() {
    return "spark://127.0.0.1:1";
  }
}
