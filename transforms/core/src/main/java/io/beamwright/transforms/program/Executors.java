// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The executors on the class path, one instance of each for all. */
public final class Executors {

  private static @Nullable Map<String, Executor> byName;

  private static final String INSTALL = "install bubblewrap (apt-get install bubblewrap).";

  private Executors() {}

  /**
   * The executor that programs are run by where nobody asks for another.
   *
   * @param executor the executor
   * @param warning what the user gives up because there is no better one here
   */
  public record Choice(Executor executor, Optional<String> warning) {

    /**
     * Makes sure that it works, by running a program.
     *
     * @throws EnvironmentFault if it does not
     */
    public void requireUsable() {
      String why = executor.availability().whyNot();
      if (!why.isEmpty()) {
        throw new EnvironmentFault(
            "Programs cannot be sandboxed on this machine. bubblewrap is there, but " + why + ".",
            "Mend that; or let programs do what you may do yourself, with --sandbox off.");
      }
    }
  }

  /**
   * bubblewrap, or plain processes where {@code use} allows them; not tried yet.
   *
   * @throws EnvironmentFault if there has to be a sandbox and bubblewrap is not installed
   */
  public static Choice choose(SandboxUse use) {
    return choose(use, known(BubblewrapExecutor.NAME));
  }

  static Choice choose(SandboxUse use, Executor bubblewrap) {
    if (use == SandboxUse.OFF) {
      return plain("Programs are not sandboxed (--sandbox off)", "");
    }
    if (bubblewrap.isInstalled()) {
      return new Choice(bubblewrap, Optional.empty());
    }
    if (use == SandboxUse.REQUIRED) {
      throw new EnvironmentFault(
          "Programs cannot be sandboxed on this machine, and --sandbox required asks for it: "
              + bubblewrap.availability().whyNot()
              + ".",
          "Please " + INSTALL);
    }
    return plain("Programs are not sandboxed", " To sandbox them: " + INSTALL);
  }

  private static Choice plain(String what, String remedy) {
    return new Choice(
        usable(ProcessExecutor.NAME),
        Optional.of(
            what
                + ": they can change this machine's files and use its network, and /pfs lies under"
                + " $PFS."
                + remedy));
  }

  /**
   * The executor called {@code name}.
   *
   * @throws EnvironmentFault if there is none, or it does not work here
   */
  public static Executor usable(String name) {
    Executor executor = known(name);
    String why = executor.availability().whyNot();
    if (!why.isEmpty()) {
      throw new EnvironmentFault(
          "The executor \"" + name + "\" cannot be used on this machine: " + why + ".",
          "Make it work here, as on the machine that planned the run; or run with --sandbox off.");
    }
    return executor;
  }

  private static Executor known(String name) {
    Executor executor = all().get(name);
    if (executor == null) {
      throw new EnvironmentFault(
          "There is no executor \""
              + name
              + "\" on the class path; there are "
              + all().keySet()
              + ".",
          "Use the same version of Beamwright everywhere.");
    }
    return executor;
  }

  // Kept, because an executor finds out but once whether it works.
  private static synchronized Map<String, Executor> all() {
    if (byName == null) {
      Map<String, Executor> found = new TreeMap<>();
      ServiceLoader.load(Executor.class, Executors.class.getClassLoader())
          .forEach(executor -> found.put(executor.name(), executor));
      byName = found;
    }
    return byName;
  }
}
