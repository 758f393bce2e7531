// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A test's temporary folder is closed to all others; the user of sandboxed programs must pass. */
public final class Passable {

  private Passable() {}

  /** Lets every user pass through {@code folder}. */
  public static Path make(Path folder) throws IOException {
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
  }
}
