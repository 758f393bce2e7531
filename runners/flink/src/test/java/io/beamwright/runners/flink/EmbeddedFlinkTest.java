// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.RunnerNames;
import io.beamwright.runners.testkit.AwaitFile;
import io.beamwright.runners.testkit.GraphRunnerContract;
import io.beamwright.versioning.fault.UserFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;

class EmbeddedFlinkTest extends GraphRunnerContract {

  @Override
  protected GraphRunner runner() {
    return GraphRunners.require("flink");
  }

  @Test
  void itsNameIsKnownWithoutLoadingIt() {
    assertThat(RunnerNames.onClassPath(EmbeddedFlinkTest.class.getClassLoader()))
        .containsExactly("flink");
  }

  /** As where the process is told to end: nobody waits for a cluster that is not there any more. */
  @Test
  void aGraphWhoseClusterEndsIsCancelled() throws Exception {
    Path gate = newFolder("gate");
    Pipeline graph = newGraph();
    graph.apply(Create.of(1L)).apply(ParDo.of(new AwaitFile(gate.resolve("open"))));
    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());

      EmbeddedCluster.endShared();

      assertTimeoutPreemptively(Duration.ofSeconds(10), run::counters);
      GraphFailure failure =
          catchThrowableOfType(GraphFailure.class, () -> run.await(Duration.ofSeconds(10)));
      assertThat(failure.isCancelled()).isTrue();
    } finally {
      Files.createFile(gate.resolve("open"));
    }
    Pipeline next = newGraph();
    next.apply(Create.of(1L));
    try (GraphRun run = runner().start(next)) {
      assertThat(run.await(Duration.ofMinutes(1))).isTrue();
    }
  }

  @Test
  void aValueThatAnOptionCannotHaveIsRefused() {
    assertThatThrownBy(() -> runner().newGraph(settings(Map.of("retries", "often"))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("retries")
        .hasMessageContaining("often");
    assertThatThrownBy(() -> runner().newGraph(settings(Map.of("object_reuse", "yes"))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("object_reuse")
        .hasMessageContaining("yes");
  }
}
