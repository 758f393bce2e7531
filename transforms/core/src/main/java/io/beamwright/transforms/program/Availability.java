// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

/** Whether an executor works on this machine. */
public sealed interface Availability {

  /** Why it does not, as a clause that can follow a colon; empty if it does. */
  default String whyNot() {
    if (this instanceof Absent absent) {
      return absent.reason();
    }
    return this instanceof Unusable unusable ? unusable.reason() : "";
  }

  /** It does. */
  record Usable() implements Availability {}

  /**
   * What it needs is not installed.
   *
   * @param reason what is missing: a clause that can follow a colon
   */
  record Absent(String reason) implements Availability {}

  /**
   * What it needs is there and does not work.
   *
   * @param reason what is broken or forbidden: a clause that can follow a colon
   */
  record Unusable(String reason) implements Availability {}
}
