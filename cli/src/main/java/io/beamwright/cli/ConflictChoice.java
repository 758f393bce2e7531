// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.merge.Prefer;
import picocli.CommandLine.Option;

/** The options of commands that merge: who decides conflicts. */
final class ConflictChoice {

  @Option(names = "--ours", description = "In a conflict take what the branch has.")
  private boolean ours;

  @Option(names = "--theirs", description = "In a conflict take what comes in.")
  private boolean theirs;

  /** Whether both were given, which cannot be. */
  boolean isContradiction() {
    return ours && theirs;
  }

  Prefer prefer() {
    return ours ? Prefer.OURS : theirs ? Prefer.THEIRS : Prefer.NEITHER;
  }
}
