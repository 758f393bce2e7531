// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.transforms.reading.TableFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of one input of a query. */
public final class InputFiles {

  private final List<Path> files;
  private final Optional<TableFormat> format;
  private final @Nullable Path shared;

  /**
   * Files that are read as {@code format} says.
   *
   * @param files in the order in which their rows come
   * @param format how they are read, if the input declares it
   */
  public InputFiles(List<Path> files, Optional<TableFormat> format) {
    this.files = files.stream().map(Path::toAbsolutePath).toList();
    this.format = format;
    this.shared = sharedFolder(this.files);
  }

  /** Files that are read by the rules alone. */
  public static InputFiles of(List<Path> files) {
    return new InputFiles(files, Optional.empty());
  }

  private static @Nullable Path sharedFolder(List<Path> files) {
    Path folder = files.isEmpty() ? null : files.get(0).getParent();
    for (Path file : files) {
      while (folder != null && !file.startsWith(folder)) {
        folder = folder.getParent();
      }
    }
    return folder;
  }

  /** Absolute, in the order in which their rows come. */
  List<Path> files() {
    return files;
  }

  Optional<TableFormat> format() {
    return format;
  }

  /** How messages name one of the files: its path below the folder that all of them share. */
  Path shown(Path file) {
    return shared == null ? file : shared.relativize(file);
  }
}
