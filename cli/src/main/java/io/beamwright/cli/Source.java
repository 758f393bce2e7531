// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.versioning.History;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.util.List;
import java.util.Optional;

/**
 * What a command reads: a path in a commit.
 *
 * @param named the commit; absent for one in the making
 * @param files its files
 * @param path the path, without a {@code /} at its end; {@code /} for all
 * @param ref the ref as typed, without the path
 */
record Source(Optional<History.Named> named, Tree files, String path, String ref) {

  /**
   * Finds {@code REPO[@REF][:PATH]}.
   *
   * @throws UserFault if there is no such commit; that there is such a path is not checked
   */
  static Source of(Store store, String typed) {
    History.Named commit = store.history().resolve(Revision.parse(typed));
    return new Source(
            Optional.of(commit), store.history().files(commit.commit()), "/", refOf(typed))
        .at(typed);
  }

  /** The path of {@code typed}, whose ref is that of this, in the commit that this found. */
  Source at(String typed) {
    String path = Revision.parse(typed).path().orElse("/");
    return new Source(
        named,
        files,
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
        ref);
  }

  /** What {@code typed} has before its path. */
  static String refOf(String typed) {
    int colon = typed.indexOf(':');
    return colon < 0 ? typed : typed.substring(0, colon);
  }

  /** The path of {@code place} in files that are not committed yet. */
  static Source inTheMaking(Tree files, Target place) {
    return new Source(Optional.empty(), files, place.folder(), place.ref());
  }

  /** The commit that is read. */
  History.Named commit() {
    return named.orElseThrow();
  }

  /** The file at the path, if it is one. */
  Optional<FileEntry> file() {
    return path.equals("/") ? Optional.empty() : files.find(FilePath.of(path));
  }

  /**
   * The file at the path.
   *
   * @throws UserFault if there is none; names the near misses
   */
  FileEntry requireFile(Store store) {
    if (path.equals("/")) {
      throw new UserFault(
          "\"/\" in " + ref + " is a folder, not a file.",
          "Add -r to take the whole folder, or name a file in it: beamwright list file " + ref);
    }
    return store.history().requireFile(files, FilePath.of(path), ref);
  }

  /**
   * Checks that the path is a folder.
   *
   * @throws UserFault if there is none; names the near misses
   */
  void requireFolder(Store store) {
    if (!files.isFolder(path)) {
      throw store.history().noSuchPath(files, FilePath.of(path), ref);
    }
  }

  /** The path of {@code file} below the path of this, such as {@code /a.csv}. */
  FilePath below(FileEntry file) {
    String whole = file.path().text();
    return FilePath.of(path.equals("/") ? whole : whole.substring(path.length()));
  }

  /**
   * The files below the path, or the file itself under its own name, as they are under {@code
   * target}.
   */
  List<FileEntry> copiedTo(Target target) {
    return file()
        .map(one -> List.of(one.at(copyOf(one, target))))
        .orElseGet(
            () -> files.filesUnder(path).map(one -> one.at(target.below(below(one)))).toList());
  }

  private static FilePath copyOf(FileEntry one, Target target) {
    return target.isFolder() ? target.below(FilePath.of(one.path().name())) : target.file();
  }
}
