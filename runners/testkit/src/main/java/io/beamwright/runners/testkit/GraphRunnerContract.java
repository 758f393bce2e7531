// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.job.ClusterJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every runner does. A runner's test says which runner it is, where its cluster is and what
 * its workers load, and nothing else.
 */
@Timeout(300)
public abstract class GraphRunnerContract {

  /** How long anything here may take. */
  protected static final Duration MOST = Duration.ofMinutes(2);

  @TempDir private Path folder;

  /** The runner. */
  protected abstract GraphRunner runner();

  /** The cluster; empty for this process. */
  protected Optional<String> master() {
    return Optional.empty();
  }

  /** What workers load. */
  protected List<Path> jars() {
    return List.of();
  }

  /** What the cluster itself says of a job; asked for only where there is a {@link #master}. */
  protected String stateOf(ClusterJob job) throws Exception {
    throw new UnsupportedOperationException("no cluster knows " + job);
  }

  /** What {@link #stateOf} says of a job that was cancelled. */
  protected String cancelled() {
    return "CANCELED";
  }

  @Test
  void aGraphHasRunWhenAwaitSaysSo() throws Exception {
    Path marks = newFolder("marks");
    Pipeline graph = newGraph();
    graph.apply(Create.of(1L, 2L, 3L)).apply(ParDo.of(new WriteMark(marks)));

    try (GraphRun run = runner().start(graph)) {
      assertThat(run.await(MOST)).isTrue();
      assertThat(run.await(Duration.ZERO)).as("again").isTrue();
      assertThat(namesIn(marks)).containsExactly("1", "2", "3");
      assertThat(run.counters()).containsExactly(Map.entry(WriteMark.COUNTER, 3L));
      assertThat(run.clusterJob().map(ClusterJob::master)).isEqualTo(master());
    }
  }

  @Test
  void whatAStepThrowsIsTheCauseWithItsRemedy() throws Exception {
    Pipeline graph = newGraph();
    graph.apply(Create.of(7L)).apply(ParDo.of(new ThrowUserFault()));

    try (GraphRun run = runner().start(graph)) {
      for (int time = 1; time <= 2; time++) {
        GraphFailure failure = catchThrowableOfType(GraphFailure.class, () -> run.await(MOST));
        assertThat(failure).hasMessageContaining(runner().name()).hasMessageContaining("is 7.");
        assertThat(failure.isCancelled()).isFalse();
        assertThat(failure.getCause())
            .isInstanceOfSatisfying(
                UserFault.class,
                fault -> assertThat(fault.remedy()).isEqualTo("Use another than 7."))
            .hasMessage("The element is 7.");
      }
    }
  }

  @Test
  void aGraphThatIsCancelledEndsAsCancelled() throws Exception {
    Path gate = newFolder("gate");
    Pipeline graph = newGraph();
    graph.apply(Create.of(1L)).apply(ParDo.of(new AwaitFile(gate.resolve("open"))));

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty());
      assertThat(run.await(Duration.ofMillis(50))).as("goes on").isFalse();

      run.cancel();

      GraphFailure failure = catchThrowableOfType(GraphFailure.class, () -> run.await(MOST));
      assertThat(failure.isCancelled()).isTrue();
      assertThat(failure).hasMessageContaining("cancelled").hasMessageContaining(runner().name());
      if (run.clusterJob().isPresent()) {
        assertThat(stateOf(run.clusterJob().orElseThrow())).isEqualTo(cancelled());
      }
    } finally {
      Files.createFile(gate.resolve("open"));
    }
  }

  @Test
  void countersOfStepsThatEndedAreSeenWhileTheGraphRuns() throws Exception {
    Path gate = newFolder("gate");
    Pipeline graph = newGraph();
    markThenWait(graph, newFolder("marks"), gate.resolve("open"), 1L, 2L, 3L);

    try (GraphRun run = runner().start(graph)) {
      awaitThat(run, () -> run.counters().getOrDefault(WriteMark.COUNTER, 0L) == 3);
      assertThat(run.await(Duration.ofMillis(1))).as("ended").isFalse();
      Files.createFile(gate.resolve("open"));
      assertThat(run.await(MOST)).isTrue();
      assertThat(run.counters()).containsEntry(WriteMark.COUNTER, 3L);
    }
  }

  @Test
  void twoGraphsRunSideBySide() throws Exception {
    Path gate = newFolder("gate");
    Path other = newFolder("other");
    Pipeline graph = newGraph();
    graph.apply(Create.of(1L)).apply(ParDo.of(new AwaitFile(gate.resolve("open"))));
    Pipeline beside = newGraph();
    beside.apply(Create.of(2L)).apply(ParDo.of(new AwaitFile(other.resolve("open"))));

    try (GraphRun run = runner().start(graph);
        GraphRun second = runner().start(beside)) {
      awaitThat(run, () -> !namesIn(gate).isEmpty() && !namesIn(other).isEmpty());
      Files.createFile(other.resolve("open"));
      assertThat(second.await(MOST)).isTrue();
      assertThat(run.await(Duration.ofMillis(1))).isFalse();
      Files.createFile(gate.resolve("open"));
      assertThat(run.await(MOST)).isTrue();
    }
  }

  @Test
  void anUnknownOptionIsRefusedByName() {
    assertThatThrownBy(() -> runner().newGraph(settings(Map.of("workers", "3"))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("workers")
        .hasMessageContaining(runner().name());
  }

  /** An empty graph of the runner, for two things at once. */
  protected final Pipeline newGraph() {
    return runner().newGraph(settings(Map.of()));
  }

  /** Settings of the cluster with these options. */
  protected final RunnerSettings settings(Map<String, String> options) {
    return new RunnerSettings("a-test", OptionalInt.of(2), options, master(), jars());
  }

  /** Elements are marked, shuffled and then wait for {@code gate}. */
  protected static PCollection<Long> markThenWait(
      Pipeline graph, Path marks, Path gate, Long... elements) {
    return graph
        .apply(Create.of(List.of(elements)))
        .apply("Mark", ParDo.of(new WriteMark(marks)))
        .apply(Reshuffle.viaRandomKey())
        .apply("Wait", ParDo.of(new AwaitFile(gate)));
  }

  /** A new folder of this test. */
  protected final Path newFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** The names of the files in a folder, sorted. */
  protected static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Returns when {@code condition} holds, which it shall while {@code run} goes on. */
  protected static void awaitThat(GraphRun run, Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(MOST);
      assertThat(run.await(Duration.ofMillis(50))).as("ended").isFalse();
    }
  }
}
