// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a program sees of an input: files as they are, and the tables of each folder as one file of
 * text.
 *
 * @param files the files that are shown as they are, by their own paths
 * @param tables by the path of each file of text, the Parquet files of one folder whose rows it
 *     has, in the order of their paths
 */
record ShownInput(List<FileEntry> files, SortedMap<FilePath, List<FileEntry>> tables) {

  /**
   * What is shown of {@code input}.
   *
   * @throws UserFault if two files would lie at one path, or one where another needs a folder
   */
  static ShownInput of(DatumInput input) {
    List<FileEntry> files = new ArrayList<>();
    SortedMap<FilePath, List<FileEntry>> tables = new TreeMap<>();
    Map<String, String> owners = new HashMap<>();
    for (FileEntry file : input.files()) {
      FilePath shown = input.shown(file);
      boolean isText = input.as().converts(file.path());
      if (isText) {
        tables.computeIfAbsent(shown, path -> new ArrayList<>()).add(file);
      } else {
        files.add(file);
      }
      String owner = isText ? "the table in " + View.folderOf(file.path()) : "the file " + shown;
      String other = owners.putIfAbsent(shown.text(), owner);
      if (other != null && !other.equals(owner)) {
        throw clash(input, "has two files to show as " + shown, owner, other);
      }
    }
    requireFolders(input, owners);
    return new ShownInput(List.copyOf(files), tables);
  }

  private static void requireFolders(DatumInput input, Map<String, String> owners) {
    for (FileEntry file : input.files()) {
      FilePath shown = input.shown(file);
      for (String folder : shown.folders()) {
        String owner = owners.get(folder);
        if (owner != null) {
          throw clash(
              input,
              "cannot show " + folder + " as a file and as a folder",
              owner,
              String.valueOf(owners.get(shown.text())));
        }
      }
    }
  }

  private static UserFault clash(DatumInput input, String what, String one, String other) {
    return new UserFault(
        "Input \"%s\" %s: %s and %s.".formatted(input.name(), what, one, other),
        "\"as\" shows the tables of a folder as one file beside it. Leave one of the two out of the"
            + " glob, or out of the commit.");
  }
}
