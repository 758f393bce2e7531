// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import io.beamwright.versioning.fault.UserFault;

/**
 * There is no such repo; or it has no such branch, tag or commit; or the branch has no commit yet.
 */
public final class MissingRef extends UserFault {

  private static final long serialVersionUID = 1L;

  /** {@code what} is missing, as it was typed; {@code remedy}: the near misses. */
  public MissingRef(String what, String remedy) {
    super(what, remedy);
  }
}
