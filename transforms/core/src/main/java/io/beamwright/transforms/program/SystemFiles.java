// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a sandbox shows of the machine: its programs and libraries, and of {@code /etc} only what
 * they need to start. The rest of {@code /etc} says who uses the machine and what they may do
 * elsewhere (accounts, keys, tokens of package mirrors, resolvers), so it is named here what is
 * shown, not what is hidden.
 */
final class SystemFiles {

  private static final List<String> ROOTS =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  // Globs under /etc: the loader, alternatives, the start files of languages, fonts, public tables.
  private static final List<String> ETC =
      List.of(
          "alternatives",
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "python*",
          "perl",
          "R",
          "java*",
          "fonts",
          "matplotlibrc",
          "ImageMagick*",
          "OpenCL",
          "texmf",
          "terminfo",
          "magic",
          "mime.types",
          "protocols",
          "services",
          "os-release");

  private static final int MOST_COPIED = 64;

  private static final Set<PosixFilePermission> READ = PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> RUN = PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> OTHERS = Set.of(PosixFilePermission.OTHERS_READ);
  private static final Set<PosixFilePermission> ENTER =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  private static final PathMatcher SHOWN =
      FileSystems.getDefault().getPathMatcher("glob:{" + String.join(",", ETC) + "}");

  private SystemFiles() {}

  /** Paths of this machine that a sandbox shows under the same name, as they are now. */
  static List<Path> shown() {
    return ROOTS.stream().map(Path::of).filter(Files::exists).toList();
  }

  /** Whether a sandbox shows {@code path} with the machine's programs and libraries. */
  static boolean shows(Path path) {
    return ROOTS.stream().anyMatch(path::startsWith);
  }

  /** Folders of {@code /etc} that are shown and too large to be copied. */
  static List<Path> large() throws IOException {
    List<Path> large = new ArrayList<>();
    for (Path entry : ofEtc()) {
      if (isOpen(entry) && count(entry) > MOST_COPIED) {
        large.add(entry);
      }
    }
    return large;
  }

  private static boolean isOpen(Path entry) throws IOException {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
        && Files.getPosixFilePermissions(entry).containsAll(ENTER);
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> content = Files.walk(folder)) {
      return content.limit(MOST_COPIED + 1L).count();
    } catch (UncheckedIOException e) {
      // A folder in it is closed to us, and so to others.
      return 0;
    }
  }

  /** What is shown of this machine's {@code /etc}. */
  private static List<Path> ofEtc() throws IOException {
    Path etc = Path.of("/etc");
    List<Path> shown = new ArrayList<>();
    if (Files.isDirectory(etc)) {
      try (DirectoryStream<Path> entries =
          Files.newDirectoryStream(etc, path -> SHOWN.matches(path.getFileName()))) {
        entries.forEach(shown::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return shown;
  }

  /**
   * Writes the {@code /etc} of a sandbox into the new folder {@code etc}: who a program is, and
   * copies of what every user of this machine may read. One folder: to show each of these files by
   * itself takes longer than most programs do.
   *
   * @param user the number that a program has as the user {@code datum}
   * @param large what {@link #large} said: folders that will be shown at these places
   */
  static void write(Path etc, int user, List<Path> large) throws IOException {
    writeOwn(etc, user, large);
    for (Path entry : ofEtc()) {
      if (!large.contains(entry)) {
        copy(entry, etc.resolve(entry.getFileName()));
      }
    }
  }

  /** Only who a program is, and the places: enough for a program that reads nothing. */
  static void writeOwn(Path etc, int user, List<Path> large) throws IOException {
    Files.createDirectory(etc);
    Files.setPosixFilePermissions(etc, RUN);
    for (Path place : large) {
      Files.createDirectory(etc.resolve(place.getFileName()));
    }
    String passwd =
        """
        root:x:0:0:root:/root:/usr/sbin/nologin
        datum:x:%d:%d:datum:/home:/bin/sh
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
        """
            .formatted(user, user);
    String group =
        """
        root:x:0:
        datum:x:%d:
        nogroup:x:65534:
        """
            .formatted(user);
    String hosts =
        """
        127.0.0.1 localhost datum
        ::1 localhost
        """;
    String switches =
        """
        passwd: files
        group: files
        hosts: files
        """;
    Map<String, String> files =
        Map.of("passwd", passwd, "group", group, "hosts", hosts, "nsswitch.conf", switches);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path written = Files.writeString(etc.resolve(file.getKey()), file.getValue());
      Files.setPosixFilePermissions(written, READ);
    }
  }

  /** What others may not read is left out; so is what is neither a file, a folder nor a link. */
  private static void copy(Path from, Path to) throws IOException {
    PosixFileAttributes file;
    try {
      file = Files.readAttributes(from, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (file.isSymbolicLink()) {
      Files.createSymbolicLink(to, Files.readSymbolicLink(from));
    } else if (file.permissions().containsAll(file.isDirectory() ? ENTER : OTHERS)) {
      if (file.isDirectory()) {
        Files.createDirectory(to);
        Files.setPosixFilePermissions(to, RUN);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
          for (Path entry : entries) {
            copy(entry, to.resolve(entry.getFileName()));
          }
        } catch (DirectoryIteratorException e) {
          throw e.getCause();
        }
      } else if (file.isRegularFile()) {
        Files.copy(from, to);
        boolean runs = file.permissions().contains(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(to, runs ? RUN : READ);
        Files.setLastModifiedTime(to, file.lastModifiedTime());
      }
    }
  }
}
