// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.RefEntry;
import io.beamwright.versioning.ref.RefHead;
import io.beamwright.versioning.ref.Refs;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code log}: the commits before one, those that touched a path, or the moves of a branch. */
@Command(
    name = "log",
    description = {
      "List a commit and those before it, newest first; with a path, those that touched the file or"
          + " folder.",
      "A merge that took the path from one of its parents did not touch it, and only that parent is"
          + " followed, as in git. With --refs: every move of a branch or tag, newest first."
    })
final class LogCommand implements Subcommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "REPO[@REF][:PATH]", description = "A commit, or a path in it.")
  private String source = "";

  @Option(
      names = {"-n", "--number"},
      paramLabel = "COUNT",
      description = "List that many at most.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--refs",
      description = "List the moves of a branch or tag: from, to, who, when, why and by which job.")
  private boolean refs;

  @Override
  public Exit run(Session session) {
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "-n is a count, not " + limit + ".");
    }
    try (Store store = session.openStore()) {
      return refs
          ? moves(session, store)
          : new CommitLog(session, limit).print(store, Source.of(store, source));
    }
  }

  private Exit moves(Session session, Store store) {
    Revision revision = Revision.parse(source);
    if (revision.path().isPresent() || !revision.steps().equals(new Revision.Steps.Back(0))) {
      throw new UserFault(
          "\"" + source + "\" is not the name of a branch or tag.",
          "With --refs write REPO@NAME, as in "
              + revision.repo()
              + "@"
              + revision.nameOrDefault()
              + ".");
    }
    Repo repo = store.repos().require(revision.repo());
    String name = Refs.requireName(revision.nameOrDefault());
    List<RefEntry> moves = store.repos().refs(repo).moves(name, limit);
    // One that was deleted has moves all the same.
    if (moves.isEmpty() && limit > 0) {
      throw neverWas(store, repo, name);
    }
    if (session.json()) {
      session.console().document(json -> write(json, repo, name, moves));
    } else {
      session.console().table(RefMoves.table(moves));
    }
    return Exit.FINE;
  }

  private static UserFault neverWas(Store store, Repo repo, String name) {
    List<String> names = store.repos().refs(repo).list().stream().map(RefHead::name).toList();
    return new UserFault(
        "There never was a branch or tag \"%s\" in the repo %s.".formatted(name, repo.name()),
        NearMiss.sentence(name, names, "beamwright list branch " + repo.name()));
  }

  private static void write(JsonGenerator json, Repo repo, String name, List<RefEntry> moves)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("repo", repo.name());
    json.writeStringField("ref", name);
    RefMoves.write(json, moves);
    json.writeEndObject();
  }
}
