// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.Commit;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code list commit}: the history of a repo, or of a commit of it. */
@Command(
    name = "commit",
    description =
        "List the commits of a repo, newest first; with a ref, that commit and those before it.")
final class ListCommitCommand implements Subcommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "REPO[@REF]", description = "A repo, or a commit of it.")
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
      Stream<History.Named> commits = commits(store).limit(limit);
      if (session.json()) {
        session.console().document(json -> write(json, commits.iterator()));
      } else {
        print(session.console(), commits.iterator());
      }
      return Exit.FINE;
    }
  }

  private Stream<History.Named> commits(Store store) {
    Revision revision = Revision.parse(source);
    if (revision.name().isPresent()) {
      return store.history().newestFirst(List.of(store.history().resolve(revision).id()));
    }
    Repo repo = store.repos().require(revision.repo());
    List<CommitId> heads =
        store.repos().refs(repo).list().stream()
            .map(RefHead::commit)
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    return store.history().newestFirst(heads);
  }

  // Line by line: a history may be long.
  private static void print(Console console, Iterator<History.Named> commits) {
    String format = "%-12s  %-20s  %s";
    console.line(format.formatted("COMMIT", "TIME", "MESSAGE"));
    while (commits.hasNext()) {
      History.Named named = commits.next();
      Commit commit = named.commit();
      String message =
          commit.message().lines().findFirst().orElse("") + " (" + commit.author() + ")";
      console.line(
          format.formatted(
              named.id().brief(), commit.time().truncatedTo(ChronoUnit.SECONDS), message));
    }
  }

  private static void write(JsonGenerator json, Iterator<History.Named> commits)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("commits");
    while (commits.hasNext()) {
      Json.write(json, commits.next());
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
