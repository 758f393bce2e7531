// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The loggers of Beam, Calcite and clusters in this process. They tell of every graph, query and
 * task, and of each try that fails, with its stack; a run's story is told by the run, and what
 * fails comes as an exception.
 */
public final class LibraryLogs {

  // Held here, for a logger that nobody holds forgets its level.
  private static final Map<Logger, Level> LEVELS =
      Map.of(
          Logger.getLogger("org.apache"), Level.WARNING,
          Logger.getLogger("org.apache.beam.runners"), Level.OFF,
          Logger.getLogger("org.apache.flink"), Level.OFF,
          Logger.getLogger("org.apache.hadoop.util.NativeCodeLoader"), Level.OFF,
          Logger.getLogger("org.apache.spark"), Level.OFF,
          Logger.getLogger("org.sparkproject"), Level.OFF,
          Logger.getLogger("akka"), Level.OFF);

  private LibraryLogs() {}

  /** Quiets those whose level nobody has set. */
  public static void quiet() {
    LEVELS.forEach(
        (logger, level) -> {
          if (logger.getLevel() == null) {
            logger.setLevel(level);
          }
        });
  }

  /** Lets them tell what they warn of. */
  public static void warn() {
    LEVELS.keySet().forEach(logger -> logger.setLevel(Level.WARNING));
  }
}
