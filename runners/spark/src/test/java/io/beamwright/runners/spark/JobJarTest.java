// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JobJarTest {

  private static final Pattern EXCLUDED = Pattern.compile("<exclude>\\*:([^*]*)(\\*?)</exclude>");

  @Test
  void whatEverySparkHasIsNotInTheJobJar() throws IOException {
    List<MatchResult> excluded =
        EXCLUDED.matcher(Files.readString(Path.of("job", "pom.xml"))).results().toList();
    assertThat(excluded)
        .extracting(
            exclude -> exclude.group(1) + (exclude.group(2).isEmpty() ? "-1.jar" : "x-1.jar"))
        .allMatch(JarsOfSpark::haveOneLike);
    for (String beginning : beginnings()) {
      String artifact = beginning.replaceFirst("-$", "");
      assertThat(excluded).extracting(exclude -> exclude.group(1)).contains(artifact);
    }
  }

  /** But the one that tells versions apart, which a pattern of the build cannot. */
  private static List<String> beginnings() throws IOException {
    try (var in = JarsOfSpark.class.getResourceAsStream("jars-of-spark")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#") && !line.equals("guava-16."))
          .toList();
    }
  }
}
