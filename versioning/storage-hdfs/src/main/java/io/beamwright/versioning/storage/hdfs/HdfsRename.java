// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Pauses;
import io.beamwright.versioning.storage.StorageKey;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DFSClient;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/**
 * The step that decides: the rename of a temporary file to its key, which fails if the key is taken
 * ({@link Options.Rename#NONE}). The NameNode does it in one entry of its journal, and answers when
 * that is on its disks.
 *
 * <p>Whether a rename happened whose answer was lost, or contradicts an answer that was lost, is
 * read back: the key is ours if it has the id of our file, however large that is. And once the
 * temporary file is gone, no rename that is still on its way can win: failure is reported only when
 * it was deleted.
 */
final class HdfsRename {

  // As long as a NameNode takes to come back, or another one to take over.
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

  private final DFSClient client;
  private final HdfsFolders folders;
  private final HdfsFaults faults;
  private final HdfsTemporary temporary;
  private final StorageKey key;
  private final long deadline = System.nanoTime() + PATIENCE.toNanos();
  private final Pauses pauses = new Pauses(FIRST_PAUSE, LONGEST_PAUSE);

  HdfsRename(
      DFSClient client,
      HdfsFolders folders,
      HdfsFaults faults,
      HdfsTemporary temporary,
      StorageKey key) {
    this.client = client;
    this.folders = folders;
    this.faults = faults;
    this.temporary = temporary;
    this.key = key;
  }

  private enum Standing {
    OURS,
    THEIRS,
    A_FOLDER,
    NOT_RENAMED,
    GONE,
    UNKNOWN
  }

  /**
   * Whether the key is ours now; nothing if neither the temporary file nor the key is there.
   *
   * @throws IOException if nothing was changed that a reader can see
   * @throws Fault if that is not known
   */
  Optional<Creation> rename() throws IOException {
    while (true) {
      try {
        client.rename(path(temporary.name()), path(key.text()), Options.Rename.NONE);
        return Optional.of(Creation.CREATED);
      } catch (IOException e) {
        Standing standing = Uninterrupted.ask(this::standingIfKnown);
        boolean isOpen = standing == Standing.NOT_RENAMED || standing == Standing.UNKNOWN;
        if (!isOpen) {
          return settled(standing);
        }
        Optional<IOException> end = reasonToEnd(e);
        if (end.isPresent()) {
          return Uninterrupted.ask(() -> withdraw(end.get()));
        }
      }
    }
  }

  private Standing standingIfKnown() {
    try {
      return standing();
    } catch (IOException e) {
      return Standing.UNKNOWN;
    }
  }

  private Standing standing() throws IOException {
    // In this order: a rename between the two questions is seen by the second.
    boolean isTemporary = folders.find(temporary.name()).isPresent();
    Optional<HdfsFileStatus> target = folders.find(key.text());
    if (target.isEmpty()) {
      return isTemporary ? Standing.NOT_RENAMED : Standing.GONE;
    }
    if (target.get().isDirectory()) {
      return Standing.A_FOLDER;
    }
    return target.get().getFileId() == temporary.fileId() ? Standing.OURS : Standing.THEIRS;
  }

  private Optional<Creation> settled(Standing standing) throws IOException {
    return switch (standing) {
      case OURS -> Optional.of(Creation.CREATED);
      case GONE -> Optional.empty();
      case A_FOLDER -> {
        deleteTemporary();
        throw new PathIsDirectoryException(path(key.text()));
      }
      default -> {
        deleteTemporary();
        yield Optional.of(Creation.EXISTS);
      }
    };
  }

  /** Makes what was missing or waits a moment, if the next try may end otherwise. */
  private Optional<IOException> reasonToEnd(IOException failure) {
    if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
      return Optional.of(failure);
    }
    if (failure instanceof FileNotFoundException) {
      return makeFolder();
    }
    // Whoever took the key may have been collected since.
    boolean mayEndOtherwise =
        failure instanceof FileAlreadyExistsException || HdfsTrouble.of(failure).mayPass();
    return mayEndOtherwise && pause(failure) ? Optional.empty() : Optional.of(failure);
  }

  // The temporary file is there, so it is the key's folder that is not.
  private Optional<IOException> makeFolder() {
    String path = path(key.text());
    String folder = path.substring(0, path.lastIndexOf('/'));
    try {
      client.mkdirs(folder, FsPermission.getDirDefault(), true);
      return Optional.empty();
    } catch (IOException e) {
      return HdfsTrouble.of(e).mayPass() && pause(e) ? Optional.empty() : Optional.of(e);
    }
  }

  private boolean pause(IOException failure) {
    try {
      return pauses.pauseWithin(PATIENCE, () -> faults.whatIsWrong(failure));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Makes sure that no rename can win any more, and says what is so then. */
  private Optional<Creation> withdraw(IOException failure) throws IOException {
    Standing standing;
    try {
      client.delete(path(temporary.name()), false);
      standing = standing();
    } catch (IOException e) {
      throw faults.perhapsCreated(key, failure);
    }
    if (standing == Standing.GONE) {
      throw failure;
    }
    return settled(standing);
  }

  private void deleteTemporary() {
    try {
      client.delete(path(temporary.name()), false);
    } catch (IOException e) {
      // What the caller asked for is decided; a file that stays behind is swept like a dead one's.
      return;
    }
  }

  private String path(String names) {
    return folders.path(names);
  }
}
