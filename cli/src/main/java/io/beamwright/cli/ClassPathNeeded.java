// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.util.List;
import java.util.Optional;

/**
 * This process lacks classes that the command needs. Whoever finds that throws it, before anything
 * was read from standard input, printed or changed; {@link Beamwright} hands the command over to a
 * process that has them, which begins it again.
 */
final class ClassPathNeeded extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ClassPath needed;
  private final transient Optional<List<String>> arguments;

  private ClassPathNeeded(ClassPath needed, Optional<List<String>> arguments) {
    super(needed.text(), null, false, false);
    this.needed = needed;
    this.arguments = arguments;
  }

  /** The command begins again where {@code needed} is. */
  static ClassPathNeeded from(ClassPath needed) {
    return new ClassPathNeeded(needed, Optional.empty());
  }

  /** Another command, which goes on with what this one did, runs where {@code needed} is. */
  static ClassPathNeeded toGoOn(ClassPath needed, List<String> arguments) {
    return new ClassPathNeeded(needed, Optional.of(List.copyOf(arguments)));
  }

  /**
   * Leaves the command to {@code handover}.
   *
   * @param typed the arguments of the command that needs it
   * @throws EnvironmentFault if there is no way to hand over, or it was tried before
   */
  Exit leaveTo(Optional<Handover> handover, List<String> typed) {
    if (handover.isEmpty() || needed.equals(ClassPath.ofProcess())) {
      throw new EnvironmentFault(
          "The command needs the class path \"" + needed.text() + "\", which this process has not.",
          "Start the command by the script beamwright.");
    }
    return handover.get().toClassPath(needed, arguments.orElse(typed));
  }
}
