// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.EnvironmentFault;
import org.junit.jupiter.api.Test;

class PublicationTest {

  @Test
  void aCauseThatIsKeptIsNoLongerThanAScreen() {
    String trace = "it failed\n" + "\tat some.library.Class.method(Class.java:1)\n".repeat(200);
    Publication.Broken broken =
        Publication.Broken.by(new EnvironmentFault(trace, "Look.", new RuntimeException()));

    assertThat(broken.what()).startsWith("it failed\n").endsWith(" more characters)");
    assertThat(broken.what().lines().count()).isLessThanOrEqualTo(Screen.MOST_LINES);
    assertThat(broken.what()).hasSizeLessThanOrEqualTo(Screen.MOST_CHARACTERS);
    assertThat(Publication.of(broken.toJson())).isEqualTo(broken);
    assertThat(new Publication.Refused("😀".repeat(2_000), "").what())
        .as("no half of a character")
        .startsWith("😀".repeat(980) + "\n… (2040 more characters)");
  }

  @Test
  void aShortOneIsKeptAsItIs() {
    assertThat(new Publication.Refused("two\nlines\n", "Do it.").what()).isEqualTo("two\nlines\n");
  }
}
