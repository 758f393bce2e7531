// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import io.beamwright.runners.RunnerSettings;
import io.beamwright.versioning.fault.UserFault;
import java.util.Map;
import java.util.Set;

/** The options of this runner that a user may set. */
record FlinkOptions(boolean objectReuse, int retries) {

  static final int DEFAULT_RETRIES = 3;

  private static final String OBJECT_REUSE = "object_reuse";
  private static final String RETRIES = "retries";

  /**
   * Read from their texts.
   *
   * @throws UserFault if one is unknown or its value is none
   */
  static FlinkOptions of(RunnerSettings settings) {
    settings.requireOptionsAmong(
        Set.of(OBJECT_REUSE, RETRIES),
        FlinkGraphRunner.NAME,
        "Its options are object_reuse=true|false and retries=NUMBER.");
    Map<String, String> options = settings.options();
    return new FlinkOptions(
        objectReuse(options.getOrDefault(OBJECT_REUSE, "true")),
        retries(options.getOrDefault(RETRIES, Integer.toString(DEFAULT_RETRIES))));
  }

  private static boolean objectReuse(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UserFault(
              "The option object_reuse of the runner flink is \"" + text + "\".",
              "Set it to true or false.");
    };
  }

  private static int retries(String text) {
    if (!text.matches("\\d{1,4}")) {
      throw new UserFault(
          "The option retries of the runner flink is \"" + text + "\".",
          "Set it to a number from 0 to 9999.");
    }
    return Integer.parseInt(text);
  }
}
