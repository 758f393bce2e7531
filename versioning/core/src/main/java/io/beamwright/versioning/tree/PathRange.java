// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

/**
 * The paths from {@code start} to before {@code end}.
 *
 * @param start the first path that may be in it
 * @param end the first that is not
 */
record PathRange(PathBytes start, PathBytes end) {

  /** One path alone. */
  static PathRange ofFile(String path) {
    // No path holds the character 0, so nothing lies between.
    return new PathRange(PathBytes.of(path), PathBytes.of(path + '\0'));
  }

  /** All that lies below {@code folder}. */
  static PathRange ofFolder(String folder) {
    String prefix = Folders.prefix(folder);
    return new PathRange(PathBytes.of(prefix), PathBytes.of(Folders.end(prefix)));
  }

  boolean holds(PathBytes path) {
    return path.compareTo(start) >= 0 && path.compareTo(end) < 0;
  }
}
