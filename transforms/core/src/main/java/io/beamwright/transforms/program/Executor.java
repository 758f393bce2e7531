// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.util.OptionalInt;

/**
 * A way to run programs: what a program sees, and what is kept from it. Found by {@link
 * java.util.ServiceLoader}; one instance serves many threads.
 *
 * <p>Whatever the way: the program's environment is {@link BaseEnvironment} and what the invocation
 * declares, nothing of ours; when {@link #run} returns, no process that the program began is alive;
 * and {@code /pfs}, {@code /code}, {@code /tmp} and its home are those of the {@link Workspace}.
 */
public interface Executor {

  /** The kind, such as {@code bubblewrap}; part of a datum's key. */
  String name();

  /**
   * The version of what a program can see and do here; part of a datum's key, so it is raised by a
   * change that a program could notice.
   */
  int contractVersion();

  /** Whether what it needs is installed on this machine; nothing is run to find that out. */
  boolean isInstalled();

  /** Whether it works on this machine; found out once, by running something. */
  Availability availability();

  /**
   * Whether a program cannot alter its inputs and code, even as root. Where it can, every attempt
   * has copies of its own.
   */
  boolean protectsInputs();

  /**
   * The user that owns the folders of a {@link Workspace}, if programs do not run as the user of
   * this process; known once {@link #availability} has been asked.
   */
  default OptionalInt owner() {
    return OptionalInt.empty();
  }

  /** The files of {@code workspace} and of the machine as a program run in it sees them. */
  Sandbox sandbox(Workspace workspace);

  /**
   * Runs a program to its end, its time's end or the interrupt of this thread, which ends it too.
   * Only an {@link Execution.Exited} says that the program itself ran to an end; a program that
   * cannot be started is an {@link Execution.NotStarted}, never an exception.
   */
  Execution run(Invocation invocation) throws InterruptedException;
}
