// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.util.Locale;

/** What a submitter says of sandboxes for programs. */
public enum SandboxUse {
  /** No program runs without one. */
  REQUIRED,
  /** One where bubblewrap is installed; one that is there and does not work is an error. */
  PREFERRED,
  /** None: programs may do what the submitter may. */
  OFF;

  /** The word of the command line and of stores. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The use with this {@link #word}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static SandboxUse of(String word) {
    for (SandboxUse use : values()) {
      if (use.word().equals(word)) {
        return use;
      }
    }
    throw new IllegalArgumentException("\"" + word + "\" is none of required, preferred and off.");
  }
}
