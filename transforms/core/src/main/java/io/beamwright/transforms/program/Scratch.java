// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder for temporary files, in a folder that many processes share. It is made when it is first
 * asked for and gone when this is closed; if this process dies before, the next one that makes one
 * in the same place deletes it. A lock, which the kernel gives up with the process, says whether
 * anybody is there.
 */
public final class Scratch implements AutoCloseable {

  private static final String PREFIX = "beamwright-";
  private static final String LOCK = "lock";
  private static final String OURS = PREFIX + ProcessHandle.current().pid() + "-";

  // Between its making and its locking a folder has no lock, and nobody takes as long for that.
  private static final Duration UNLOCKED = Duration.ofHours(1);

  private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

  private final Path parent;
  private @Nullable Path folder;
  private @Nullable FileChannel lock;

  private Scratch(Path parent) {
    this.parent = parent;
  }

  /** One under the existing folder {@code parent}; nothing is made yet. */
  public static Scratch under(Path parent) {
    return new Scratch(parent);
  }

  /** The folder that it is under. */
  public Path parent() {
    return parent;
  }

  /** Its real path. All users may pass, to folders in it that are theirs. */
  public synchronized Path folder() throws IOException {
    Path made = folder;
    if (made == null && SWEPT.add(parent)) {
      sweep(parent);
    }
    while (made == null) {
      // Again where somebody took it for one that was left behind.
      made = make();
    }
    folder = made;
    return made;
  }

  private @Nullable Path make() throws IOException {
    Path made = Files.createTempDirectory(parent, OURS);
    Path file;
    FileChannel channel;
    try {
      made = made.toRealPath();
      file = made.resolve(LOCK);
      channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    if (channel.tryLock() == null || !Files.exists(file)) {
      channel.close();
      return null;
    }
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx--x--x"));
    lock = channel;
    return made;
  }

  /** Whether {@code file} lies in a folder that this class made under {@code parent}. */
  static boolean isIn(Path parent, Path file) {
    int own = parent.getNameCount();
    return file.startsWith(parent)
        && file.getNameCount() > own
        && file.getName(own).toString().startsWith(PREFIX);
  }

  /** Deletes what dead processes left under {@code parent}. */
  static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "[0-9]*-*")) {
      for (Path each : found) {
        // To open and close the lock of a folder of this process would give it up.
        if (!each.getFileName().toString().startsWith(OURS)) {
          deleteIfLeft(each);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static void deleteIfLeft(Path folder) {
    Path file = folder.resolve(LOCK);
    try {
      if (!Files.exists(file)) {
        if (deletedEmpty(folder)) {
          return;
        }
        Instant made = Files.getLastModifiedTime(folder).toInstant();
        if (made.isBefore(Instant.now().minus(UNLOCKED))) {
          Workspace.deleteTree(folder);
        }
        return;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        if (channel.tryLock() != null) {
          delete(folder);
        }
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Another user's, or somebody was quicker: it is not ours to complain of.
    }
  }

  /** Whose process ended before it made the lock; one that is about to makes another folder. */
  private static boolean deletedEmpty(Path folder) throws IOException {
    try {
      Files.delete(folder);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  /** The lock goes last, or what is left by an interruption would be nobody's. */
  private static void delete(Path folder) throws IOException {
    Workspace.deleteContent(folder, List.of(folder.resolve(LOCK)));
    Workspace.deleteTree(folder);
  }

  /** Deletes the folder, if it was made. */
  @Override
  public synchronized void close() throws IOException {
    if (folder != null && lock != null) {
      try (FileChannel held = lock) {
        delete(folder);
      } finally {
        folder = null;
        lock = null;
      }
    }
  }
}
