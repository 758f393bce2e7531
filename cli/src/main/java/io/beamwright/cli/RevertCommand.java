// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.merge.MergeOutcome;
import io.beamwright.versioning.merge.Merges;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code revert}: a commit that undoes another. */
@Command(
    name = "revert",
    description = {
      "Undo what a commit changed against its first parent, as a new commit on a branch.",
      "What was changed since is kept. A path that was changed again is a conflict: nothing is"
          + " changed and the paths are listed, unless --ours or --theirs decides."
    })
final class RevertCommand implements Subcommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "REPO@REF", description = "The commit to undo.")
  private String source = "";

  @Option(
      names = "--branch",
      paramLabel = "NAME",
      description =
          "The branch that changes (default: the one that REF begins with, or else master).")
  private @Nullable String branch;

  @Mixin private ConflictChoice choice = new ConflictChoice();
  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    if (choice.isContradiction()) {
      throw new ParameterException(spec.commandLine(), "--ours and --theirs exclude each other.");
    }
    Revision revision = Revision.parse(source);
    if (revision.path().isPresent()) {
      throw new UserFault(
          "\"" + source + "\" names a path, and a commit is reverted whole.",
          "Leave out the path; or put back one file: beamwright copy file REPO@REF:PATH"
              + " REPO@BRANCH:PATH");
    }
    try (Store store = session.openStoreToCommit()) {
      Repo repo = store.repos().require(revision.repo());
      History.Named commit = store.history().resolve(revision);
      Target on = Target.ofRef(repo.name() + "@" + branch(store, repo, revision));
      String doing = "revert " + source + " on " + on.ref();
      try (CommitGraph graph = session.graph(store, repo)) {
        MergeOutcome outcome =
            new Merges(store, repo, session.committer(store), graph)
                .revert(on.branch(), commit.id(), message.orElse(said(commit)), choice.prefer());
        String upToDate = on.ref() + " has nothing of it that could be undone.";
        return new MergeOutput(session, on, doing, upToDate).print(outcome);
      }
    }
  }

  private String branch(Store store, Repo repo, Revision revision) {
    boolean beginsWithBranch =
        store.repos().refs(repo).head(revision.nameOrDefault()).is(RefKind.BRANCH);
    return Optional.ofNullable(branch)
        .orElse(beginsWithBranch ? revision.nameOrDefault() : Revision.DEFAULT_BRANCH);
  }

  private static String said(History.Named commit) {
    String first = commit.commit().message().lines().findFirst().orElse("");
    return "revert " + commit.id().brief() + (first.isEmpty() ? "" : ": " + first);
  }
}
