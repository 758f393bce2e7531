// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.RunnerNames;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.runners.testkit.AwaitFile;
import io.beamwright.runners.testkit.GraphRunnerContract;
import io.beamwright.runners.testkit.WriteMark;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

class EmbeddedSparkTest extends GraphRunnerContract {

  @Override
  protected GraphRunner runner() {
    return GraphRunners.require("spark");
  }

  @Test
  void itsNameIsKnownWithoutLoadingIt() {
    assertThat(RunnerNames.onClassPath(EmbeddedSparkTest.class.getClassLoader()))
        .containsExactly("spark");
  }

  @Test
  void theFileOfFlagsHasThoseOfSparksOwnLauncher() throws IOException {
    List<String> flags =
        Files.readAllLines(Path.of("jvm-flags")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();

    assertThat(String.join(" ", flags)).isEqualTo(JavaModuleOptions.defaultModuleOptions().strip());
  }

  @Test
  void graphsSideBySideHaveCountersAndAnEndOfTheirOwn() throws Exception {
    Path gate = newFolder("gate");
    Path marks = newFolder("marks");
    // Whatever waits keeps a thread.
    RunnerSettings settings = RunnerSettings.here("a-test", OptionalInt.of(4), Map.of());
    Pipeline graph = runner().newGraph(settings);
    markThenWait(graph, marks, gate.resolve("open"), 1L, 2L);
    Path otherGate = newFolder("other-gate");
    Path otherMarks = newFolder("other-marks");
    Pipeline other = runner().newGraph(settings);
    markThenWait(other, otherMarks, otherGate.resolve("open"), 4L);

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());
      try (GraphRun second = runner().start(other)) {
        awaitThat(second, () -> second.counters().getOrDefault(WriteMark.COUNTER, 0L) == 1);
        assertThat(run.counters()).containsEntry(WriteMark.COUNTER, 2L);

        run.cancel();

        assertThat(catchThrowableOfType(GraphFailure.class, () -> run.await(MOST)).isCancelled())
            .isTrue();
        assertThat(second.await(Duration.ofMillis(50))).as("goes on").isFalse();
        Files.createFile(otherGate.resolve("open"));
        assertThat(second.await(MOST)).isTrue();
        assertThat(second.counters()).containsEntry(WriteMark.COUNTER, 1L);
      }
    } finally {
      Files.createFile(gate.resolve("open"));
    }
  }

  @Test
  void aGraphThatIsCancelledBeforeItsFirstJobEndsAsCancelled() throws Exception {
    Path gate = newFolder("gate");
    try {
      for (int time = 1; time <= 5; time++) {
        Pipeline graph = newGraph();
        graph.apply(Create.of(1L)).apply(ParDo.of(new AwaitFile(gate.resolve("open"))));

        try (GraphRun run = runner().start(graph)) {
          run.cancel();

          assertThat(catchThrowableOfType(GraphFailure.class, () -> run.await(MOST)).isCancelled())
              .isTrue();
        }
      }
    } finally {
      Files.createFile(gate.resolve("open"));
    }
  }

  @Test
  void aGraphWithOtherSettingsWaitsForThoseBeforeIt() throws Exception {
    Path gate = newFolder("gate");
    Pipeline graph = newGraph();
    graph.apply(Create.of(1L)).apply(ParDo.of(new AwaitFile(gate.resolve("open"))));
    Path marks = newFolder("marks");
    Pipeline other = runner().newGraph(settings(Map.of("spark.locality.wait", "1s")));
    other.apply(Create.of(2L)).apply(ParDo.of(new WriteMark(marks)));

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());
      CompletableFuture<GraphRun> second = CompletableFuture.supplyAsync(() -> start(other));
      assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      Files.createFile(gate.resolve("open"));
      assertThat(run.await(MOST)).isTrue();
      try (GraphRun ran = second.get(MOST.toSeconds(), TimeUnit.SECONDS)) {
        assertThat(ran.await(MOST)).isTrue();
        assertThat(namesIn(marks)).containsExactly("2");
      }
    }
  }

  private GraphRun start(Pipeline graph) {
    try {
      return runner().start(graph);
    } catch (GraphFailure e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anExceptionThatCannotBeSentIsToldInALine() throws Exception {
    Pipeline graph = runner().newGraph(settings(Map.of("retries", "0")));
    graph.apply(Create.of(7L)).apply(ParDo.of(new ThrowUnsendable()));

    try (GraphRun run = runner().start(graph)) {
      assertThatThrownBy(() -> run.await(MOST))
          .isInstanceOf(GraphFailure.class)
          .hasMessageContaining("it holds a thread: 7")
          .message()
          .doesNotContain("\n", "\tat ");
    }
  }

  /** Throws what holds something that is not serializable. */
  static final class ThrowUnsendable extends DoFn<Long, Long> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void refuse(@Element Long element) {
      throw new Unsendable("it holds a thread: " + element);
    }
  }

  static final class Unsendable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"unused", "serial"})
    private final Object thread = Thread.currentThread();

    Unsendable(String message) {
      super(message);
    }
  }

  @Test
  void whatFailedIsBegunAgainAsOftenAsTheRetriesSay() throws Exception {
    for (int retries = 0; retries <= 2; retries++) {
      Path tries = newFolder("tries-" + retries);
      Pipeline graph = runner().newGraph(settings(Map.of("retries", Integer.toString(retries))));
      graph.apply(Create.of(1L)).apply(ParDo.of(new FailAndCount(tries)));

      try (GraphRun run = runner().start(graph)) {
        assertThatThrownBy(() -> run.await(MOST)).hasMessageContaining("failed as it shall");
      }
      assertThat(namesIn(tries)).hasSize(retries + 1);
    }
  }

  /** Leaves a file and fails. */
  static final class FailAndCount extends DoFn<Long, Long> {
    private static final long serialVersionUID = 1L;

    private final String folder;

    FailAndCount(Path folder) {
      this.folder = folder.toString();
    }

    @ProcessElement
    public void fail(@Element Long element) throws IOException {
      Path unused = Files.createTempFile(Path.of(folder), "try", "");
      throw new IllegalArgumentException("failed as it shall");
    }
  }

  @Test
  void aValueThatAnOptionCannotHaveIsRefused() {
    assertThatThrownBy(() -> runner().newGraph(settings(Map.of("retries", "often"))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("retries")
        .hasMessageContaining("often");
    Pipeline graph = runner().newGraph(settings(Map.of("spark.driver.port", "high")));
    assertThatThrownBy(() -> runner().start(graph))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("spark."))
        .hasMessageContaining("spark.driver.port")
        .hasMessageContaining("high");
  }

  @Test
  void whatIsSaidInAnotherWayIsRefusedWithThat() {
    for (String name :
        List.of(
            "spark.master", "spark.jars", "spark.task.maxFailures", "spark.submit.deployMode")) {
      assertThatThrownBy(() -> runner().newGraph(settings(Map.of(name, "x"))))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void aMasterMayBeThreadsOfThisProcess() throws Exception {
    for (String master : List.of("local[3]", "local[*]")) {
      Path marks = newFolder("marks-" + master.charAt(6));
      RunnerSettings settings =
          new RunnerSettings(
              "a-test",
              OptionalInt.empty(),
              Map.of(),
              Optional.of(master),
              List.of(Path.of("no.jar")));
      Pipeline graph = runner().newGraph(settings);
      graph.apply(Create.of(1L, 2L)).apply(ParDo.of(new WriteMark(marks)));

      try (GraphRun run = runner().start(graph)) {
        assertThat(run.await(MOST)).isTrue();
        assertThat(run.clusterJob()).isEmpty();
        assertThat(namesIn(marks)).containsExactly("1", "2");
      }
    }
  }

  @Test
  void aMasterWhoseLibraryIsNotHereIsRefusedWithItsName() {
    for (String master : List.of("yarn", "k8s://https://there:6443")) {
      RunnerSettings settings =
          new RunnerSettings(
              "a-test", OptionalInt.empty(), Map.of(), Optional.of(master), List.of());
      Pipeline graph = runner().newGraph(settings);
      graph.apply(Create.of(1L));

      assertThatThrownBy(() -> runner().start(graph))
          .isInstanceOfSatisfying(
              UserFault.class, fault -> assertThat(fault.remedy()).contains("spark-kubernetes"))
          .hasMessageContaining(master);
    }
  }
}
