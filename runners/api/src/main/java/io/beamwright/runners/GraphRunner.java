// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import java.util.Optional;
import org.apache.beam.sdk.Pipeline;

/**
 * Runs Beam graphs somewhere; found by {@link java.util.ServiceLoader}.
 *
 * <p>A runner may run any part of a graph twice, or twice at once. What a graph did is in the
 * store, never in what a runner returns: a graph that ended says so there itself.
 */
public interface GraphRunner {

  /** The name by which specs and the command line choose it, such as {@code direct}. */
  String name();

  /**
   * Begins to start what graphs run on in this process, where no master is named and that takes
   * long. Returns at once; what goes wrong, {@link #start} tells.
   */
  default void warmUp() {}

  /**
   * A new graph, empty, with the options that this runner needs. As with {@link #warmUp}, what it
   * will run on may begin to start meanwhile.
   *
   * @throws io.beamwright.versioning.fault.UserFault if the settings name an option or a master
   *     that it has not
   */
  Pipeline newGraph(RunnerSettings settings);

  /**
   * The cluster for which its own command, such as {@code flink run}, started this process; it
   * counts where nobody names another. Empty where no such command did.
   *
   * @throws io.beamwright.versioning.fault.UserFault if it is one that graphs cannot be sent to
   */
  default Optional<String> masterOfProcess() {
    return Optional.empty();
  }

  /**
   * Whether the workers of every cluster of this runner have a jar, by the name of its file, so
   * that it need not be sent there.
   */
  default boolean isOnWorkers(String jar) {
    return false;
  }

  /**
   * Into how many parts for each worker thread a source is cut at the most: each goes to a thread
   * that is free, so the more there are, the less a thread waits for others at the end. Few, for
   * most runners make a bundle of each, and writing down what a bundle did takes some files.
   */
  default int partsOfWorker() {
    return 8;
  }

  /**
   * Starts {@code graph}, which {@link #newGraph} made; it is started once. Where this fails in the
   * middle of a submission, a cluster may run the graph nevertheless.
   *
   * @throws GraphFailure if the runner does not take it
   * @throws io.beamwright.versioning.fault.Fault if the cluster is not there or not fit for it
   */
  GraphRun start(Pipeline graph) throws GraphFailure;
}
