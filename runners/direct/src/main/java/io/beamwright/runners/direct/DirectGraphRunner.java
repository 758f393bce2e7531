// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.direct;

import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.versioning.fault.UserFault;
import java.util.Set;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * Beam's DirectRunner: this process, no cluster. For tests and small data.
 *
 * <p>Beam's checks that a step leaves its input alone and encodes alike are off unless the option
 * {@code enforce} is {@code true}: they copy every element.
 */
public final class DirectGraphRunner implements GraphRunner {

  static final String NAME = "direct";

  private static final String ENFORCE = "enforce";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Pipeline newGraph(RunnerSettings settings) {
    settings.requireOptionsAmong(Set.of(ENFORCE), NAME, "Its only option is enforce=true|false.");
    settings.master().ifPresent(DirectGraphRunner::refuseMaster);
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    boolean enforce = Boolean.parseBoolean(settings.options().get(ENFORCE));
    options.setRunner(DirectRunner.class);
    options.setJobName(settings.graphName());
    options.setBlockOnRun(false);
    options.setEnforceEncodability(enforce);
    options.setEnforceImmutability(enforce);
    options.setTargetParallelism(
        settings.parallelism().orElse(Runtime.getRuntime().availableProcessors()));
    return Pipeline.create(options);
  }

  @Override
  public GraphRun start(Pipeline graph) throws GraphFailure {
    try {
      return new DirectRun(graph.run());
    } catch (Pipeline.PipelineExecutionException e) {
      throw new GraphFailure(NAME, e.getCause() == null ? e : e.getCause());
    } catch (RuntimeException e) {
      throw new GraphFailure(NAME, e);
    }
  }

  private static void refuseMaster(String master) {
    throw new UserFault(
        "The runner direct has no cluster, and its master is " + master + ".",
        "Leave the master out, or choose another runner.");
  }
}
