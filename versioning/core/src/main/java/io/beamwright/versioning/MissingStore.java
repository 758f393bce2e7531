// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.UserFault;

/** There is no store at a place. */
public final class MissingStore extends UserFault {

  private static final long serialVersionUID = 1L;

  MissingStore(String location) {
    super(
        "There is no store at " + location + ".",
        "Check --store and the working folder, or make one: beamwright create repo NAME");
  }
}
