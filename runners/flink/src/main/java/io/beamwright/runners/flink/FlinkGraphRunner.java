// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.api.common.ExecutionMode;

/**
 * Flink, by Beam's FlinkRunner: the cluster whose REST interface is at the master {@code
 * HOST:PORT}, or without a master that of the {@code flink run} which started this process, or else
 * one in this process.
 *
 * <p>Options: {@code object_reuse} (default {@code true}) hands elements from step to step without
 * copies; {@code retries} (default {@value FlinkOptions#DEFAULT_RETRIES}) says how often what
 * failed in a graph is begun again.
 */
public final class FlinkGraphRunner implements GraphRunner {

  static final String NAME = "flink";

  // Flink loads the first from its own class path whatever a job brings; the others it has for
  // itself, and nothing else here uses them.
  private static final Pattern ON_WORKERS =
      Pattern.compile(
          "((flink|slf4j|log4j)-.*|(commons-math3|javassist|async-profiler|snakeyaml-engine)-\\d.*)");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void warmUp() {
    EmbeddedCluster.warmUp(slotsHere(-1));
  }

  @Override
  public Pipeline newGraph(RunnerSettings settings) {
    FlinkOptions options = FlinkOptions.of(settings);
    Optional<Address> address = settings.master().map(Address::of);
    if (address.isEmpty()) {
      EmbeddedCluster.warmUp(slotsHere(settings.parallelism().orElse(-1)));
    }
    BeamwrightFlinkOptions flink = PipelineOptionsFactory.as(BeamwrightFlinkOptions.class);
    flink.setRunner(FlinkRunner.class);
    flink.setJobName(settings.graphName());
    flink.setBeamwrightMaster(address.map(Address::toString).orElse(""));
    flink.setBeamwrightMemoryBytes(settings.memoryBytes().orElse(0));
    // The environment that Beam finds is the one that Submission leaves for it.
    flink.setFlinkMaster("[auto]");
    flink.setAttachedMode(false);
    flink.setParallelism(settings.parallelism().orElse(-1));
    // Null would have Beam stage its whole class path.
    flink.setFilesToStage(settings.jars().stream().map(Path::toString).toList());
    flink.setObjectReuse(options.objectReuse());
    flink.setNumberOfExecutionRetries(options.retries());
    // What was shuffled is kept, so that the loss of a worker repeats its part and not all of it.
    flink.setExecutionModeForBatch(ExecutionMode.BATCH_FORCED.name());
    return Pipeline.create(flink);
  }

  @Override
  public Optional<String> masterOfProcess() {
    return FlinkCommand.cluster().map(Address::toString);
  }

  @Override
  public boolean isOnWorkers(String jar) {
    return ON_WORKERS.matcher(jar).matches();
  }

  /** Many: a thread's parts are one bundle here, and a part costs a question to the JobManager. */
  @Override
  public int partsOfWorker() {
    return 256;
  }

  @Override
  public GraphRun start(Pipeline graph) throws GraphFailure {
    BeamwrightFlinkOptions options = graph.getOptions().as(BeamwrightFlinkOptions.class);
    String master = options.getBeamwrightMaster();
    return master.isEmpty()
        ? startHere(graph, options)
        : startAt(Address.of(master), graph, options);
  }

  private static GraphRun startHere(Pipeline graph, FlinkPipelineOptions options)
      throws GraphFailure {
    int slots = slotsHere(options.getParallelism());
    options.setParallelism(slots);
    EmbeddedCluster.Lease lease = EmbeddedCluster.lease(slots);
    try {
      // Its workers are this process and have our classes; a second copy of them would differ.
      Submission submission =
          Submission.to(lease.address(), List.of(), options.getNumberOfExecutionRetries());
      return new FlinkRun(submission.submit(graph), lease.address(), Optional.of(lease));
    } catch (GraphFailure | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private static int slotsHere(int parallelism) {
    return parallelism > 0 ? parallelism : Runtime.getRuntime().availableProcessors();
  }

  private static GraphRun startAt(Address address, Pipeline graph, BeamwrightFlinkOptions options)
      throws GraphFailure {
    ClusterCheck.Slots slots = ClusterCheck.requireSlots(address, options.getParallelism());
    if (options.getBeamwrightMemoryBytes() > 0) {
      ClusterCheck.requireMemory(address, options.getBeamwrightMemoryBytes());
    }
    options.setParallelism(options.getParallelism() > 0 ? options.getParallelism() : slots.total());
    // Flink counts what fails by tasks, and with a worker there fail as many as it has slots.
    int retries = options.getNumberOfExecutionRetries() * slots.ofWorker();
    Submission submission = Submission.to(address, options.getFilesToStage(), retries);
    return new FlinkRun(submission.submit(graph), address, Optional.empty());
  }
}
