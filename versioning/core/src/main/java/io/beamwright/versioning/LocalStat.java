// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What the file system says of a file without its content being read; symbolic links followed.
 *
 * @param mode kind and permissions, as {@code stat} gives them
 * @param device with {@code inode}, which file it is
 * @param modifiedNanos when its content changed, since 1970
 * @param changedNanos when anything of it changed: unlike the first, nobody can set it
 */
record LocalStat(
    int mode, long size, long device, long inode, long modifiedNanos, long changedNanos) {

  private static final String ATTRIBUTES = "unix:mode,size,dev,ino,lastModifiedTime,ctime";
  private static final int KIND = 0170000;
  private static final int FOLDER = 0040000;
  private static final int REGULAR = 0100000;
  private static final int OWNER_MAY_RUN = 0100;

  static LocalStat of(Path file) throws IOException {
    Map<String, Object> found = Files.readAttributes(file, ATTRIBUTES);
    return new LocalStat(
        (Integer) value(found, "mode"),
        (Long) value(found, "size"),
        (Long) value(found, "dev"),
        (Long) value(found, "ino"),
        ((FileTime) value(found, "lastModifiedTime")).to(TimeUnit.NANOSECONDS),
        ((FileTime) value(found, "ctime")).to(TimeUnit.NANOSECONDS));
  }

  private static Object value(Map<String, Object> found, String attribute) {
    return Objects.requireNonNull(found.get(attribute), attribute);
  }

  /** When anything of it changed. */
  Instant changed() {
    return Instant.EPOCH.plusNanos(changedNanos);
  }

  boolean isFolder() {
    return (mode & KIND) == FOLDER;
  }

  boolean isRegular() {
    return (mode & KIND) == REGULAR;
  }

  boolean isExecutable() {
    return (mode & OWNER_MAY_RUN) != 0;
  }

  /** Whether both are of one file of the file system. */
  boolean isSameFileAs(LocalStat other) {
    return device == other.device && inode == other.inode;
  }
}
