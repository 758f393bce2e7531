// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.reading;

import io.beamwright.versioning.fault.UserFault;

/** A member of what a user declared is not as it must be. */
public final class MemberFault extends UserFault {

  private static final long serialVersionUID = 1L;

  private final String member;
  private final String problem;

  /**
   * @param who what the message begins with
   * @param member the member, such as {@code columns/0/type}
   * @param problem what is wrong: a clause that follows the member and ends in a full stop
   */
  MemberFault(String who, String member, String problem, String remedy) {
    super(who + ": \"" + member + "\" " + problem, remedy);
    this.member = member;
    this.problem = problem;
  }

  /** The member: names and places, divided by slashes. */
  public String member() {
    return member;
  }

  /** What is wrong with it: a clause that follows its name and ends in a full stop. */
  public String problem() {
    return problem;
  }
}
