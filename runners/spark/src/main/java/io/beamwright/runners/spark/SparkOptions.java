// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import io.beamwright.runners.RunnerSettings;
import io.beamwright.versioning.fault.UserFault;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options of this runner that a user may set.
 *
 * @param retries how often a task that failed is begun again
 * @param spark Spark's own configuration
 */
record SparkOptions(int retries, SortedMap<String, String> spark) {

  static final int DEFAULT_RETRIES = 3;

  private static final String RETRIES = "retries";
  private static final String SPARK = "spark.";

  /** What of Spark's configuration is said in another way here. */
  private static final Map<String, String> SAID_OTHERWISE =
      Map.of(
          "spark.master",
          "Name the cluster as the master of the runner.",
          "spark.jars",
          "Leave it out: the jars of Beamwright are sent to the workers.",
          "spark.submit.deployMode",
          "Leave it out: the driver is this process.",
          "spark.task.maxFailures",
          "Set the option retries, which is one less.");

  /**
   * Read from their texts.
   *
   * @throws UserFault if one is unknown or its value is none
   */
  static SparkOptions of(RunnerSettings settings) {
    Map<String, String> options = settings.options();
    SortedMap<String, String> spark = new TreeMap<>(options);
    spark.keySet().removeIf(name -> !name.startsWith(SPARK));
    Set<String> known = new HashSet<>(spark.keySet());
    known.add(RETRIES);
    settings.requireOptionsAmong(
        known,
        SparkGraphRunner.NAME,
        "Its options are retries=NUMBER and Spark's own, such as spark.executor.memory=2g.");
    spark.keySet().forEach(SparkOptions::refuseWhatIsSaidOtherwise);
    return new SparkOptions(
        retries(options.getOrDefault(RETRIES, Integer.toString(DEFAULT_RETRIES))), spark);
  }

  private static void refuseWhatIsSaidOtherwise(String name) {
    String remedy = SAID_OTHERWISE.get(name);
    if (remedy != null) {
      throw new UserFault("The runner spark does not take the option " + name + ".", remedy);
    }
  }

  private static int retries(String text) {
    if (!text.matches("\\d{1,4}")) {
      throw new UserFault(
          "The option retries of the runner spark is \"" + text + "\".",
          "Set it to a number from 0 to 9999.");
    }
    return Integer.parseInt(text);
  }
}
