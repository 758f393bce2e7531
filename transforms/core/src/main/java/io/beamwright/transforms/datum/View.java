// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.versioning.tree.FilePath;
import java.util.Arrays;
import java.util.Optional;

/**
 * In which format a program is shown the Parquet files of an input: those of one folder as one
 * table.
 */
public enum View {
  /** As they are. */
  NONE("none", ""),
  /** As {@code .csv} files. */
  CSV("csv", ".csv"),
  /** As {@code .json} files, one object a line. */
  JSON("json", ".json");

  /** Raised by a change of what is shown: 1 showed each Parquet file as a file of its own. */
  private static final int VERSION = 2;

  private static final String TABLE = ".parquet";
  private static final String ROOT = "/";

  private final String word;
  private final String extension;

  View(String word, String extension) {
    this.word = word;
    this.extension = extension;
  }

  /** The word for it in a spec's {@code as} and in a plan. */
  public String word() {
    return word;
  }

  /** The view that a spec calls {@code word}. */
  public static Optional<View> ofWord(String word) {
    return Arrays.stream(values()).filter(view -> view.word.equals(word)).findFirst();
  }

  /**
   * The word for it in keys: it changes when programs are shown other bytes or paths for the same
   * tables, so that only datums with such a view are done again.
   */
  public String keyWord() {
    return this == NONE ? word : word + "/" + VERSION;
  }

  /** Whether the file at {@code path} is shown in another format: by its extension. */
  boolean converts(FilePath path) {
    String text = path.text();
    int start = text.length() - TABLE.length();
    return this != NONE && text.regionMatches(true, start, TABLE, 0, TABLE.length());
  }

  /**
   * Under which path the file at {@code path} of the input {@code input} is shown: tables as one
   * file for each folder, beside that folder and of its name, and in the root of the input's name.
   */
  FilePath shown(String input, FilePath path) {
    if (!converts(path)) {
      return path;
    }
    String folder = folderOf(path);
    return new FilePath((folder.equals(ROOT) ? ROOT + input : folder) + extension);
  }

  /** The folder that {@code path} lies in. */
  static String folderOf(FilePath path) {
    int slash = path.text().lastIndexOf('/');
    return slash == 0 ? ROOT : path.text().substring(0, slash);
  }
}
