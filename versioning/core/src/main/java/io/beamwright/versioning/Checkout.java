// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files of a store to this machine: each whole and verified or not at all, under its final
 * name only when it is complete, with its executable bit. For one thread.
 */
public final class Checkout {

  private static final int BUFFER = 128 * 1024;
  private static final int MOST_NAMED = 3;
  private static final String NOTHING_WRITTEN = " Nothing was written.";

  private final StoredFiles store;
  private final Existing existing;
  private final TransferProgress progress;
  private long files;
  private long bytes;

  /** What becomes of a file of this machine that stands where one is to be written. */
  public enum Existing {
    /** It stays, and nothing at all is written. */
    REFUSED,
    /** It is replaced. */
    REPLACED
  }

  /** Writes files that {@code store} holds. */
  public Checkout(StoredFiles store, Existing existing, TransferProgress progress) {
    this.store = store;
    this.existing = existing;
    this.progress = progress;
  }

  /** Number of files written so far. */
  public long fileCount() {
    return files;
  }

  /** Number of bytes written so far. */
  public long byteCount() {
    return bytes;
  }

  /**
   * Writes one file to {@code target}; a device or a pipe is written to as it is.
   *
   * @throws UserFault if something is there that may not be replaced
   * @throws EnvironmentFault if it cannot be read or written; then {@code target} is as before
   */
  public void file(FileEntry entry, Path target) {
    if (Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target)) {
      try (OutputStream out = Files.newOutputStream(target)) {
        transfer(entry, out);
      } catch (IOException e) {
        throw unwritable(target, e);
      }
      return;
    }
    refuse(blockers(target, List.of()), NOTHING_WRITTEN);
    write(entry, target);
  }

  /**
   * Writes the files below {@code folder} of {@code tree} to the same places below {@code target},
   * which is created if absent. Symbolic links below {@code target} are not followed, so that
   * nothing is written outside of it.
   *
   * @throws UserFault if something is there that may not be replaced; nothing is written then
   * @throws EnvironmentFault if one cannot be read or written; those before it stay
   */
  public void folder(Tree tree, String folder, Path target) {
    refuse(blockers(tree, folder, target), NOTHING_WRITTEN);
    createFolder(target);
    Iterator<FileEntry> entries = tree.filesUnder(folder).iterator();
    while (entries.hasNext()) {
      FileEntry entry = entries.next();
      Path file = place(entry, below(entry, folder), target);
      createFolder(file.resolveSibling(""));
      write(entry, file);
    }
  }

  /**
   * Writes files to places of their own below {@code target}, as {@link #folder} does.
   *
   * @param places each by its path below the target, such as {@code /a/b.csv}
   */
  public void files(Map<String, FileEntry> places, Path target) {
    Map<Path, FileEntry> files = new LinkedHashMap<>();
    places.forEach((below, entry) -> files.put(place(entry, below.substring(1), target), entry));
    List<Blocker> blockers = new ArrayList<>();
    files
        .keySet()
        .forEach(file -> blockers.addAll(blockers(file, between(target, file.resolveSibling("")))));
    refuse(blockers, NOTHING_WRITTEN);
    createFolder(target);
    files.forEach(
        (file, entry) -> {
          createFolder(file.resolveSibling(""));
          write(entry, file);
        });
  }

  private List<Blocker> blockers(Tree tree, String folder, Path target) {
    List<Blocker> blockers = new ArrayList<>();
    Path checked = target;
    Iterator<FileEntry> entries = tree.filesUnder(folder).iterator();
    while (entries.hasNext()) {
      FileEntry entry = entries.next();
      Path file = place(entry, below(entry, folder), target);
      Path parent = file.resolveSibling("");
      List<Path> above = parent.equals(checked) ? List.of() : between(target, parent);
      checked = parent;
      blockers.addAll(blockers(file, above));
    }
    return blockers;
  }

  private static String below(FileEntry entry, String folder) {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    return entry.path().text().substring(prefix.length());
  }

  private static Path place(FileEntry entry, String below, Path target) {
    try {
      Path place = target.resolve(below);
      // Paths in a store have no such elements; what is read from outside is checked all the same.
      if (!place.normalize().startsWith(target.normalize())) {
        throw new EnvironmentFault(
            "The path \"" + entry.path() + "\" leads out of " + target + ".",
            "Get the files of this folder one by one.");
      }
      return place;
    } catch (InvalidPathException e) {
      throw new EnvironmentFault(
          "The path \"" + entry.path() + "\" cannot be a name on this machine: " + e.getReason(),
          "Use a locale of UTF-8, as in LC_ALL=C.UTF-8.",
          e);
    }
  }

  private static List<Path> between(Path target, Path parent) {
    List<Path> folders = new ArrayList<>();
    for (Path at = parent; !at.equals(target); at = at.resolveSibling("")) {
      folders.add(0, at);
    }
    return folders;
  }

  /** Something that stands in the way. */
  private record Blocker(Path path, String what, boolean mayBeReplaced) {}

  private static List<Blocker> blockers(Path file, List<Path> folders) {
    for (Path folder : folders) {
      if (Files.isSymbolicLink(folder)) {
        return List.of(new Blocker(folder, "is a symbolic link", false));
      }
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        return List.of(new Blocker(folder, "is a file where a folder is needed", false));
      }
    }
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      return List.of(new Blocker(file, "is a folder where a file is needed", false));
    }
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        ? List.of(new Blocker(file, "exists already", true))
        : List.of();
  }

  private void refuse(List<Blocker> found, String soFar) {
    List<Blocker> blockers =
        found.stream().filter(b -> !b.mayBeReplaced() || existing == Existing.REFUSED).toList();
    if (blockers.isEmpty()) {
      return;
    }
    Blocker first = blockers.get(0);
    List<String> others =
        blockers.stream().skip(1).limit(MOST_NAMED - 1).map(b -> b.path().toString()).toList();
    int more = blockers.size() - 1 - others.size();
    String also =
        (others.isEmpty() ? "" : "; so does " + String.join(", ", others))
            + (more > 0 ? " and " + more + " more" : "");
    throw new UserFault(
        first.path() + " " + first.what() + (first.mayBeReplaced() ? also : "") + ".",
        (first.mayBeReplaced() ? "Add --force to replace what is there" : "Move it away")
            + ", or write elsewhere."
            + soFar);
  }

  private static void createFolder(Path folder) {
    if (folder.toString().isEmpty() || Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private void write(FileEntry entry, Path target) {
    byte[] random = new byte[8];
    ThreadLocalRandom.current().nextBytes(random);
    Path part = target.resolveSibling(".beamwright-" + HexFormat.of().formatHex(random));
    try {
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW)) {
        transfer(entry, out);
      }
      if (entry.executable()) {
        makeExecutable(part);
      }
      // Two paths that differ in case alone are one name on some file systems.
      refuse(blockers(target, List.of()), "");
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      files++;
      progress.at(files, bytes);
    } catch (IOException e) {
      throw unwritable(target, e);
    } finally {
      deleteQuietly(part);
    }
  }

  private void transfer(FileEntry entry, OutputStream out) throws IOException {
    byte[] buffer = new byte[(int) Math.max(1, Math.min(BUFFER, entry.size()))];
    try (InputStream in = store.open(entry.file())) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        bytes += read;
        progress.at(files, bytes);
      }
    }
  }

  // For whoever may read it: what the mask of the process allows.
  private static void makeExecutable(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    permissions.add(PosixFilePermission.OWNER_EXECUTE);
    if (permissions.contains(PosixFilePermission.GROUP_READ)) {
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
    }
    if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
      permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    }
    Files.setPosixFilePermissions(file, permissions);
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // What went wrong before says more than that a temporary file was left behind.
      return;
    }
  }

  private static EnvironmentFault unwritable(Path target, IOException e) {
    return new EnvironmentFault(
        target + " cannot be written: " + reason(e) + ".",
        "Check that its folder exists, may be written to and has space.",
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (e instanceof NotDirectoryException) {
      return "a file stands where its folder should be";
    }
    boolean hasReason = e instanceof FileSystemException f && f.getReason() != null;
    return hasReason
        ? String.valueOf(((FileSystemException) e).getReason())
        : String.valueOf(e.getMessage());
  }
}
