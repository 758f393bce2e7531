// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import io.beamwright.transforms.reading.TableFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one input of a query.
 *
 * @param files in the order in which their rows come
 * @param format how they are read, if the input declares it
 */
public record InputFiles(List<Path> files, Optional<TableFormat> format) {

  public InputFiles {
    files = files.stream().map(Path::toAbsolutePath).toList();
  }

  /** Files that are read by the rules alone. */
  public static InputFiles of(List<Path> files) {
    return new InputFiles(files, Optional.empty());
  }

  /** How messages name one of the files: its path below the folder that all of them share. */
  Path shown(Path file) {
    Path folder = files.get(0).getParent();
    while (folder != null && !allBelow(folder)) {
      folder = folder.getParent();
    }
    return folder == null ? file : folder.relativize(file);
  }

  private boolean allBelow(Path folder) {
    return files.stream().allMatch(file -> file.startsWith(folder));
  }
}
