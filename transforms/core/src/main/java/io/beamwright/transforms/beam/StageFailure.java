// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import io.beamwright.versioning.fault.UserFault;
import java.util.Optional;

/**
 * A fault in the user's data that a step met while it ran: an element, not an exception, so that it
 * reaches the submitter whole on every runner.
 *
 * @param what what happened, with the file, line, column and value
 * @param remedy what to do about it
 */
public record StageFailure(String what, String remedy) implements Comparable<StageFailure> {

  /** The failure that says what a fault said. */
  public static StageFailure of(UserFault fault) {
    return new StageFailure(String.valueOf(fault.getMessage()), fault.remedy());
  }

  /**
   * The fault that a runner's exception hides, if one of the class path's transforms threw it: it
   * met data or a configuration that it does not take, and has no other way to say so.
   */
  public static Optional<StageFailure> hiddenIn(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (StepRegistry.isOfTransform(frame.getClassName())) {
          return Optional.of(
              new StageFailure(
                  "A transform of the class path fails (" + frame + "): " + rootOf(cause) + ".",
                  "Correct its configuration, the data that it reads, or its code."));
        }
      }
    }
    return Optional.empty();
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The fault to end the stage with. */
  public UserFault fault() {
    return new UserFault(what, remedy);
  }

  /** By text, so that of many failures the same one is shown first whoever finds it first. */
  @Override
  public int compareTo(StageFailure other) {
    int order = what.compareTo(other.what);
    return order != 0 ? order : remedy.compareTo(other.remedy);
  }
}
