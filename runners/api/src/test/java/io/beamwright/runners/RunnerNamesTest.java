// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerNamesTest {

  @TempDir private Path folder;

  @Test
  void eachJarNamesItsRunner() throws IOException {
    assertThat(names("flink\n", "direct")).containsExactly("direct", "flink");
  }

  @Test
  void whereJarsWereMadeOneEachRunnerHasALine() throws IOException {
    assertThat(names("flink\n\n\nspark\r\n \n")).containsExactly("flink", "spark");
  }

  private Iterable<String> names(String... jars) throws IOException {
    List<URL> roots = new ArrayList<>();
    for (String jar : jars) {
      Path root = folder.resolve(String.valueOf(roots.size()));
      Path file = root.resolve(RunnerNames.RESOURCE);
      Files.createDirectories(file.getParent());
      Files.writeString(file, jar);
      roots.add(root.toUri().toURL());
    }
    try (URLClassLoader loader = new URLClassLoader(roots.toArray(URL[]::new), null)) {
      return RunnerNames.onClassPath(loader);
    }
  }
}
