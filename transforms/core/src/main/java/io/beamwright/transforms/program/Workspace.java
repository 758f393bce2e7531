// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The folders of one attempt to run a program, as they lie on this machine. For one thread at a
 * time.
 */
public final class Workspace {

  /** Where a program finds its inputs and puts its outputs. */
  public static final String PFS = "/pfs";

  /** Where a program finds its code. */
  public static final String CODE = "/code";

  /** A program's home, if it has a file system of its own. */
  public static final String HOME = "/home";

  /** Where a program may write what nobody keeps. */
  public static final String TMP = "/tmp";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  // Characters of a path, each of at most three bytes; a name below it still fits into a path.
  private static final int LONGEST_BRANCH = 1_000;

  private static final FileTime NEVER = FileTime.fromMillis(0);

  private final Path root;
  private final Path code;
  private final OptionalInt owner;
  private Map<Path, Path> mounts = Map.of();

  /** Of folders that a program may leave as they were: their times before it ran. */
  private final Map<Path, Map<String, Object>> times = new HashMap<>();

  private Workspace(Path root, Path code, OptionalInt owner) {
    this.root = root;
    this.code = code;
    this.owner = owner;
  }

  /**
   * A new workspace in a new folder under {@code scratch}, with empty folders, code included.
   *
   * @param owner the user that programs run as, if it is not that of this process: {@link
   *     Executor#owner}
   */
  public static Workspace createUnder(Path scratch, OptionalInt owner) throws IOException {
    return createIn(Files.createTempDirectory(scratch, "datum-").toRealPath(), owner);
  }

  /**
   * A new workspace in the empty folder {@code root}, with empty folders, code included.
   *
   * @param root its real path: a link that a program leaves is followed one element at a time
   * @param owner the user that programs run as, if it is not that of this process
   */
  public static Workspace createIn(Path root, OptionalInt owner) throws IOException {
    Path code = Files.createDirectory(root.resolve("code"));
    give(code, owner);
    return createIn(root, code, owner);
  }

  /**
   * A new workspace in the empty folder {@code root}, with the code of others.
   *
   * @param root its real path
   * @param code its real path
   * @param owner the user that programs run as, if it is not that of this process
   */
  public static Workspace createIn(Path root, Path code, OptionalInt owner) throws IOException {
    Workspace workspace = new Workspace(root, code, owner);
    give(root, owner);
    workspace.createFolders();
    return workspace;
  }

  /** Makes {@code owner}, if there is one, and the group of that number the owners of a file. */
  public static void give(Path file, OptionalInt owner) throws IOException {
    if (owner.isPresent()) {
      Files.setAttribute(file, "unix:uid", owner.getAsInt(), NOFOLLOW_LINKS);
      Files.setAttribute(file, "unix:gid", owner.getAsInt(), NOFOLLOW_LINKS);
    }
  }

  private void createFolders() throws IOException {
    createOwned(pfs());
    createOwned(out());
    for (Path folder : ownFolders()) {
      createMarked(folder);
    }
  }

  /** Where a program may write what nobody keeps: many write nothing there. */
  private List<Path> ownFolders() {
    return List.of(tmp(), home());
  }

  /**
   * Makes an empty folder of which {@link #isUntouched} tells. What is put there or taken away
   * shows in its own time at once, and other changes in the time of its last change, which may be
   * coarse.
   */
  private void createMarked(Path folder) throws IOException {
    createOwned(folder);
    Files.setLastModifiedTime(folder, NEVER);
    times.put(folder, times(folder));
  }

  private void createOwned(Path folder) throws IOException {
    Files.createDirectory(folder);
    give(folder, owner);
  }

  private boolean isUntouched(Path folder) throws IOException {
    return times(folder).equals(times.get(folder));
  }

  private static Map<String, Object> times(Path folder) throws IOException {
    return Files.readAttributes(folder, "unix:lastModifiedTime,ctime", NOFOLLOW_LINKS);
  }

  /** A folder of this attempt alone, its real path. */
  public Path root() {
    return root;
  }

  /**
   * The folder that the program sees as {@code /code}, its real path; may be shared by attempts
   * where the executor {@linkplain Executor#protectsInputs protects} it. Its parent is the
   * attempts' too: an executor may put beside it what they have alike.
   */
  public Path code() {
    return code;
  }

