// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Beamwright;
import io.beamwright.runners.spark.server.SparkCluster;
import io.beamwright.versioning.server.SmallDisk;
import io.beamwright.versioning.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

  // --- beside another runner ---

  /** By hand what the launcher does: one process after the other, each with what is needed. */
  @Test
  void stagesOfOneSpecRunOnTwoRunnersAndOneNeedsMuchMemory() throws Exception {
    Path flink = Path.of("..", "..", "flink", "e2e", "target", "classpath");
    assumeThat(flink).as("the class path of Flink's tests, which run before in a build").exists();
    Command command = new Command("file:" + folder.resolve("store"), List.of());
    var unused = copies(command, 3, "true");
    Path spec =
        Files.writeString(
            folder.resolve("two.json"),
            """
            [{"pipeline": {"name": "first"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
              "transform": {"cmd": ["sh", "-c", "cp /pfs/in/* /pfs/out/"]}, "runner": "flink"},
             {"pipeline": {"name": "then"}, "input": {"pfs": {"repo": "first", "glob": "/*"}},
              "transform": {"cmd": ["sh", "-c", "cp /pfs/first/* /pfs/out/"]},
              "resource_requests": {"memory": "4Gi"},
              "runner": {"name": "spark", "options": {"master": "%s"}}}]
            """
                .formatted(cluster.master()));
    Path handover = Files.createFile(folder.resolve("handover"));
    List<String> asked = new ArrayList<>();

    ChildJvm.Ended ended =
        process(handover, "small", List.of("run", spec.toString(), "--store", command.store()));
    while (ended.exitCode() == 90) {
      String needed = Files.readAllLines(handover).get(0);
      asked.add(needed);
      assertThat(asked).as("%s", ended.lines()).hasSizeLessThan(4);
      ended = process(handover, needed, List.of());
    }

    assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
    assertThat(asked).containsExactly("full flink", "full spark");
    JsonNode first = command.json("inspect", "commit", "first").path("commit");
    JsonNode then = command.json("inspect", "commit", "then").path("commit");
    assertThat(first.at("/provenance/runner").asText()).isEqualTo("flink");
    assertThat(then.at("/provenance/runner").asText()).isEqualTo("spark");
    assertThat(then.at("/provenance/run")).isEqualTo(first.at("/provenance/run"));
    assertThat(command.json("list", "file", "then@master:/").path("files")).hasSize(3);
    assertThat(executorMemories()).contains(4096);
  }

  private ChildJvm.Ended process(Path handover, String classPath, List<String> words)
      throws Exception {
    boolean isFlink = classPath.contains("flink");
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "BEAMWRIGHT_HANDOVER=" + handover));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions());
    command.add("-Dbeamwright.classpath=" + classPath);
    if (words.isEmpty()) {
      command.add("-Dbeamwright.handover=" + handover);
    }
    command.add("-cp");
    command.add(
        isFlink
            ? Files.readString(Path.of("..", "..", "flink", "e2e", "target", "classpath"))
            : System.getProperty("java.class.path"));
    command.add(Beamwright.class.getName());
    command.addAll(words);
    try (ChildJvm child = ChildJvm.start(command)) {
      return child.end();
    }
  }

  /** In MiB, of all applications that the cluster ran. */
  private static List<Integer> executorMemories() {
    List<Integer> memories = new ArrayList<>();
    JsonNode state = Bench.parse(cluster.page("json/").orElseThrow());
    for (String apps : List.of("activeapps", "completedapps")) {
      state.path(apps).forEach(app -> memories.add(app.path("memoryperexecutor").asInt()));
    }
    return memories;
  }
}
