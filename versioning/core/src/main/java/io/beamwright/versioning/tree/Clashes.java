// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import io.beamwright.versioning.fault.UserFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/** Refuses trees in which a path is a file and a folder at once. */
final class Clashes {

  private final Tree base;
  private final EditBatch batch;

  private Clashes(Tree base, EditBatch batch) {
    this.base = base;
    this.batch = batch;
  }

  /**
   * Checks what {@code base} would be after {@code batch}.
   *
   * @throws UserFault that names both paths
   */
  static void refuse(Tree base, EditBatch batch) {
    Clashes clashes = new Clashes(base, batch);
    String folderBefore = "";
    for (Iterator<FileEntry> puts = batch.puts().iterator(); puts.hasNext(); ) {
      FilePath path = puts.next().path();
      String folder = path.text().substring(0, path.text().length() - path.name().length());
      // Neighbours in the order mostly lie in one folder, which is looked at once.
      if (!folder.equals(folderBefore)) {
        clashes.refuseFileAbove(path);
      }
      folderBefore = folder;
      if (base.fileCount() > 0) {
        clashes.refuseFileBelow(path);
      }
    }
  }

  private void refuseFileAbove(FilePath path) {
    // A file that is put mostly gets neighbours: where these lie there is a folder and no file, and
    // no other leaf need be read to know that.
    String neighbour = base.firstFrom(path).map(FilePath::text).orElse("");
    for (String folder : path.folders()) {
      FilePath above = new FilePath(folder);
      boolean mayBeFile = !neighbour.startsWith(Folders.prefix(folder)) && !batch.deletes(above);
      if (batch.puts(above) || (mayBeFile && base.find(above).isPresent())) {
        throw clash(above, path);
      }
    }
  }

  // A file that is put below is found as one that has a file above.
  private void refuseFileBelow(FilePath path) {
    if (batch.deletesAllBelow(path)) {
      return;
    }
    Iterator<FilePath> below = base.pathsUnder(path.text());
    while (below.hasNext()) {
      FilePath candidate = below.next();
      if (!batch.deletes(candidate)) {
        throw clash(path, candidate);
      }
    }
  }

  private static UserFault clash(FilePath file, FilePath below) {
    return new UserFault(
        "The path \"" + file + "\" would be a file, and a folder that holds \"" + below + "\".",
        "Delete one of them first, or choose another path.");
  }

  /**
   * Passes on the entries of {@code sorted} as long as their paths ascend and do not clash.
   *
   * @throws UserFault from its methods, naming both paths of a clash
   * @throws IllegalArgumentException from its methods if the paths do not ascend
   */
  static Iterator<FileEntry> refuseIn(Iterator<FileEntry> sorted) {
    return new Iterator<>() {
      // The paths before that the next one may begin with, the longest on top.
      private final Deque<FilePath> beginnings = new ArrayDeque<>();
      private Optional<FilePath> before = Optional.empty();

      @Override
      public boolean hasNext() {
        return sorted.hasNext();
      }

      @Override
      public FileEntry next() {
        FileEntry entry = sorted.next();
        FilePath path = entry.path();
        if (before.isPresent() && before.get().compareTo(path) >= 0) {
          throw new IllegalArgumentException(path + " does not come after " + before.get());
        }
        while (!beginnings.isEmpty() && !path.text().startsWith(beginnings.peek().text())) {
          beginnings.pop();
        }
        for (FilePath beginning : beginnings) {
          if (path.text().charAt(beginning.text().length()) == '/') {
            throw clash(beginning, path);
          }
        }
        beginnings.push(path);
        before = Optional.of(path);
        return entry;
      }
    };
  }
}
