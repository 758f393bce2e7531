// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.testkit;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Our class path as jars for a cluster: folders of classes packed, without test tools. */
public final class JobJars {

  private static final String TEST_TOOLS =
      "(junit-|assertj-|jqwik|opentest4j|apiguardian|surefire).*";

  private JobJars() {}

  /**
   * Packs them.
   *
   * @param folder an empty folder for those of folders
   * @param ofCluster whether the cluster itself has a jar, by the name of its file
   */
  public static List<Path> pack(Path folder, Predicate<String> ofCluster) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String name : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path entry = Path.of(name);
      if (Files.isDirectory(entry)) {
        jars.add(jar(entry, folder.resolve("classes-" + jars.size() + ".jar")));
      } else if (Files.exists(entry)
          && !entry.getFileName().toString().matches(TEST_TOOLS)
          && !ofCluster.test(entry.getFileName().toString())) {
        jars.add(entry);
      }
    }
    return jars;
  }

  private static Path jar(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
    return jar;
  }
}
