// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect branch}. */
@Command(
    name = "branch",
    description = "Show where a branch stands, and its last moves: who made them, when and why.")
final class InspectBranchCommand implements Subcommand {

  private static final int MOST_MOVES = 10;

  @Parameters(paramLabel = "REPO@NAME", description = "The branch.")
  private String name = "";

  @Override
  public Exit run(Session session) {
    Target branch = Target.ofRef(name);
    try (Store store = session.openStore()) {
      Repo repo = store.repos().require(branch.repo());
      RefHead head = store.history().requireRef(repo, branch.branch(), RefKind.BRANCH);
      List<RefEntry> moves = store.repos().refs(repo).moves(branch.branch(), MOST_MOVES);
      if (session.json()) {
        session.console().document(json -> write(json, branch, head, moves));
      } else {
        print(session.console(), branch, head, moves);
      }
      return Exit.FINE;
    }
  }

  private static void print(Console console, Target branch, RefHead head, List<RefEntry> moves) {
    RefEntry last = head.entry().orElseThrow();
    Sheet sheet = new Sheet(console);
    sheet.line("branch", branch.ref());
    sheet.line("commit", head.commit().map(CommitId::hex).orElse("none yet"));
    sheet.line("moved", last.at() + " by " + last.by());
    sheet.line("why", last.why());
    sheet.line("job", last.job().map(Sha256::hex).orElse(""));
    console.line("");
    console.table(RefMoves.table(moves));
  }

  private static void write(JsonGenerator json, Target branch, RefHead head, List<RefEntry> moves)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("repo", branch.repo());
    json.writeFieldName("branch");
    RefCommands.write(json, head);
    RefMoves.write(json, moves);
    json.writeEndObject();
  }
}
