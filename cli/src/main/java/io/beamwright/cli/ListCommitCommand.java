// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code list commit}: the history of a repo, of a commit, or of a path in it. */
@Command(
    name = "commit",
    description = {
      "List the commits of a repo, newest first; with a ref, that commit and those before it.",
      "With a path, those that touched the file or folder, as 'log' does."
    })
final class ListCommitCommand implements Subcommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "REPO[@REF][:PATH]", description = "A repo, or a commit of it.")
  private String source = "";

  @Option(
      names = {"-n", "--number"},
      paramLabel = "COUNT",
      description = "List that many at most.")
  private long limit = Long.MAX_VALUE;

  @Override
  public Exit run(Session session) {
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "-n is a count, not " + limit + ".");
    }
    try (Store store = session.openStoreThroughCache()) {
      CommitLog log = new CommitLog(session, limit);
      Revision revision = Revision.parse(source);
      return revision.name().isEmpty() && revision.path().isEmpty()
          ? log.printAll(store, heads(store, store.repos().require(revision.repo())))
          : log.print(store, Source.of(store, source));
    }
  }

  private static List<CommitId> heads(Store store, Repo repo) {
    return store.repos().refs(repo).list().stream()
        .map(RefHead::commit)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }
}
