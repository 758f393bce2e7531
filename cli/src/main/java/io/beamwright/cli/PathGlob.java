// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.glob.Glob;
import io.beamwright.pipelines.glob.GlobMatch;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FolderChild;
import io.beamwright.versioning.tree.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A path with {@code *}, {@code ?} and the like, as in the {@code glob} of a spec: it stands for
 * all files and folders that it matches.
 *
 * @param glob what it matches
 */
record PathGlob(Glob glob) {

  private static final Pattern META = Pattern.compile("[*?\\[{(\\\\]");

  /**
   * What {@code path} is in a commit: empty if it is a path. Where something is called exactly so,
   * it is that.
   *
   * @throws UserFault if it is neither
   */
  static Optional<PathGlob> in(Tree files, String path) {
    return META.matcher(path).find() && !files.holds(path)
        ? Optional.of(new PathGlob(Glob.compile(path)))
        : Optional.empty();
  }

  /** The matches that lie in no other one, in the order of their paths. */
  List<GlobMatch<FileEntry>> matches(Tree files) {
    List<GlobMatch<FileEntry>> matches = new ArrayList<>();
    glob.select(
            files.filesStartingWith(glob.literalPrefix()).iterator(), file -> file.path().text())
        .forEachRemaining(matches::add);
    // A folder comes before what is in it.
    matches.sort(Comparator.comparing(match -> match.path() + "/"));
    List<GlobMatch<FileEntry>> outermost = new ArrayList<>();
    for (GlobMatch<FileEntry> match : matches) {
      boolean isInside =
          !outermost.isEmpty()
              && match.path().startsWith(outermost.get(outermost.size() - 1).path() + "/");
      if (!isInside) {
        outermost.add(match);
      }
    }
    return outermost;
  }

  /**
   * The matches.
   *
   * @param ref the commit as it was typed, for the message
   * @throws UserFault if there is none
   */
  List<GlobMatch<FileEntry>> require(Tree files, String ref) {
    List<GlobMatch<FileEntry>> matches = matches(files);
    if (matches.isEmpty()) {
      throw new UserFault(
          "Nothing in " + ref + " matches \"" + glob.text() + "\".",
          "See what there is: beamwright list file " + ref + ". Quote a glob from the shell.");
    }
    return matches;
  }

  /**
   * The same, where folders are taken only if they are asked for.
   *
   * @throws UserFault if there is none, or one is a folder and {@code recursive} is false
   */
  List<GlobMatch<FileEntry>> require(Tree files, String ref, boolean recursive) {
    List<GlobMatch<FileEntry>> matches = require(files, ref);
    requireFiles(matches, ref, recursive);
    return matches;
  }

  /**
   * Checks that folders are among the matches only if they are asked for.
   *
   * @throws UserFault if one is a folder and {@code recursive} is false
   */
  void requireFiles(List<GlobMatch<FileEntry>> matches, String ref, boolean recursive) {
    for (GlobMatch<FileEntry> match : matches) {
      if (!recursive && !isFile(match)) {
        throw new UserFault(
            "\"%s\" matches \"%s\" in %s, which is a folder."
                .formatted(glob.text(), match.path(), ref),
            "Add -r to take folders with all that is in them.");
      }
    }
  }

  /** Whether a match is a file itself. */
  static boolean isFile(GlobMatch<FileEntry> match) {
    return match.files().size() == 1 && match.files().get(0).path().text().equals(match.path());
  }

  /** A match as a listing has it. */
  static FolderChild child(GlobMatch<FileEntry> match) {
    return isFile(match)
        ? new FolderChild.File(match.files().get(0))
        : new FolderChild.Folder(
            match.path(),
            match.files().size(),
            match.files().stream().mapToLong(FileEntry::size).sum());
  }

  /**
   * Where the files of matches go, in a folder that takes them all: each match under its own name,
   * by paths such as {@code /a.csv}.
   *
   * @throws UserFault if two files would be at one place
   */
  static Map<String, FileEntry> places(List<GlobMatch<FileEntry>> matches, String ref) {
    Map<String, FileEntry> places = new LinkedHashMap<>();
    for (GlobMatch<FileEntry> match : matches) {
      int name = match.path().lastIndexOf('/');
      for (FileEntry file : match.files()) {
        String place = file.path().text().substring(name);
        FileEntry other = places.put(place, file);
        if (other != null) {
          throw bothTo(place, other, file, ref);
        }
      }
    }
    requireNoFileAbove(places, ref);
    return places;
  }

  private static void requireNoFileAbove(Map<String, FileEntry> places, String ref) {
    places.forEach(
        (place, file) -> {
          for (int slash = place.lastIndexOf('/');
              slash > 0;
              slash = place.lastIndexOf('/', slash - 1)) {
            FileEntry above = places.get(place.substring(0, slash));
            if (above != null) {
              throw bothTo(place.substring(0, slash), above, file, ref);
            }
          }
        });
  }

  private static UserFault bothTo(String place, FileEntry one, FileEntry other, String ref) {
    return new UserFault(
        "%s and %s in %s would both go to %s."
            .formatted(one.path().text(), other.path().text(), ref, place),
        "Take them one after the other, into different folders.");
  }
}
