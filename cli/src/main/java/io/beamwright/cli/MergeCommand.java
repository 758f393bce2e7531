// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.graph.CommitGraph;
import io.beamwright.versioning.merge.MergeOutcome;
import io.beamwright.versioning.merge.Merges;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.ref.Revision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code merge}: what one branch has into another. */
@Command(
    name = "merge",
    description = {
      "Merge a commit into a branch of the same repo: from the first into the second.",
      "A path that only one side changed since they parted is taken from that side. Where both made"
          + " it something else, nothing is changed and the paths are listed, unless --ours or"
          + " --theirs decides."
    })
final class MergeCommand implements Subcommand {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "REPO@SOURCE", description = "A branch, tag or commit.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "REPO@TARGET", description = "The branch that changes.")
  private String target = "";

  @Option(
      names = "--no-ff",
      description = "Make a commit also where the branch had only to go forward.")
  private boolean neverForward;

  @Mixin private ConflictChoice choice = new ConflictChoice();
  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    if (choice.isContradiction()) {
      throw new ParameterException(spec.commandLine(), "--ours and --theirs exclude each other.");
    }
    Target into = Target.ofRef(target);
    try (Store store = session.openStoreToCommit()) {
      Repo repo = RefCommands.sameRepo(store, source, target);
      History.Named theirs = store.history().resolve(Revision.parse(source));
      String doing = "merge " + source + " into " + into.ref();
      try (CommitGraph graph = session.graph(store, repo)) {
        MergeOutcome outcome =
            new Merges(store, repo, session.committer(store), graph)
                .merge(
                    into.branch(),
                    theirs.id(),
                    message.orElse(doing),
                    choice.prefer(),
                    neverForward ? Merges.FastForward.NEVER : Merges.FastForward.IF_POSSIBLE);
        return new MergeOutput(session, into, doing, into.ref() + " has all of " + source + ".")
            .print(outcome);
      }
    }
  }
}
