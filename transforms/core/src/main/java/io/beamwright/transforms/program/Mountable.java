// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which folders of a machine a sandbox may show besides its own. Each problem is the end of a
 * sentence that begins with the folder.
 */
public final class Mountable {

  // Of the kernel and of who uses the machine: no program needs them, under whatever name.
  private static final List<String> HIDDEN = List.of("/proc", "/sys", "/dev", "/etc");
  // What a sandbox makes itself.
  private static final List<String> OWN = List.of(Workspace.PFS, Workspace.CODE, Workspace.TMP);
  private static final Set<String> WHOLE = Set.of("/", "/home", "/root", "/var", "/run");

  private Mountable() {}

  /** What is wrong with a path as it is written, whatever this machine has there. */
  public static Optional<String> problemOf(String path) {
    if (!path.startsWith("/")) {
      return Optional.of("is not an absolute path.");
    }
    if (WHOLE.contains(path)) {
      return problemOfContent(Path.of(path));
    }
    for (String element : path.substring(1).split("/", -1)) {
      if (element.isEmpty() || element.equals(".") || element.equals("..")) {
        return Optional.of("holds an empty element, \".\" or \"..\".");
      }
    }
    if (path.chars().anyMatch(Character::isISOControl) || !NativeText.passes(path)) {
      return Optional.of("holds a character that no path can have here.");
    }
    return problemOfPlace(path).or(() -> problemOfContent(Path.of(path)));
  }

  private static Optional<String> problemOfPlace(String path) {
    return within(Path.of(path), OWN)
        .map(own -> "is in " + own + ", which a sandbox has of its own.");
  }

  /** What is wrong with showing the folder {@code real}, a path without links. */
  static Optional<String> problemOfContent(Path real) {
    return WHOLE.contains(real.toString())
        ? Optional.of("shows more than a program needs.")
        : within(real, HIDDEN).map(own -> "is in " + own + ", which a sandbox has of its own.");
  }

  private static Optional<String> within(Path path, List<String> folders) {
    return folders.stream().filter(path::startsWith).findFirst();
  }
}
