// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.server;

import java.nio.file.Path;
import java.util.List;

/**
 * A folder that is a file system of its own with little room, to the processes that are started
 * {@linkplain ServerJvm#on on} it and those that these start: a tmpfs by bubblewrap, which takes no
 * right of root. To all others it is the folder that it was.
 *
 * @param folder an existing folder
 * @param bytes how much it holds
 */
public record SmallDisk(Path folder, long bytes) {

  /** What a command has to begin with. */
  List<String> words() {
    return List.of(
        "bwrap",
        "--dev-bind",
        "/",
        "/",
        "--size",
        Long.toString(bytes),
        "--tmpfs",
        folder.toString(),
        "--die-with-parent",
        "--");
  }
}
