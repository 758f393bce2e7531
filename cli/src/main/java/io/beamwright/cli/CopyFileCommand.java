// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.TreeEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code copy file}: a file or folder of a commit to another place, by reference. */
@Command(
    name = "file",
    description = {
      "Copy a file of a commit into a branch, or with -r a folder, as one commit.",
      "No content is read or stored again. A file goes to PATH, or into it under its own name if"
          + " PATH is left out or ends in /. The files of a folder go below PATH. What a glob matches"
          + " goes into PATH."
    })
final class CopyFileCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "REPO@REF:PATH", description = "What to copy.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "REPO@BRANCH[:PATH]", description = "Where to copy it to.")
  private String target = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "Copy every file of a folder.")
  private boolean recursive;

  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    Target to = Target.parse(target);
    try (Store store = session.openStoreToCommit()) {
      Source from = Source.of(store, source);
      store.droppedCommits().refuseWithoutBytes(from.commit().id());
      Repo repo = store.repos().require(to.repo());
      List<FileEntry> files = files(store, from, to);
      String done = "copied " + source + " to " + to.path();
      Committer.Outcome outcome =
          session
              .committer(store)
              .commit(
                  repo,
                  to.branch(),
                  message.orElse(done),
                  Committer.Empty.SKIPPED,
                  before ->
                      store.trees().edit(before, files.stream().map(TreeEdit.Put::new).toList()));
      return ChangeOutput.print(session, to, outcome, done, to.ref() + " holds the same already.");
    }
  }

  private List<FileEntry> files(Store store, Source from, Target to) {
    Optional<PathGlob> glob = PathGlob.in(from.files(), from.path());
    if (glob.isPresent()) {
      List<FileEntry> copies = new ArrayList<>();
      PathGlob.places(glob.get().require(from.files(), from.ref(), recursive), from.ref())
          .forEach((below, file) -> copies.add(file.at(to.below(FilePath.of(below)))));
      return copies;
    }
    if (recursive && from.file().isEmpty()) {
      from.requireFolder(store);
    } else {
      var unused = from.requireFile(store);
    }
    return from.copiedTo(to);
  }
}
