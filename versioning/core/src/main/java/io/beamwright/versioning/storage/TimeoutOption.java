// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.fault.UserFault;
import java.time.Duration;

/** Reads an option of a store that says how long to wait, in whole seconds of an hour at most. */
public final class TimeoutOption {

  private static final int LONGEST_SECONDS = 3600;

  private TimeoutOption() {}

  /**
   * What {@code text}, the value of {@code option}, says.
   *
   * @param store the store's root, for the message
   * @throws UserFault if it is not such a number
   */
  public static Duration read(String store, String option, String text) {
    int seconds = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (seconds < 1 || seconds > LONGEST_SECONDS) {
      throw new UserFault(
          "The store " + store + ": the option " + option + " is \"" + text + "\".",
          "Write whole seconds, from 1 to " + LONGEST_SECONDS + ".");
    }
    return Duration.ofSeconds(seconds);
  }
}