  /** The folder seen as {@code /pfs}. */
  public Path pfs() {
    return root.resolve("pfs");
  }

  /** The folder seen as {@code /pfs/out}. */
  public Path out() {
    return pfs().resolve("out");
  }

  /** The folder seen as {@code /tmp}. */
  public Path tmp() {
    return root.resolve("tmp");
  }

  /** The program's home. */
  public Path home() {
    return root.resolve("home");
  }

  /** What the program reads as its standard input. */
  Path stdin() {
    return root.resolve("stdin");
  }

  /** What the sandbox is told that must not be seen in a list of processes. */
  Path arguments() {
    return root.resolve("arguments");
  }

  /** What the sandbox says of itself, out of the program's reach. */
  Path status() {
    return root.resolve("status");
  }

  /**
   * Whether programs here may read a file: what this process may read, as root, says nothing.
   *
   * @param file a real path of this machine
   */
  public boolean mayRead(Path file) throws IOException {
    if (owner.isEmpty() || file.startsWith(root) || file.startsWith(code.resolveSibling(""))) {
      return Files.isReadable(file);
    }
    return othersMayRead(file, false);
  }

  /** Whether others may read {@code file}, and enter it if it is a {@code folder}. */
  static boolean othersMayRead(Path file, boolean folder) {
    try {
      Path real = file.toRealPath();
      for (Path at = folder ? real : real.getParent(); at != null; at = at.getParent()) {
        if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException e) {
      return false;
    }
  }

  /** Has programs that run here see {@code mounts} too. */
  public void show(List<Mount> mounts) {
    Map<Path, Path> shown = new LinkedHashMap<>();
    mounts.forEach(mount -> shown.put(mount.path(), mount.source()));
    this.mounts = shown;
  }

  /** Folders of the machine that programs see besides, and where each lies. */
  Map<Path, Path> mounts() {
    return mounts;
  }

  /** Deletes the attempt's folder and all in it; the code only if it lies there. */
  public void delete() throws IOException {
    deleteTree(root);
  }

  /**
   * Makes this as it was when it was created: nothing of one attempt is there for the next.
   *
   * @param shielded whether the programs that ran here could write to {@code /pfs/out}, {@code
   *     /tmp} and their home alone; then the code is as it is, and so is what they did not touch
   */
  public void renew(boolean shielded) throws IOException {
    if (!shielded) {
      Files.setPosixFilePermissions(root, OWNER_ONLY);
      deleteContent(root, List.of());
      createOwned(code);
      createFolders();
      return;
    }
    deleteContent(pfs(), List.of());
    createOwned(out());
    for (Path folder : ownFolders()) {
      if (!isUntouched(folder)) {
        deleteTree(folder);
        createMarked(folder);
      }
    }
    deleteContent(root, List.of(pfs(), code, tmp(), home()));
  }

  static void deleteContent(Path folder, List<Path> butThese) throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
      for (Path each : content) {
        if (!butThese.contains(each)) {
          deleteTree(each);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /**
   * Deletes {@code folder} and all in it, follows no link, and makes writable what it must. However
   * deep it is: what lies deeper than a path can name is first moved to its top.
   */
  public static void deleteTree(Path folder) throws IOException {
    while (!isGone(folder)) {
      empty(folder, folder);
    }
  }

  /** Deletes what is in {@code folder}, or moves it into {@code top}, where it is found later. */
  private static void empty(Path folder, Path top) throws IOException {
    // Inputs lie in folders that their owner may not write; a program may do the same.
    Files.setPosixFilePermissions(folder, OWNER_ONLY);
    for (Path each : content(folder)) {
      if (isGone(each)) {
        continue;
      }
      if (each.toString().length() < LONGEST_BRANCH) {
        empty(each, top);
        Files.deleteIfExists(each);
      } else {
        Files.setPosixFilePermissions(each, OWNER_ONLY);
        Files.move(each, top.resolve("beamwright-" + UUID.randomUUID()));
      }
    }
  }

  /** Read whole: a folder that is open all the way down costs a file of this process a level. */
  private static List<Path> content(Path folder) throws IOException {
    List<Path> content = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(content::add);
    } catch (NoSuchFileException e) {
      return content;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return content;
  }

  /** Whether {@code folder} is not there; what is empty, as most that programs get, is deleted. */
  private static boolean isGone(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }
}
