// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JobJarTest {

  @Test
  void whatEveryClusterHasIsNotInTheJobJar() throws IOException {
    Matcher left = Pattern.compile("<exclude>\\*:(.*)</exclude>").matcher(pom());
    assertThat(left.results().map(exclude -> exclude.group(1).replace("*", "x") + "-1.jar"))
        .hasSize(7)
        .allMatch(new FlinkGraphRunner()::isOnWorkers);
  }

  private static String pom() throws IOException {
    return Files.readString(Path.of("job", "pom.xml"));
  }
}
