// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of the page about tests is one that runs. */
class TestingPageTest {

  @Test
  void theExampleIsATestThatRuns() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/beamwright/test/ClosingPricesTest.java"));
    String example = source.substring(source.indexOf("@BeamwrightTest\n"));

    assertThat(Files.readString(Path.of("../../docs/testing.md")))
        .contains("```java\n" + example + "```\n");
  }
}
