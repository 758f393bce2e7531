// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import io.beamwright.versioning.fault.UserFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a graph shall be run.
 *
 * @param graphName the name that the runner shows
 * @param parallelism how many things at once, a hint; absent for the runner's own choice
 * @param options the runner's own options, by name
 * @param master the cluster, in the runner's own notation; absent to run in this process
 * @param memoryBytes what a worker shall have at least; absent for the cluster's own choice
 * @param jars what the workers of a cluster load; none where they are this process
 */
public record RunnerSettings(
    String graphName,
    OptionalInt parallelism,
    Map<String, String> options,
    Optional<String> master,
    OptionalLong memoryBytes,
    List<Path> jars) {

  public RunnerSettings {
    options = Map.copyOf(options);
    jars = List.copyOf(jars);
  }

  /**
   * Checks the names of the options.
   *
   * @param runner the runner's name
   * @param known the options that it has
   * @param remedy a sentence that says which these are, and their values
   * @throws UserFault if there are others
   */
  public void requireOptionsAmong(Set<String> known, String runner, String remedy) {
    Set<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new UserFault(
          "The runner " + runner + " has no option " + String.join(", ", unknown) + ".", remedy);
    }
  }

  /** Settings without a wish for memory. */
  public RunnerSettings(
      String graphName,
      OptionalInt parallelism,
      Map<String, String> options,
      Optional<String> master,
      List<Path> jars) {
    this(graphName, parallelism, options, master, OptionalLong.empty(), jars);
  }

  /** Settings of a graph that runs in this process. */
  public static RunnerSettings here(
      String graphName, OptionalInt parallelism, Map<String, String> options) {
    return new RunnerSettings(graphName, parallelism, options, Optional.empty(), List.of());
  }
}
