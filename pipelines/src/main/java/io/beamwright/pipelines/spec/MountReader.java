// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import io.beamwright.transforms.program.Mountable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code transform.mounts}: paths, or objects with a path. */
final class MountReader {

  private MountReader() {}

  static List<MountSpec> read(Value value) {
    List<MountSpec> mounts = new ArrayList<>();
    for (Value each : value.elements("a list of folders", "Write [\"/opt/venv\"].")) {
      Optional<MountSpec> mount = mount(each);
      mount
          .flatMap(read -> mounts.stream().flatMap(other -> overlap(read, other)).findFirst())
          .ifPresent(problem -> each.problem(problem, "Take one of them out."));
      mount.ifPresent(mounts::add);
    }
    return mounts;
  }

  /** Of folders within each other the inner one may be a link, which leads nowhere there. */
  private static Stream<String> overlap(MountSpec mount, MountSpec other) {
    Path path = Path.of(mount.path());
    Path before = Path.of(other.path());
    if (path.equals(before)) {
      return Stream.of("names a folder twice.");
    }
    return path.startsWith(before)
        ? Stream.of("lies in " + before + ", which shows it already.")
        : before.startsWith(path)
            ? Stream.of("holds " + before + ", which is named too.")
            : Stream.empty();
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
    path.flatMap(Mountable::problemOf)
        .ifPresent(problem -> value.problem(problem, "Name one folder that a program needs."));
    return path.filter(text -> Mountable.problemOf(text).isEmpty());
  }
}
