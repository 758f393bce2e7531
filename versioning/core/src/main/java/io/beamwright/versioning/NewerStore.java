// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.EnvironmentFault;

/** A store asks for what this version does not have: a newer Beamwright has to be used. */
public final class NewerStore extends EnvironmentFault {

  private static final long serialVersionUID = 1L;

  static final String REMEDY = "Use a newer Beamwright.";

  NewerStore(String what) {
    super(what, REMEDY);
  }

  private NewerStore(NewerStore before) {
    super(String.valueOf(before.getMessage()), REMEDY, before);
  }

  /** The same fault, for another call that is refused for it. */
  NewerStore again() {
    return new NewerStore(this);
  }
}
