// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code merge-base}: where two commits of a repo parted. */
@Command(
    name = "merge-base",
    description = {
      "Print the best common ancestors of two commits: those that both come after, but for those"
          + " that another such commit comes after.",
      "There are several where branches were merged crosswise, and none, and nothing is printed,"
          + " where the two began apart."
    })
final class MergeBaseCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "REPO@REF", description = "A commit.")
  private String first = "";

  @Parameters(index = "1", paramLabel = "REPO@REF", description = "Another of the same repo.")
  private String second = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      Repo repo = RefCommands.sameRepo(store, first, second);
      History.Named one = commit(store, first);
      History.Named other = commit(store, second);
      try (CommitGraph graph = session.graph(store, repo)) {
        print(session, repo, one.id(), other.id(), graph.mergeBases(one.id(), other.id()));
      }
      return Exit.FINE;
    }
  }

  private static History.Named commit(Store store, String typed) {
    Revision revision = Revision.parse(typed);
    if (revision.path().isPresent()) {
      throw new UserFault(
          "\"" + typed + "\" names a path; commits are what comes after one another.",
          "Leave out the path.");
    }
    return store.history().resolve(revision);
  }

  private static void print(
      Session session, Repo repo, CommitId one, CommitId other, List<CommitId> bases) {
    if (!session.json()) {
      bases.forEach(base -> session.console().line(base.hex()));
      return;
    }
    session
        .console()
        .document(
            json -> {
              json.writeStartObject();
              json.writeStringField("repo", repo.name());
              json.writeArrayFieldStart("commits");
              json.writeString(one.hex());
              json.writeString(other.hex());
              json.writeEndArray();
              json.writeArrayFieldStart("bases");
              for (CommitId base : bases) {
                json.writeString(base.hex());
              }
              json.writeEndArray();
              json.writeEndObject();
            });
  }
}
