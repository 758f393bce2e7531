// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.spark.server.SparkCluster;
import io.beamwright.runners.testkit.AwaitFile;
import io.beamwright.runners.testkit.GraphRunnerContract;
import io.beamwright.runners.testkit.JobJars;
import io.beamwright.runners.testkit.WriteMark;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.spark.SparkConf;
import org.joda.time.DateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneSparkTest extends GraphRunnerContract {

  @TempDir private static Path shared;
  private static SparkCluster cluster;
  private static List<Path> jars;

  @BeforeAll
  static void start() throws IOException {
    cluster = SparkCluster.start(Files.createDirectory(shared.resolve("cluster")), 2, 2);
    jars = JobJars.pack(Files.createDirectory(shared.resolve("jars")), JarsOfSpark::haveOneLike);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  @Override
  protected GraphRunner runner() {
    return GraphRunners.require("spark");
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
    JsonNode state = new ObjectMapper().readTree(cluster.page("json/").orElseThrow());
    for (JsonNode application : state.path("activeapps")) {
      if (application.path("id").asText().equals(job.id())) {
        return application.path("state").asText();
      }
    }
    return "NOT ACTIVE";
  }

  /** Graphs share an application, which goes on when one is cancelled. */
  @Override
  protected String cancelled() {
    return "RUNNING";
  }

  @Test
  void theCoresOfAGraphThatWasCancelledServeOthers() throws Exception {
    Path gate = newFolder("gate");
    Pipeline graph = newGraph();
    graph
        .apply(Create.of(1L, 2L))
        .apply(Reshuffle.viaRandomKey())
        .apply(ParDo.of(new AwaitFile(gate.resolve("open"))));
    Path marks = newFolder("marks");
    Pipeline next = newGraph();
    next.apply(Create.of(3L, 4L, 5L)).apply(ParDo.of(new WriteMark(marks)));

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());
      run.cancel();
      assertThat(catchThrowableOfType(GraphFailure.class, () -> run.await(MOST)).isCancelled())
          .isTrue();
      try (GraphRun second = runner().start(next)) {
        assertThat(second.await(MOST)).isTrue();
        assertThat(namesIn(marks)).containsExactly("3", "4", "5");
        assertThat(second.clusterJob()).isEqualTo(run.clusterJob());
      }
    } finally {
      Files.createFile(gate.resolve("open"));
    }
  }

  @Test
  void aGraphEndsWellThoughAWorkerIsKilledInTheMiddle() throws Exception {
    Path gate = newFolder("gate");
    Path marks = newFolder("marks");
    Pipeline graph = newGraph();
    markThenWait(graph, marks, gate.resolve("open"), 1L, 2L, 3L, 4L);

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());
      long killed = executorThatWaits(gate);
      cluster.killWorkerOf(killed);
      Files.createFile(gate.resolve("open"));

      assertThat(run.await(MOST)).isTrue();
      assertThat(namesIn(marks)).containsExactly("1", "2", "3", "4");
      assertThat(namesIn(gate))
          .as("what waited was begun again elsewhere")
          .anyMatch(name -> name.startsWith("waits-") && !name.endsWith("-" + killed));
    } finally {
      cluster.startWorker();
      cluster.awaitWorkers(2);
    }
  }

  private static long executorThatWaits(Path gate) throws IOException {
    String name = namesIn(gate).get(0);
    return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
  }

  @Test
  void aTaskWhoseWorkersDieIsTheEnvironmentsFault() throws Exception {
    Pipeline graph = runner().newGraph(settings(Map.of("retries", "0")));
    graph.apply(Create.of(1L)).apply(ParDo.of(new HaltExecutor()));

    try (GraphRun run = runner().start(graph)) {
      GraphFailure failure = catchThrowableOfType(GraphFailure.class, () -> run.await(MOST));
      assertThat(failure.getCause())
          .isInstanceOfSatisfying(
              EnvironmentFault.class,
              fault -> assertThat(fault.remedy()).contains("spark.executor.memory"))
          .hasMessageContaining(cluster.master())
          .hasMessageContaining("code 9")
          .message()
          .doesNotContain("\n");
    }
  }

  /** Ends its process, as the system does where memory is short. */
  static final class HaltExecutor extends DoFn<Long, Long> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void halt() {
      Runtime.getRuntime().halt(9);
    }
  }

  @Test
  void aClusterThatWasStartedAnewRunsGraphs() throws Exception {
    Path marks = newFolder("marks");
    Pipeline graph = newGraph();
    graph.apply(Create.of(1L)).apply(ParDo.of(new WriteMark(marks)));
    Pipeline next = newGraph();
    next.apply(Create.of(2L)).apply(ParDo.of(new WriteMark(marks)));

    try (GraphRun run = runner().start(graph)) {
      assertThat(run.await(MOST)).isTrue();
      cluster.restart(2);
      try (GraphRun second = runner().start(next)) {
        assertThat(second.await(MOST)).isTrue();
        assertThat(namesIn(marks)).containsExactly("1", "2");
        assertThat(second.clusterJob()).isNotEqualTo(run.clusterJob());
      }
    }
  }

  @Test
  void aGraphWhoseExecutorsFitNoWorkerIsRefused() {
    Pipeline graph = runner().newGraph(settings(Map.of("spark.executor.memory", "64g")));

    assertThatThrownBy(() -> runner().start(graph))
        .isInstanceOfSatisfying(
            UserFault.class,
            fault -> assertThat(fault.remedy()).contains("Lower spark.executor.memory"))
        .hasMessageContaining(cluster.master().substring("spark://".length()))
        .hasMessageContaining("64g");
  }

  @Test
  void itsPagesTellWhatSparkItIs() {
    assertThat(ClusterCheck.version(cluster.page("").orElseThrow())).contains("3.5.7");
  }

  @Test
  void workersLoadOurLibrariesBeforeThoseOfTheirInstallation() throws Exception {
    Path places = newFolder("places");
    Pipeline graph =
        runner().newGraph(settings(Map.of("spark.executor.extraJavaOptions", "-Dours=1")));
    graph.apply(Create.of(1L)).apply(ParDo.of(new WritePlaces(places)));

    try (GraphRun run = runner().start(graph)) {
      assertThat(run.await(MOST)).isTrue();
    }
    assertThat(places.resolve("joda")).content().contains("/worker-").contains("/app-");
    assertThat(places.resolve("spark")).content().contains("spark-core").doesNotContain("/app-");
    assertThat(places.resolve("flags")).content().contains("sun.nio.ch=ALL-UNNAMED", "-Dours=1");
  }

  /** Leaves files that say where classes came from, and how the JVM was started. */
  static final class WritePlaces extends DoFn<Long, Long> {
    private static final long serialVersionUID = 1L;

    private final String folder;

    WritePlaces(Path folder) {
      this.folder = folder.toString();
    }

    @ProcessElement
    public void write() throws IOException {
      write("joda", placeOf(DateTime.class));
      write("spark", placeOf(SparkConf.class));
      write("flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }

    private static String placeOf(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }

    private void write(String name, String text) throws IOException {
      Files.writeString(Path.of(folder, name), text);
    }
  }
}
