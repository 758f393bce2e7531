// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code move branch}: a branch to any commit of its repo. */
@Command(
    name = "branch",
    description = {
      "Move a branch to a commit of the same repo: back, forward or aside.",
      "Where it was is kept: 'log --refs' lists it, and moving there again undoes this. If somebody"
          + " else moves the branch first, it stays where they moved it."
    })
final class MoveBranchCommand implements Subcommand {

  @Parameters(paramLabel = "REPO@NAME", description = "The branch.")
  private String name = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "REF",
      description = "Where it goes: REPO@REF, or REF in the same repo.")
  private String to = "";

  @Option(
      names = "--from",
      paramLabel = "REF",
      description = "Where it must stand now; elsewhere it is not moved.")
  private @Nullable String from;

  @Mixin private CommitMessage why = new CommitMessage();

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      return new BranchMoves(session, store)
          .move(Target.ofRef(name), to, Optional.ofNullable(from), why.orElse("move to " + to));
    }
  }
}
