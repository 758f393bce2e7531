// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a process of the same command that drives a submitted run after this one ended, and after
 * its terminal is gone.
 */
final class BackgroundDriver {

  /** The environment variable in which the launcher says where it is. */
  private static final String LAUNCHER = "BEAMWRIGHT_LAUNCHER";

  /** A session of its own where there is such a program; else at least no hang-up. */
  private static final String APART =
      "if command -v setsid >/dev/null; then exec setsid \"$@\"; else exec nohup \"$@\"; fi";

  private final Session session;

  BackgroundDriver(Session session) {
    this.session = session;
  }

  /**
   * Returns if a process like this one can be started.
   *
   * @throws UserFault if a cluster's own command, as {@code flink run}, loaded this one
   */
  static void require() {
    if (BackgroundDriver.class.getClassLoader() != ClassLoader.getSystemClassLoader()) {
      throw new UserFault(
          "A job jar that a cluster's own command started cannot go on in the background.",
          "Leave --detach out, or start the run by the script beamwright.");
    }
  }

  /**
   * Drives {@code run}.
   *
   * @return the file with what it prints
   * @throws EnvironmentFault if it does not start; the run can be resumed
   */
  Path start(String run) {
    Path log = session.cacheFolder().resolve("drivers").resolve(run + ".log");
    List<String> command = new ArrayList<>(List.of("sh", "-c", APART, "sh"));
    command.addAll(self());
    command.addAll(session.words("run", "--resume", run));
    try {
      Files.createDirectories(log.getParent());
      ProcessBuilder driver = new ProcessBuilder(command);
      driver.environment().remove(Handover.OFFER);
      driver.environment().remove(LauncherWatch.VARIABLE);
      driver.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      driver.redirectErrorStream(true).redirectOutput(log.toFile());
      var unused = driver.start();
      return log;
    } catch (IOException e) {
      throw new EnvironmentFault(
          "A driver for the run " + run + " does not start: " + e.getMessage() + ".",
          "Go on with it: beamwright run --resume " + Console.shortId(run),
          e);
    }
  }

  /** The launcher; or without one a JVM as this is. */
  private List<String> self() {
    return Optional.ofNullable(session.environment().get(LAUNCHER))
        .filter(launcher -> !launcher.isEmpty())
        .map(List::of)
        .orElseGet(BackgroundDriver::jvm);
  }

  private static List<String> jvm() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(Beamwright.class.getName());
    return words;
  }
}
