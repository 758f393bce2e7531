// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

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

  // Written for each sandbox: programs ask who they are, and must not learn who we are.
  private static final SortedMap<String, String> WRITTEN =
      new TreeMap<>(
          Map.of(
              "passwd",
              """
          root:x:0:0:root:/root:/usr/sbin/nologin
          datum:x:1000:1000:datum:/home:/bin/sh
          nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
          """,
              "group",
              """
          root:x:0:
          datum:x:1000:
          nogroup:x:65534:
          """,
              "hosts",
              """
          127.0.0.1 localhost datum
          ::1 localhost
          """,
              "nsswitch.conf",
              """
          passwd: files
          group: files
          hosts: files
          """));

  private SystemFiles() {}

  /** Paths of this machine that a sandbox shows under the same name, as they are now. */
  static List<Path> shown() throws IOException {
    List<Path> shown = new ArrayList<>();
    for (String root : ROOTS) {
      if (Files.exists(Path.of(root))) {
        shown.add(Path.of(root));
      }
    }
    Path etc = Path.of("/etc");
    if (Files.isDirectory(etc)) {
      try (DirectoryStream<Path> entries =
          Files.newDirectoryStream(etc, "{" + String.join(",", ETC) + "}")) {
        entries.forEach(shown::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return shown.stream().sorted().toList();
  }

  /**
   * Writes the files of {@code /etc} that every sandbox has alike into {@code folder}, those that
   * are not there yet.
   */
  static void write(Path folder) throws IOException {
    for (Map.Entry<String, String> file : WRITTEN.entrySet()) {
      Path target = folder.resolve(file.getKey());
      if (!Files.exists(target)) {
        Files.createDirectories(folder);
        // Whole or not at all: it serves all datums that come after.
        Path begun = folder.resolve(file.getKey() + ".new");
        Files.move(Files.writeString(begun, file.getValue()), target);
      }
    }
  }

  /** The names under {@code /etc} of what {@link #write} writes, sorted. */
  static Set<String> written() {
    return Collections.unmodifiableSet(WRITTEN.keySet());
  }
}
