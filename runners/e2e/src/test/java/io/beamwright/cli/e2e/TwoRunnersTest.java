// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Beamwright;
import io.beamwright.runners.spark.server.SparkCluster;
import io.beamwright.versioning.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages of one spec on Flink and on Spark, which are never on one class path: ours has Spark. */
class TwoRunnersTest {

  private static final Path OF_FLINK = Path.of("..", "flink", "e2e", "target", "classpath");
  private static final String JVM_FLAGS =
      "@" + Path.of("..", "spark", "jvm-flags").toAbsolutePath().normalize();

  @TempDir private Path folder;

  /** By hand what the launcher does: one process after the other, each with what is needed. */
  @Test
  void stagesOfOneSpecRunOnTwoRunnersAndOneNeedsMuchMemory() throws Exception {
    assumeThat(OF_FLINK)
        .as("the class path of Flink's tests, which run before in a build")
        .exists();
    Command command =
        new Command("file:" + folder.resolve("store"), List.of(), Map.of(), List.of());
    command.create("in", Files.createDirectory(folder.resolve("files")), 3);
    try (SparkCluster cluster =
        SparkCluster.start(Files.createDirectory(folder.resolve("cluster")), 1, 2)) {
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

      assertThat(run(spec, command.store())).containsExactly("full flink", "full spark");

      assertThat(executorMemories(cluster)).containsExactly(4096);
    }
    JsonNode first = command.document("inspect", "commit", "first").path("commit");
    JsonNode then = command.document("inspect", "commit", "then").path("commit");
    assertThat(first.at("/provenance/runner").asText()).isEqualTo("flink");
    assertThat(then.at("/provenance/runner").asText()).isEqualTo("spark");
    assertThat(then.at("/provenance/run")).isEqualTo(first.at("/provenance/run"));
    assertThat(command.document("list", "file", "then@master:/").path("files")).hasSize(3);
  }

  /** Runs the spec to its end; the class paths that were asked for on the way. */
  private List<String> run(Path spec, String store) throws Exception {
    Path handover = Files.createFile(folder.resolve("handover"));
    List<String> asked = new ArrayList<>();
    ChildJvm.Ended ended =
        process(handover, "small", List.of("run", spec.toString(), "--store", store));
    while (ended.exitCode() == 90) {
      String needed = Files.readAllLines(handover).get(0);
      asked.add(needed);
      assertThat(asked).as("%s", ended.lines()).hasSizeLessThan(4);
      ended = process(handover, needed, List.of());
    }
    assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
    return asked;
  }

  private static ChildJvm.Ended process(Path handover, String classPath, List<String> words)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "BEAMWRIGHT_HANDOVER=" + handover));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(JVM_FLAGS);
    command.add("-Dbeamwright.classpath=" + classPath);
    if (words.isEmpty()) {
      command.add("-Dbeamwright.handover=" + handover);
    }
    command.add("-cp");
    command.add(
        classPath.contains("flink")
            ? Files.readString(OF_FLINK)
            : System.getProperty("java.class.path"));
    command.add(Beamwright.class.getName());
    command.addAll(words);
    try (ChildJvm child = ChildJvm.start(command)) {
      return child.end();
    }
  }

  /** In MiB, of all applications that the cluster ran. */
  private static List<Integer> executorMemories(SparkCluster cluster) {
    List<Integer> memories = new ArrayList<>();
    JsonNode state = Bench.parse(cluster.page("json/").orElseThrow());
    for (String apps : List.of("activeapps", "completedapps")) {
      state.path(apps).forEach(app -> memories.add(app.path("memoryperexecutor").asInt()));
    }
    return memories;
  }
}
