// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rename file}: a file or folder of a branch to another path. */
@Command(
    name = "file",
    description = {
      "Give a file or folder of a branch another path, as one commit.",
      "No content is read or stored again. Where NEWPATH ends in /, it goes there under its own name."
          + " Nothing is replaced: what is at NEWPATH already is a conflict."
    })
final class RenameFileCommand implements Subcommand {

  @Parameters(index = "0", paramLabel = "REPO@BRANCH:PATH", description = "What to rename.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "NEWPATH", description = "Its new path.")
  private String newPath = "";

  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    Target from = Target.parse(source);
    Target to = Target.parse(from.ref() + ":" + (newPath.startsWith("/") ? "" : "/") + newPath);
    try (Store store = session.openStoreToCommit()) {
      Repo repo = store.repos().require(from.repo());
      var unused = store.history().requireRef(repo, from.branch(), RefKind.BRANCH);
      String done = "renamed " + from.folder() + " to " + to.path();
      Committer.Outcome outcome =
          session
              .committer(store)
              .commit(
                  repo,
                  from.branch(),
                  message.orElse(done),
                  Committer.Empty.SKIPPED,
                  before -> renamed(store, before, from, to));
      return ChangeOutput.print(session, from, outcome, done, "it has that path already.");
    }
  }

  private static Tree renamed(Store store, Tree before, Target from, Target to) {
    Source named = Source.inTheMaking(before, from);
    boolean isFile = named.file().isPresent();
    if (!isFile) {
      named.requireFolder(store);
    }
    if (from.folder().equals("/")) {
      throw new UserFault(
          "\"/\" is all that " + from.ref() + " has, and has no name.",
          "Rename what lies in it: beamwright list file " + from.ref());
    }
    Target place = to.isFolder() ? into(to, from) : to;
    if (place.folder().equals(from.folder())) {
      return before;
    }
    if (place.folder().startsWith(from.folder() + "/")) {
      throw new UserFault(
          "\"" + place.folder() + "\" lies in \"" + from.folder() + "\" itself.",
          "Name a path outside of it.");
    }
    if (before.holds(place.folder())) {
      throw new ConflictFault(
          "There is a \"" + place.folder() + "\" in " + from.ref() + " already.",
          "Choose another path, or delete it first: beamwright delete file -r "
              + from.ref()
              + ":"
              + place.folder());
    }
    List<TreeEdit> edits = new ArrayList<>(DeleteFileCommand.edits(from));
    named.copiedTo(place).forEach(file -> edits.add(new TreeEdit.Put(file)));
    return store.trees().edit(before, edits);
  }

  /** The path of {@code from}'s own name in the folder {@code to}. */
  private static Target into(Target to, Target from) {
    String name = from.folder().substring(from.folder().lastIndexOf('/'));
    String folder = to.folder().equals("/") ? "" : to.folder();
    return new Target(to.repo(), to.branch(), folder + name);
  }
}
