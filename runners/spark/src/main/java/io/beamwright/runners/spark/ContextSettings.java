// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.runners.RunnerSettings;
import io.beamwright.versioning.fault.UserFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.beam.runners.spark.coders.SparkRunnerKryoRegistrator;
import org.apache.spark.SparkConf;

/**
 * What a graph needs of Spark. Graphs with equal settings share a context. Public, because it is in
 * the {@linkplain BeamwrightSparkOptions options}.
 */
public final class ContextSettings {

  private final Values values;
  private final List<Path> jars;

  private ContextSettings(Values values, List<Path> jars) {
    this.values = values;
    this.jars = List.copyOf(jars);
  }

  private record Values(
      SparkMaster master,
      SparkOptions options,
      OptionalInt parallelism,
      OptionalLong memoryBytes) {}

  /**
   * Read from the settings of a graph; without a master it is this process, with as many threads as
   * the parallelism says, or as there are processors.
   *
   * @throws io.beamwright.versioning.fault.UserFault if they have an option or a master that there
   *     is not
   */
  static ContextSettings of(RunnerSettings settings) {
    SparkOptions options = SparkOptions.of(settings);
    int threads = settings.parallelism().orElse(Runtime.getRuntime().availableProcessors());
    SparkMaster master =
        settings
            .master()
            .map(SparkMaster::of)
            .orElseGet(() -> new SparkMaster.Local(Integer.toString(threads)));
    // Its workers are this process and have our classes; a second copy of them would differ.
    List<Path> jars =
        master instanceof SparkMaster.Local ? List.of() : SparkSubmit.without(settings.jars());
    return new ContextSettings(
        new Values(master, options, settings.parallelism(), settings.memoryBytes()), jars);
  }

  SparkMaster master() {
    return values.master();
  }

  /** The cluster as the user named it; empty for this process. */
  Optional<String> cluster() {
    return master() instanceof SparkMaster.Local ? Optional.empty() : Optional.of(master().url());
  }

  /** The configuration of a context, where the user says nothing else. */
  SparkConf configuration() {
    int attempts = values.options().retries() + 1;
    SparkConf configuration = new SparkConf();
    values.options().spark().forEach(configuration::set);
    configuration.setIfMissing("spark.app.name", "beamwright");
    configuration.setIfMissing("spark.ui.enabled", "false");
    configuration.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Else a context that ends waits up to two minutes for an executor that is gone to forget data.
    configuration.setIfMissing("spark.cleaner.referenceTracking.blocking", "false");
    configuration.setIfMissing(
        "spark.kryo.registrator", SparkRunnerKryoRegistrator.class.getName());
    if (values.parallelism().isPresent()) {
      String parallelism = Integer.toString(values.parallelism().getAsInt());
      configuration.setIfMissing("spark.default.parallelism", parallelism);
      configuration.setIfMissing("spark.cores.max", parallelism);
    }
    if (values.memoryBytes().isPresent()) {
      long mebibytes = Math.max(1, (values.memoryBytes().getAsLong() + (1 << 20) - 1) >> 20);
      configuration.set("spark.executor.memory", mebibytes + "m");
    }
    if (master() instanceof SparkMaster.Local local) {
      // In this form alone Spark heeds the number of attempts.
      configuration.setMaster("local[" + local.threads() + "," + attempts + "]");
      configuration.setIfMissing("spark.driver.host", "127.0.0.1");
    } else {
      configuration.setMaster(master().url());
      configuration.set("spark.task.maxFailures", Integer.toString(attempts));
      // What an installation of Spark brings is older than ours, Parquet among it, and which
      // version wrote a file shows in its bytes.
      configuration.setIfMissing("spark.executor.userClassPathFirst", "true");
    }
    return configuration;
  }

  /** What Spark says of a configuration that it does not understand. */
  static UserFault refused(IllegalArgumentException failure) {
    return new UserFault(
        "Spark refuses its configuration: " + Causes.firstLine(failure) + ".",
        "Correct the options of the runner that begin with spark.",
        failure);
  }

  /** What workers load for the graph; a context that is shared gets what it lacks of it. */
  List<Path> jars() {
    return jars;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContextSettings settings && values.equals(settings.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
