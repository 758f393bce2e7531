// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The variables that every program has, before any that a spec declares. */
public final class BaseEnvironment {

  /** Where programs are looked for: the system's default, as in a container. */
  public static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Names that mean something to every program, so that no input's name may take them. */
  public static final Set<String> NAMES =
      Set.of(
          "PATH",
          "HOME",
          "LANG",
          "TZ",
          "PYTHONHASHSEED",
          "PFS",
          "TMPDIR",
          "PWD",
          Watchdog.VARIABLE);

  private BaseEnvironment() {}

  /** The variables for a program that sees {@code sandbox}, in a new map. */
  static Map<String, String> of(Sandbox sandbox) {
    Map<String, String> env = new TreeMap<>();
    env.put("PATH", PATH);
    env.put("HOME", sandbox.shown(Workspace.HOME));
    env.put("LANG", "C.UTF-8");
    env.put("TZ", "UTC");
    env.put("PYTHONHASHSEED", "0");
    env.put("PFS", sandbox.shown(Workspace.PFS));
    return env;
  }
}
