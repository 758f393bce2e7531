// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a failure of the file system means to the person whose store lies there. */
final class LocalFaults {

  static final String SYMBOLIC_LINK = "is a symbolic link, which a store never follows";
  static final String NOT_A_FOLDER = "is not a folder, and the store needs one there";

  static final String ANOTHER_FOLDER = "is not the folder any more that was read";

  static final String NOT_A_FILE = "is a folder, and the store needs a file there";

  private static final String VANISHED = "has vanished";

  private final Path root;
  private final String location;

  LocalFaults(Path root, String location) {
    this.root = root;
    this.location = location;
  }

  /** {@code doing}, such as "create", was not done to {@code key}. What came before it was. */
  EnvironmentFault notDone(String doing, String key, IOException cause) {
    return new EnvironmentFault(
        "Cannot " + doing + " " + location + "/" + key + ": " + reason(cause, key) + ".",
        remedy(cause),
        cause);
  }

  /** {@code key} can be seen, but was not flushed. */
  EnvironmentFault perhapsNotDurable(StorageKey key, IOException cause) {
    return new EnvironmentFault(
        location
            + "/"
            + key
            + " was written, but its folder could not be flushed: "
            + reason(cause)
            + ". It is there now and may be gone after a power failure.",
        remedy(cause) + " Repeating the command is safe.",
        cause);
  }

  /** {@code key} is gone, but that was not flushed. */
  EnvironmentFault perhapsStillThere(StorageKey key, IOException cause) {
    return new EnvironmentFault(
        location
            + "/"
            + key
            + " could not be deleted for good: "
            + reason(cause)
            + ". It may be there, now or after a power failure.",
        remedy(cause) + " Repeating the command is safe.",
        cause);
  }

  /** {@code key}'s content gave {@code given} bytes where it had promised {@code promised}. */
  EnvironmentFault otherSize(StorageKey key, long promised, String given) {
    return new EnvironmentFault(
        "Cannot create "
            + location
            + "/"
            + key
            + ": its content was to be "
            + promised
            + " bytes and has "
            + given
            + ".",
        "Something changed the content while it was read: repeat the command when it is at rest.");
  }

  /** The file system under the store cannot link. */
  EnvironmentFault noHardLinks(IOException cause) {
    return new EnvironmentFault(
        "The folder "
            + root
            + " is on a file system ("
            + fileSystemType()
            + ") without hard links between its folders: "
            + reason(cause)
            + ". A store creates each of its files by a hard link, so that of two writers one wins.",
        "Put the store on a local file system such as ext4, xfs, btrfs or apfs. Nothing was"
            + " changed.",
        cause);
  }

  /** What {@code failure} says, with the path that it is about if that is not the {@code key}'s. */
  private String reason(IOException failure, String key) {
    if (!(failure instanceof FileSystemException about)
        || about.getFile() == null
        || !root.resolve(key).equals(Path.of(about.getFile()))) {
      return reason(failure);
    }
    String what = what(about);
    return isPredicate(what) ? "it " + what : what;
  }

  /** What {@code failure} says, with the path it is about where that is known. */
  private static String reason(IOException failure) {
    if (failure instanceof ClosedByInterruptException) {
      return "it was interrupted";
    }
    if (!(failure instanceof FileSystemException about)) {
      return said(failure.getMessage(), failure);
    }
    String path = about.getFile() == null ? "" : about.getFile() + " ";
    String what = what(about);
    return path + (isPredicate(what) ? what : "(" + what + ")");
  }

  /** Whether {@code what} follows the name of a file as a sentence does. */
  private static boolean isPredicate(String what) {
    return what.startsWith("is ") || what.equals(VANISHED);
  }

  private static String what(FileSystemException failure) {
    if (failure.getReason() != null) {
      return failure.getReason();
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return VANISHED;
    }
    if (failure instanceof NotDirectoryException || failure instanceof FileAlreadyExistsException) {
      return NOT_A_FOLDER;
    }
    return failure.getClass().getSimpleName();
  }

  private static String said(@Nullable String message, IOException failure) {
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  // The system's words are English unless its locale is set; where they are not recognised, the
  // last remedy is right, if less to the point.
  private String remedy(IOException failure) {
    String reason = reason(failure);
    if (reason.contains("No space left") || reason.contains("quota")) {
      return "Free some space on the disk that holds " + root + " and repeat the command.";
    }
    if (reason.contains("Read-only file system")) {
      return "Mount the file system of " + root + " for writing, or use another store.";
    }
    if (failure instanceof AccessDeniedException || reason.contains("not permitted")) {
      return "Give yourself the right to read and write in " + root + ", or use another store.";
    }
    if (reason.contains("Too many open files")) {
      return "Raise the limit on open files (ulimit -n) and repeat the command.";
    }
    if (reason.contains("File too large")) {
      return "Raise the limit on the size of a file (ulimit -f) and repeat the command.";
    }
    if (reason.contains(SYMBOLIC_LINK)) {
      return "Put the folder or file itself in its place.";
    }
    if (reason.contains(NOT_A_FOLDER)
        || reason.contains(NOT_A_FILE)
        || reason.contains("Not a directory")) {
      return "Move it away, or use another store.";
    }
    if (reason.contains(ANOTHER_FOLDER)) {
      return "Something was mounted or unmounted there, or replaced it: see to that, and repeat the"
          + " command.";
    }
    if (failure instanceof NoSuchFileException) {
      return "Something removed it while the store was in use: restore the store from a copy, or"
          + " repeat the command.";
    }
    return "Look after the disk that holds " + root + " and repeat the command.";
  }

  private String fileSystemType() {
    try {
      return Files.getFileStore(root).type();
    } catch (IOException e) {
      return "of unknown type";
    }
  }
}
