// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.ref.RefKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rename branch}. */
@Command(
    name = "branch",
    description = {
      "Give a branch another name: the new one stands where the old one stood, which is deleted.",
      "Specs that read or write the branch name it as before: change them too. If the command is"
          + " stopped in between, both are there."
    })
final class RenameBranchCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "REPO@NAME", description = "The branch.")
  private String name = "";

  @Parameters(index = "1", paramLabel = "NEWNAME", description = "Its new name.")
  private String newName = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      return new RefCommands(session, RefKind.BRANCH).rename(store, name, newName);
    }
  }
}
