// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A path, or the beginning or the end of a range of paths, in the form and order of nodes. */
final class PathBytes implements Comparable<PathBytes> {

  private final byte[] utf8;

  private PathBytes(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** These bytes, which must not change any more. */
  static PathBytes of(byte[] utf8) {
    return new PathBytes(utf8);
  }

  static PathBytes of(String text) {
    return new PathBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, not a copy. */
  byte[] utf8() {
    return utf8;
  }

  int length() {
    return utf8.length;
  }

  /** What the paths below begin with, if this is a folder. */
  PathBytes below() {
    byte[] folder = Arrays.copyOf(utf8, utf8.length + 1);
    folder[utf8.length] = '/';
    return of(folder);
  }

  @Override
  public int compareTo(PathBytes other) {
    return Arrays.compareUnsigned(utf8, other.utf8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathBytes path && Arrays.equals(utf8, path.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
