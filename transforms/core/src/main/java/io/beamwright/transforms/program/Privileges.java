// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.util.List;
import java.util.OptionalInt;

/**
 * How programs in a sandbox come to be nobody in particular.
 *
 * @param how the way
 * @param user the user that a program is to this machine, if it is not that of this process
 */
record Privileges(Way how, OptionalInt user) {

  /** The ways, the better ones first. */
  enum Way {
    /** This process is no root; what it starts has its user, in a user namespace of its own. */
    OURS,
    /** Root gives itself up first, and then makes a user namespace as any user would. */
    DROPPED_BEFORE,
    /** Only root may make namespaces here: it makes the sandbox, and gives itself up inside. */
    DROPPED_INSIDE
  }

  // Of util-linux; /bin is the same folder where it is not.
  static final String SETPRIV = "/usr/bin/setpriv";

  /** The number that a program sees as its own. */
  private static final int SEEN = 1000;

  /** The number that a program sees as that of its user. */
  int seen() {
    return how == Way.DROPPED_INSIDE ? user.orElseThrow() : SEEN;
  }

  /** What comes before bubblewrap. */
  List<String> before() {
    return how == Way.DROPPED_BEFORE ? drop() : List.of();
  }

  /** What comes before the program, in the sandbox. */
  List<String> inside() {
    if (how != Way.DROPPED_INSIDE) {
      return List.of();
    }
    // A change of user forgets who is to be told of the parent's death: it is said again.
    return concat(
        drop().subList(0, 4),
        List.of("--bounding-set=-all", "--inh-caps=-all", "--pdeathsig=KILL", "--"));
  }

  private List<String> drop() {
    return dropTo(user.orElseThrow());
  }

  /** What comes before a command that root starts as {@code user}. */
  static List<String> dropTo(int user) {
    String id = Integer.toString(user);
    return List.of(SETPRIV, "--reuid=" + id, "--regid=" + id, "--clear-groups", "--");
  }

  /** What bubblewrap is told of users and capabilities. */
  List<String> words(boolean canDisableNamespaces) {
    if (how == Way.DROPPED_INSIDE) {
      return List.of(
          "--cap-drop",
          "ALL",
          "--cap-add",
          "CAP_SETUID",
          "--cap-add",
          "CAP_SETGID",
          "--cap-add",
          "CAP_SETPCAP");
    }
    String id = Integer.toString(SEEN);
    return concat(
        List.of("--unshare-user", "--uid", id, "--gid", id, "--cap-drop", "ALL"),
        // A namespace within would have capabilities again, and with them more of the kernel.
        canDisableNamespaces ? List.of("--disable-userns") : List.of());
  }

  private static List<String> concat(List<String> first, List<String> second) {
    return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
  }
}
