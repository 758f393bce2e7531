// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Intake;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A file or folder of this machine, to be put into a store. */
public final class LocalFiles {

  // What Java makes of bytes of a name that it cannot decode.
  private static final char UNDECODABLE = '\uFFFD';

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
    try {
      List<Taken> taken = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<FilePath, Path> file : files().entrySet()) {
        Path local = file.getValue();
        Counting content = new Counting(Content.of(local), taken.size(), bytes, progress);
        Supplier<StoredFile> stored = intake.add(local.toString(), content);
        taken.add(new Taken(file.getKey(), Files.isExecutable(local), stored));
        bytes += content.size();
        progress.at(taken.size(), bytes);
      }
      return () -> taken.stream().map(Taken::entry).toList();
    } catch (UncheckedIOException e) {
      throw unreadable(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private record Taken(FilePath path, boolean executable, Supplier<StoredFile> file) {
    FileEntry entry() {
      return FileEntry.of(path, executable, file.get());
    }
  }

  private SortedMap<FilePath, Path> files() throws IOException {
    SortedMap<FilePath, Path> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) walk::iterator) {
        if (!Files.isDirectory(file) && !isLeftOut(file)) {
          requireRegular(file);
          files.put(pathOf(file), file);
        }
      }
    }
    return files;
  }

  private boolean isLeftOut(Path file) {
    for (Path element : root.relativize(file)) {
      if (leftOut.contains(element.toString())) {
        return true;
      }
    }
    return false;
  }

  private FilePath pathOf(Path file) {
    Path name =
        file.equals(root)
            ? Objects.requireNonNull(file.toAbsolutePath().normalize().getFileName())
            : root.relativize(file);
    if (name.toString().indexOf(UNDECODABLE) >= 0) {
      throw new EnvironmentFault(
          "The name of " + file + " is not in the encoding of this machine's locale.",
          "Rename the file, or use the locale that it was named in, such as LC_ALL=C.UTF-8.");
    }
    return FilePath.of(name.toString());
  }

  private static void requireRegular(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserFault(
          file + " is neither a file nor a folder.",
          "Leave out devices, pipes and links that lead nowhere.");
    }
  }

  private RuntimeException unreadable(IOException e) {
    if (e instanceof FileSystemLoopException) {
      return new UserFault(
          "A symbolic link in " + root + " leads to a folder above it: " + e.getMessage() + ".",
          "Remove the link.",
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

  /** A content whose reader is told of: bytes of the files before it included. */
  private record Counting(Content content, long files, long bytesBefore, TransferProgress progress)
      implements Content {

    @Override
    public long size() {
      return content.size();
    }

    @Override
    public InputStream open() throws IOException {
      return new FilterInputStream(content.open()) {
        private long bytes = bytesBefore;

        @Override
        public int read() throws IOException {
          int one = super.read();
          count(one < 0 ? 0 : 1);
          return one;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          int read = super.read(target, offset, length);
          count(Math.max(0, read));
          return read;
        }

        private void count(int read) {
          bytes += read;
          progress.at(files, bytes);
        }
      };
    }
  }
}
