// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.runners.flink.server.FlinkCluster;
import io.beamwright.runners.testkit.GraphRunnerContract;
import io.beamwright.runners.testkit.JobJars;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneFlinkTest extends GraphRunnerContract {

  @TempDir private static Path shared;
  private static FlinkCluster cluster;
  private static List<Path> jars;

  @BeforeAll
  static void start() throws IOException {
    cluster = FlinkCluster.start(Files.createDirectory(shared.resolve("cluster")), 2, 2);
    jars =
        JobJars.pack(
            Files.createDirectory(shared.resolve("jars")),
            GraphRunners.require("flink")::isOnWorkers);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Override
  protected GraphRunner runner() {
    return GraphRunners.require("flink");
  }

  @Override
  protected Optional<String> master() {
    return Optional.of(cluster.master());
  }

  @Override
  protected List<Path> jars() {
    return jars;
  }

  @Override
  protected String stateOf(ClusterJob job) throws IOException {
    String page = cluster.page("jobs/" + job.id()).orElseThrow();
    return new ObjectMapper().readTree(page).path("state").asText();
  }

  @Test
  void aGraphEndsWellThoughAWorkerIsKilledInTheMiddle() throws Exception {
    Path gate = newFolder("gate");
    Path marks = newFolder("marks");
    Pipeline graph = newGraph();
    markThenWait(graph, marks, gate.resolve("open"), 1L, 2L, 3L, 4L);

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());
      long killed = workerThatWaits(gate);
      assertThat(cluster.taskManagers()).contains(killed);
      cluster.killTaskManager(killed);
      Files.createFile(gate.resolve("open"));

      assertThat(run.await(MOST)).isTrue();
      assertThat(stateOf(run.clusterJob().orElseThrow())).isEqualTo("FINISHED");
      assertThat(namesIn(marks)).containsExactly("1", "2", "3", "4");
      assertThat(namesIn(gate))
          .as("what waited was begun again elsewhere")
          .anyMatch(name -> name.startsWith("waits-") && !name.endsWith("-" + killed));
    } finally {
      cluster.startTaskManager();
      cluster.awaitTaskManagers(2);
    }
  }

  private static long workerThatWaits(Path gate) throws IOException {
    String name = namesIn(gate).get(0);
    return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
  }

  @Test
  void aGraphThatNeedsMoreMemoryThanASlotHasIsRefused() {
    RunnerSettings large =
        new RunnerSettings(
            "a-test", OptionalInt.of(1), Map.of(), master(), OptionalLong.of(4L << 30), jars());
    Pipeline graph = runner().newGraph(large);

    assertThatThrownBy(() -> runner().start(graph))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(cluster.master())
        // What FlinkCluster gives a TaskManager, for two slots.
        .hasMessageContaining("has 4096 MiB of memory: the largest has 800 MiB");
  }

  @Test
  void aGraphThatNeedsMoreSlotsThanThereAreIsRefused() {
    RunnerSettings many =
        new RunnerSettings("a-test", OptionalInt.of(64), Map.of(), master(), jars());
    Pipeline graph = runner().newGraph(many);

    assertThatThrownBy(() -> runner().start(graph))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("4 at most"))
        .hasMessageContaining(cluster.master())
        .hasMessageContaining("64");
  }
}
