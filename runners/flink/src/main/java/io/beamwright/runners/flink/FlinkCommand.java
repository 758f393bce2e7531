// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.versioning.fault.UserFault;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.java.ExecutionEnvironment;
import org.apache.flink.client.program.ContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;

/**
 * What {@code flink run} says, where it started this process: it installs an environment that would
 * send each graph to a cluster by its own configuration, and that says which one.
 */
final class FlinkCommand {

  // Read once, before the first of our own environments takes its place.
  private static final Optional<Configuration> CONFIGURATION = find();

  private FlinkCommand() {}

  private static Optional<Configuration> find() {
    if (ExecutionEnvironment.areExplicitEnvironmentsAllowed()) {
      return Optional.empty(); // None is installed.
    }
    return Optional.of(ExecutionEnvironment.getExecutionEnvironment())
        .filter(ContextEnvironment.class::isInstance)
        .map(ExecutionEnvironment::getConfiguration);
  }

  static boolean startedThisProcess() {
    return CONFIGURATION.isPresent();
  }

  /**
   * The cluster that it names; empty if it did not start this process.
   *
   * @throws UserFault if it is none that is there already and has a REST interface
   */
  static Optional<Address> cluster() {
    return CONFIGURATION.map(FlinkCommand::cluster);
  }

  static Address cluster(Configuration configuration) {
    String target = configuration.getOptional(DeploymentOptions.TARGET).orElse("none");
    String host = configuration.getOptional(RestOptions.ADDRESS).orElse("");
    if (!target.equals("remote") || host.isEmpty()) {
      throw new UserFault(
          "flink was told the target "
              + target
              + ", and Beamwright sends its graphs to clusters"
              + " that are there already.",
          "Start it as flink run -m HOST:PORT, with the REST interface of a session cluster.");
    }
    return Address.of(host + ":" + configuration.get(RestOptions.PORT));
  }

  /** What its option {@code -C} has the workers load besides the job's jars. */
  static List<URL> classPaths() {
    return CONFIGURATION.map(FlinkCommand::classPaths).orElse(List.of());
  }

  private static List<URL> classPaths(Configuration configuration) {
    List<URL> classPaths = new ArrayList<>();
    for (String url : configuration.getOptional(PipelineOptions.CLASSPATHS).orElse(List.of())) {
      try {
        classPaths.add(URI.create(url).toURL());
      } catch (MalformedURLException e) {
        throw new IllegalStateException(url, e); // Flink read it as one before.
      }
    }
    return classPaths;
  }
}
