// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import io.beamwright.transforms.program.Scratch;
import io.beamwright.transforms.program.Workspace;
import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for the files of one datum, gone when it is closed. */
final class DatumFolder implements AutoCloseable {

  private final Path path;

  /** A new folder in {@code scratch}. */
  DatumFolder(Scratch scratch) throws IOException {
    this.path = Files.createTempDirectory(scratch.folder(), "datum-");
  }

  /** Its real path. */
  Path path() {
    return path;
  }

  @Override
  public void close() {
    delete(path);
  }

  static void delete(Path folder) {
    try {
      Workspace.deleteTree(folder);
    } catch (IOException e) {
      throw undeletable(folder, e);
    }
  }

  /** What to say when temporary files in {@code folder} cannot be deleted. */
  static EnvironmentFault undeletable(Path folder, IOException e) {
    return new EnvironmentFault(
        "The temporary folder " + folder + " cannot be deleted: " + e + ".", "Delete it.", e);
  }

  /** What to say when temporary files cannot be written under {@code scratch}. */
  static EnvironmentFault unusable(Path scratch, IOException e) {
    return new EnvironmentFault(
        "Temporary files under " + scratch + " cannot be written: " + e + ".",
        "Make room there, or name another folder.",
        e);
  }
}
