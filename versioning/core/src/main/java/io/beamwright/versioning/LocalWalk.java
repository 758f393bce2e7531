// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder of this machine in the order of a tree, symbolic links followed. Folders
 * are listed ahead in the background, a few at once; besides those, only the folders on the way to
 * the file at hand are in memory.
 */
final class LocalWalk implements AutoCloseable {

  // What Java makes of bytes of a name that it cannot decode.
  private static final char UNDECODABLE = '\uFFFD';

  private static final int LISTED_AHEAD = 4;
  private static final int THREADS = 2;

  private final Set<String> leftOut;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final ExecutorService listers;

  /** A file that was found: its path below the folder, and what the file system says of it. */
  record Found(FilePath path, Path file, LocalStat stat) {}

  /** Something in a folder; {@code sortKey} is its name, and a {@code /} if it is a folder. */
  private static final class Child {
    final String sortKey;
    final Path file;
    final LocalStat stat;
    @Nullable Future<List<Child>> listed;

    Child(String sortKey, Path file, LocalStat stat) {
      this.sortKey = sortKey;
      this.file = file;
      this.stat = stat;
    }
  }

  private static final class Frame {
    final String prefix;
    final LocalStat stat;
    final Iterator<Child> children;
    final Iterator<Child> foldersToList;

    Frame(String prefix, LocalStat stat, List<Child> children) {
      this.prefix = prefix;
      this.stat = stat;
      this.children = children.iterator();
      this.foldersToList = children.stream().filter(child -> child.stat.isFolder()).iterator();
    }
  }

  /** Begins before the first file of the folder {@code root}. */
  LocalWalk(Path root, Set<String> leftOut) throws IOException {
    this.leftOut = leftOut;
    this.listers =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "beamwright-lister");
              thread.setDaemon(true);
              return thread;
            });
    push(new Frame("/", LocalStat.of(root), list(root)));
  }

  private void push(Frame frame) {
    frames.push(frame);
    for (int i = 0; i < LISTED_AHEAD; i++) {
      listOneMore(frame);
    }
  }

  private void listOneMore(Frame frame) {
    if (frame.foldersToList.hasNext()) {
      Child folder = frame.foldersToList.next();
      folder.listed = listers.submit(() -> list(folder.file));
    }
  }

  /** The next file, or nothing after the last. */
  Optional<Found> next() throws IOException {
    while (!frames.isEmpty()) {
      Frame frame = frames.peek();
      if (!frame.children.hasNext()) {
        frames.pop();
        continue;
      }
      Child child = frame.children.next();
      if (!child.stat.isFolder()) {
        FilePath path = new FilePath(frame.prefix + child.sortKey);
        return Optional.of(new Found(path, child.file, child.stat));
      }
      enter(frame, child);
    }
    return Optional.empty();
  }

  private void enter(Frame frame, Child folder) throws IOException {
    for (Frame above : frames) {
      if (above.stat.isSameFileAs(folder.stat)) {
        throw new FileSystemLoopException(folder.file.toString());
      }
    }
    List<Child> children = await(Objects.requireNonNull(folder.listed));
    folder.listed = null;
    listOneMore(frame);
    push(new Frame(frame.prefix + folder.sortKey, folder.stat, children));
  }

  private static List<Child> await(Future<List<Child>> listed) throws IOException {
    try {
      return listed.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new IllegalStateException(e);
    }
  }

  private List<Child> list(Path folder) throws IOException {
    List<Child> children = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path file : found) {
        String name = requireDecoded(file);
        if (!leftOut.contains(name)) {
          LocalStat stat = stat(file);
          children.add(new Child(stat.isFolder() ? name + "/" : name, file, stat));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    children.sort((one, other) -> FilePath.compareUtf8(one.sortKey, other.sortKey));
    return children;
  }

  /** What the file system says of {@code file}, a file or folder. */
  static LocalStat stat(Path file) throws IOException {
    LocalStat stat;
    try {
      stat = LocalStat.of(file);
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(file)) {
        throw neitherFileNorFolder(file);
      }
      throw e;
    }
    if (!stat.isRegular() && !stat.isFolder()) {
      throw neitherFileNorFolder(file);
    }
    return stat;
  }

  private static UserFault neitherFileNorFolder(Path file) {
    return new UserFault(
        file + " is neither a file nor a folder.",
        "Leave out devices, pipes and links that lead nowhere.");
  }

  /** The name of {@code file}, as text. */
  static String requireDecoded(Path file) {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    if (name.indexOf(UNDECODABLE) >= 0) {
      throw new EnvironmentFault(
          "The name of " + file + " is not in the encoding of this machine's locale.",
          "Rename the file, or use the locale that it was named in, such as LC_ALL=C.UTF-8.");
    }
    return name;
  }

  /** Gives up what is being listed. */
  @Override
  public void close() {
    listers.shutdownNow();
  }
}
