// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.gc.Retention;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code inspect repo}. */
@Command(name = "repo", description = "Show everything that is known of a repo.")
final class InspectRepoCommand implements Subcommand {

  @Parameters(paramLabel = "NAME", description = "The repo.")
  private String name = "";

  @Override
  public Exit run(Session session) {
    try (Store store = session.openStore()) {
      Repo repo = store.repos().require(name);
      List<RefHead> refs = store.repos().refs(repo).list();
      if (session.json()) {
        session
            .console()
            .document(
                json -> {
                  json.writeStartObject();
                  RepoOutput.writeMembers(json, repo);
                  json.writeArrayFieldStart("branches");
                  for (RefHead head : of(refs, RefKind.BRANCH)) {
                    RefCommands.write(json, head);
                  }
                  json.writeEndArray();
                  json.writeArrayFieldStart("tags");
                  for (RefHead head : of(refs, RefKind.TAG)) {
                    RefCommands.write(json, head);
                  }
                  json.writeEndArray();
                  RepoOutput.writeRetention(json, store.retentions().of(repo));
                  json.writeEndObject();
                });
      } else {
        Sheet sheet = new Sheet(session.console());
        sheet.line("repo", repo.name());
        sheet.line("id", repo.id().hex());
        sheet.lines("description", repo.description().lines().toList());
        sheet.line("created", repo.createdAt() + " by " + repo.createdBy());
        sheet.lines("branches", lines(of(refs, RefKind.BRANCH)));
        sheet.line("retention", store.retentions().of(repo).map(Retention::words).orElse(""));
        sheet.lines("tags", lines(of(refs, RefKind.TAG)));
      }
      return Exit.FINE;
    }
  }

  private static List<RefHead> of(List<RefHead> refs, RefKind kind) {
    return refs.stream().filter(head -> head.is(kind)).toList();
  }

  private static List<String> lines(List<RefHead> heads) {
    return heads.stream()
        .map(head -> head.name() + " " + head.commit().map(CommitId::hex).orElse("(no commit yet)"))
        .toList();
  }
}
