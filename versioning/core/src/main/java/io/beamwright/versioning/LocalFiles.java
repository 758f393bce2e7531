// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Intake;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.PendingFile;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A file or folder of this machine, to be put into a store. */
public final class LocalFiles {

  private static final int SHOWN_OF_A_PATH = 200;

  private final Path root;
  private final Set<String> leftOut;

  /**
   * The file or every file of the folder {@code root}, symbolic links followed.
   *
   * @param leftOut names of files and folders that are left out, wherever they stand
   * @throws UserFault if there is no such file or folder
   */
  public LocalFiles(Path root, Set<String> leftOut) {
    this.root = root;
    this.leftOut = Set.copyOf(leftOut);
    if (!Files.exists(root)) {
      throw new UserFault(
          "There is no file or folder " + root + ".", "Check the path and the working folder.");
    }
  }

  /** Whether this is a folder. */
  public boolean isFolder() {
    return Files.isDirectory(root);
  }

  /**
   * Stores the content of every file.
   *
   * @param packer takes the contents; flushed when this returns
   * @param counted is told after each file how many there were so far
   * @return the files, by path: a folder's files below {@code /}, a single file by its name
   * @throws UserFault if a name cannot be a path in a commit, or something is neither file nor
   *     folder
   */
  public List<FileEntry> store(Packer packer, LongConsumer counted) {
    return store(packer, (files, bytes) -> counted.accept(files));
  }

  /** The same, with {@code progress} told of every block that is read. */
  public List<FileEntry> store(Packer packer, TransferProgress progress) {
    return store(packer, Inspection.RAW, progress);
  }

  /** The same, each file looked at; throws as {@link Intake#add} too. */
  public List<FileEntry> store(Packer packer, Inspection inspection, TransferProgress progress) {
    Supplier<List<FileEntry>> entries = add(new Intake(packer, inspection), progress);
    packer.flush();
    return entries.get();
  }

  /**
   * Gives every file to {@code intake}; throws as {@link #store} does, and as {@link Intake#add}.
   *
   * @return the files, as {@link #store} gives them, once the intake's packer is flushed
   */
  public Supplier<List<FileEntry>> add(Intake intake, TransferProgress progress) {
    List<Taken> taken = new ArrayList<>();
    Counted counted = new Counted(progress);
    forEach(
        found -> {
          Content content = counted.reading(found.file(), found.stat().size());
          PendingFile file = intake.add(found.file().toString(), content, Optional.empty());
          taken.add(new Taken(found.path(), found.stat().isExecutable(), file));
          counted.done(found.stat().size());
        });
    return () -> taken.stream().map(Taken::entry).toList();
  }

  private record Taken(FilePath path, boolean executable, PendingFile file) {
    FileEntry entry() {
      return FileEntry.of(path, executable, file.stored());
    }
  }

  /** Is given each file in the order of a tree. */
  @FunctionalInterface
  private interface Taker {
    void take(LocalWalk.Found found) throws IOException;
  }

  private void forEach(Taker taker) {
    try {
      if (!isFolder()) {
        taker.take(single());
        return;
      }
      try (LocalWalk walk = new LocalWalk(root, leftOut)) {
        for (var found = walk.next(); found.isPresent(); found = walk.next()) {
          taker.take(found.get());
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private LocalWalk.Found single() throws IOException {
    Path named = root.toAbsolutePath().normalize();
    FilePath path = FilePath.of(LocalWalk.requireDecoded(named));
    return new LocalWalk.Found(path, root, LocalWalk.stat(root));
  }

  /** What a put does to files that the tree has and this folder has not. */
  public enum Others {
    /** They stay. */
    STAY,
    /** They go: the tree becomes equal to the folder. */
    GO
  }

  /**
   * Gives every file to {@code intake} whose content is not the one that {@code base} has in its
   * place. Files are gone through in the order of the tree; memory grows by some bytes for each,
   * and by some hundred for each that is new.
   *
   * @param base what the files are to be put into
   * @param prefix the folder of {@code base} that they are put below
   * @param cache where it is remembered what the files were, so that those that did not change need
   *     not be read; none to read them all
   * @param store where {@code base} lies
   * @throws UserFault if a name cannot be a path in a commit, or something is neither file nor
   *     folder
   * @throws EnvironmentFault if a file cannot be read, or changes while it is read
   */
  public LocalPut put(
      Intake intake,
      Tree base,
      String prefix,
      Others others,
      Optional<LocalCache> cache,
      String store,
      TransferProgress progress) {
    Instant began = Instant.now();
    Optional<StatCache> stats =
        cache.filter(c -> isFolder()).map(c -> new StatCache(c, store, root, prefix, leftOut));
    LocalPut put = new LocalPut(base, prefix, others, stats, began);
    Counted counted = new Counted(progress);
    try {
      forEach(found -> put.take(found, intake, counted));
      put.walked();
      return put;
    } catch (RuntimeException | Error e) {
      put.close();
      throw e;
    }
  }

  private RuntimeException unreadable(IOException e) {
    if (e instanceof FileSystemLoopException) {
      return new UserFault(
          "A symbolic link in " + root + " leads to a folder above it: " + e.getMessage() + ".",
          "Remove the link.",
          e);
    }
    if (e instanceof FileSystemException about && reason(e).endsWith("File name too long")) {
      String file = String.valueOf(about.getFile());
      return new UserFault(
          root
              + " cannot be read: "
              + file.substring(0, Math.min(file.length(), SHOWN_OF_A_PATH))
              + "… is too long for this machine to name.",
          "Put a folder below it by itself, or shorten the names.",
          e);
    }
    return new EnvironmentFault(
        root + " cannot be read: " + reason(e) + ".", "Check it and its permissions.", e);
  }

  private String reason(IOException e) {
    if (!(e instanceof FileSystemException about)) {
      return String.valueOf(e.getMessage());
    }
    String reason = about.getReason() == null ? "" : about.getReason();
    if (e instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (e instanceof NoSuchFileException) {
      reason = "it has vanished";
    }
    String file = String.valueOf(about.getFile());
    return file.equals(root.toString()) ? reason : file + ": " + reason;
  }

  /** How far the files have come. */
  static final class Counted {

    private final TransferProgress progress;
    private long files;
    private long bytes;

    Counted(TransferProgress progress) {
      this.progress = progress;
    }

    /** The next file, of {@code size} bytes, whose reader is counted. */
    Content reading(Path file, long size) {
      return new Content() {
        @Override
        public long size() {
          return size;
        }

        @Override
        public InputStream open() throws IOException {
          InputStream in = Files.newInputStream(file);
          // Of a million small files, only that they are done is news.
          return size < Packer.PACKED_BELOW ? in : new Counting(in);
        }
      };
    }

    /** A file of {@code size} bytes is done. */
    void done(long size) {
      files++;
      bytes += size;
      progress.at(files, bytes);
    }

    private final class Counting extends FilterInputStream {

      private long read;

      Counting(InputStream in) {
        super(in);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int some = super.read(target, offset, length);
        read += Math.max(0, some);
        progress.at(files, bytes + read);
        return some;
      }
    }
  }
}
