// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.util.Set;

/** What a {@link FaultyStorage} does to one call. */
public enum Trouble {
  /** The call fails, and nothing has happened. */
  FAIL_BEFORE,
  /** The call happens and is reported as failed. */
  FAIL_AFTER,
  /** The call happens twice, and the second answer is given: a create that was ours then exists. */
  REPEAT,
  /** The client dies before the call. */
  DIE_BEFORE,
  /** The client dies after the call and before its answer. */
  DIE_AFTER,
  /**
   * The client dies with the call under way: it happens when {@link FaultyStorage#deliver} is
   * called, after whatever others have done by then.
   */
  DIE_UNDER_WAY,
  /** What is read ends after half of its bytes, without an error. */
  CUT_SHORT,
  /** One bit of what is read is wrong. */
  FLIP_A_BIT;

  private static final Set<Trouble> OF_CHANGES = Set.of(REPEAT, DIE_UNDER_WAY);
  private static final Set<Trouble> OF_READS = Set.of(CUT_SHORT, FLIP_A_BIT);

  /** Whether it means anything to such a call; if not, the call goes well. */
  boolean troubles(FaultyStorage.Call call) {
    return switch (call) {
      case CREATE, DELETE -> !OF_READS.contains(this);
      case OPEN, READ -> !OF_CHANGES.contains(this);
      case LIST -> !OF_CHANGES.contains(this) && !OF_READS.contains(this);
    };
  }
}
