// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A store that an earlier version wrote, as tests keep it: the files of its folder in a ZIP. */
public final class ZippedStore {

  private ZippedStore() {}

  /**
   * Unpacks a store.
   *
   * @param zipped is read to its end, not closed
   * @param root where the store is to lie, which is created if absent
   */
  public static void unpack(InputStream zipped, Path root) throws IOException {
    ZipInputStream zip = new ZipInputStream(zipped);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      Path file = root.resolve(entry.getName());
      Files.createDirectories(file.resolveSibling(""));
      Files.copy(zip, file);
    }
  }
}
