// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.glob.GlobMatch;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.RefKind;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code delete file}: a file or folder out of a branch. */
@Command(
    name = "file",
    description = {
      "Delete a file of a branch, or with -r a folder, as one commit.",
      "Commits that hold it keep it. A path that is not there changes nothing. What a glob matches is"
          + " deleted as one commit."
    })
final class DeleteFileCommand implements Subcommand {

  private static final Pattern WILD = Pattern.compile("[*?]");

  @Parameters(paramLabel = "REPO@BRANCH:PATH", description = "What to delete.")
  private String target = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "Delete every file of a folder; the folder / is all.")
  private boolean recursive;

  @Mixin private CommitMessage message = new CommitMessage();

  @Override
  public Exit run(Session session) {
    Target from = Target.parse(target);
    try (Store store = session.openStoreToCommit()) {
      Repo repo = store.repos().require(from.repo());
      // A branch that is not there is a slip of the keyboard, and not to be created.
      var unused = store.history().requireRef(repo, from.branch(), RefKind.BRANCH);
      // Decided once: what is called so now is it, and was never a glob if somebody deletes it
      // meanwhile. A name with brackets that is not there is no glob either: it was deleted before.
      Optional<PathGlob> glob =
          WILD.matcher(from.folder()).find()
              ? PathGlob.in(Source.of(store, from.ref()).files(), from.folder())
              : Optional.empty();
      String done = "deleted " + from.path();
      Committer.Outcome outcome =
          session
              .committer(store)
              .commit(
                  repo,
                  from.branch(),
                  message.orElse(done),
                  Committer.Empty.SKIPPED,
                  before -> delete(store, before, from, glob));
      return ChangeOutput.print(
          session,
          from,
          outcome,
          done,
          "there is no \"" + from.path() + "\" in " + from.ref() + ".");
    }
  }

  private Tree delete(Store store, Tree before, Target from, Optional<PathGlob> glob) {
    if (glob.isPresent()) {
      List<TreeEdit> edits = new ArrayList<>();
      List<GlobMatch<FileEntry>> matches = glob.get().matches(before);
      glob.get().requireFiles(matches, from.ref(), recursive);
      for (GlobMatch<FileEntry> match : matches) {
        edits.add(
            PathGlob.isFile(match)
                ? new TreeEdit.Delete(FilePath.of(match.path()))
                : new TreeEdit.DeleteFolder(match.path()));
      }
      return store.trees().edit(before, edits);
    }
    if (!recursive && (from.folder().equals("/") || isFolder(before, from))) {
      throw new UserFault(
          "\"" + from.path() + "\" in " + from.ref() + " is a folder.",
          "Add -r to delete every file in it.");
    }
    return store.trees().edit(before, edits(from));
  }

  private static boolean isFolder(Tree before, Target from) {
    return before.find(from.file()).isEmpty() && before.isFolder(from.folder());
  }

  /** What deletes the path, whether it is a file or a folder. */
  static List<TreeEdit> edits(Target from) {
    return from.folder().equals("/")
        ? List.of(new TreeEdit.DeleteFolder("/"))
        : List.of(new TreeEdit.Delete(from.file()), new TreeEdit.DeleteFolder(from.folder()));
  }
}
