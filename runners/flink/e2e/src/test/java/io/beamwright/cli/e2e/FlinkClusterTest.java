// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import io.beamwright.runners.flink.server.FlinkCluster;
import io.beamwright.versioning.server.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class FlinkClusterTest extends ClusterContract {

  @TempDir private static Path shared;
  private static FlinkCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    // For the test of two runners in one spec, where both cannot be on one class path.
    Files.writeString(Path.of("target", "classpath"), System.getProperty("java.class.path"));
    cluster = FlinkCluster.start(Files.createDirectory(shared.resolve("cluster")), 2, 2);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Override
  protected String runner() {
    return "flink";
  }

  @Override
  protected Map<String, String> cluster() {
    return Map.of("master", cluster.master());
  }

  @Override
  protected OtherCluster clusterWith(SmallDisk disk, Path folder) throws IOException {
    FlinkCluster other = FlinkCluster.start(folder, 1, 1, Optional.of(disk));
    return new OtherCluster(Map.of("master", other.master()), other::close);
  }

  @Override
  protected void heal() throws Exception {
    if (cluster.taskManagers().size() < 2) {
      cluster.startTaskManager();
      cluster.awaitTaskManagers(2);
    }
  }

  @Override
  protected String stateInCluster(String id) {
    return Bench.parse(cluster.page("jobs/" + id).orElseThrow()).path("state").asText();
  }

  @Override
  protected String cancelled() {
    return "CANCELED";
  }

  @Override
  protected boolean outlivesItsDriver() {
    return true;
  }

  @Override
  protected String nobodysAddress() {
    return "127.0.0.1:1";
  }
}
