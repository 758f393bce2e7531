// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From a process to another one with more on its class path: the launcher names a file, the process
 * writes into it which class path is needed and the arguments of the command that is to run there,
 * ends with {@link Exit#HANDED_OVER}, and the launcher starts the other.
 *
 * @param file the file that the launcher made: the class path, and then one argument a line
 */
record Handover(Path file) {

  /** The environment variable by which the launcher offers a process a handover. */
  static final String OFFER = "BEAMWRIGHT_HANDOVER";

  /** The system property by which the launcher gives the next process the file. */
  static final String TAKEN = "beamwright.handover";

  /** What the launcher offered this process, if anything. */
  static Optional<Handover> offeredIn(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(OFFER))
        .filter(file -> !file.isEmpty())
        .map(file -> new Handover(Path.of(file)));
  }

  /**
   * Leaves {@code arguments} for a process with {@code needed}. The caller has read nothing from
   * standard input, prints nothing on standard output before or after, and returns what this
   * returns.
   */
  Exit toClassPath(ClassPath needed, List<String> arguments) {
    List<String> lines = new ArrayList<>(List.of(needed.text()));
    arguments.stream().map(Handover::escape).forEach(lines::add);
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The file " + file + " cannot be written: " + e.getMessage(),
          "Make room in the temporary folder, or name another with TMPDIR.",
          e);
    }
    return Exit.HANDED_OVER;
  }

  /** The arguments that were left. The launcher, which made the file, deletes it. */
  List<String> take() {
    try {
      return Files.readAllLines(file).stream().skip(1).map(Handover::unescape).toList();
    } catch (IOException e) {
      throw new EnvironmentFault(
          "The file " + file + ", which passes on what to run, cannot be read: " + e.getMessage(),
          "Run the command again.",
          e);
    }
  }

  // An argument may hold a line break; a line of the file may not.
  private static String escape(String argument) {
    return argument.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescape(String line) {
    StringBuilder argument = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != '\\') {
        argument.append(c);
        continue;
      }
      i++;
      argument.append(
          switch (line.charAt(i)) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> line.charAt(i);
          });
    }
    return argument.toString();
  }
}
