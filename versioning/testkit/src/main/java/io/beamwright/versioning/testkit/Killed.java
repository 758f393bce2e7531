// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

/**
 * The process that made a call is dead, as {@link FaultyStorage} plays it: not a fault, which code
 * might handle, but the end of everything that this client does.
 */
public final class Killed extends Error {

  private static final long serialVersionUID = 1L;

  Killed(String where) {
    super("killed on purpose at " + where);
  }
}
