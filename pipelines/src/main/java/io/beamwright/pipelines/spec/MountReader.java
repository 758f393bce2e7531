// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code transform.mounts}: paths, or objects with a path. */
final class MountReader {

  // What a sandbox makes itself, and what would show more than a program needs.
  private static final List<String> OURS =
      List.of("/proc", "/sys", "/dev", "/pfs", "/code", "/tmp", "/etc");
  private static final Set<String> WHOLE = Set.of("/", "/home", "/root", "/var", "/run");

  private MountReader() {}

  static List<MountSpec> read(Value value) {
    List<MountSpec> mounts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Value each : value.elements("a list of folders", "Write [\"/opt/venv\"].")) {
      mount(each)
          .ifPresent(
              mount -> {
                if (!seen.add(mount.path())) {
                  each.problem("names a folder twice.", "Take one of them out.");
                }
                mounts.add(mount);
              });
    }
    return mounts;
  }

  private static Optional<MountSpec> mount(Value value) {
    if (value.node().isTextual()) {
      return path(value).map(path -> new MountSpec(path, false));
    }
    return Fields.of(value, SpecFields.MOUNT)
        .flatMap(
            fields ->
                fields
                    .get("path")
                    .flatMap(MountReader::path)
                    .map(
                        path ->
                            new MountSpec(
                                path, fields.get("digest").flatMap(Value::bool).orElse(false))));
  }

  private static Optional<String> path(Value value) {
    Optional<String> path = value.text();
    path.flatMap(MountReader::problem)
        .ifPresent(problem -> value.problem(problem, "Name one folder that a program needs."));
    return path.filter(text -> problem(text).isEmpty());
  }

  private static Optional<String> problem(String path) {
    if (!path.startsWith("/")) {
      return Optional.of("is not an absolute path.");
    }
    if (WHOLE.contains(path)) {
      return Optional.of("shows more than a program needs.");
    }
    for (String element : path.substring(1).split("/", -1)) {
      if (element.isEmpty() || element.equals(".") || element.equals("..")) {
        return Optional.of("holds an empty element, \".\" or \"..\".");
      }
    }
    return OURS.stream()
        .filter(own -> path.equals(own) || path.startsWith(own + "/"))
        .findFirst()
        .map(own -> "is in " + own + ", which a sandbox has of its own.");
  }
}
