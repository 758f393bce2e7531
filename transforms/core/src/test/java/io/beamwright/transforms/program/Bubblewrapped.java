// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that need bubblewrap are skipped where it does not work, but for the project's own CI. */
public final class Bubblewrapped {

  private Bubblewrapped() {}

  /** Skips or fails the test that calls this if {@code bubblewrap} cannot be used here. */
  public static void require(BubblewrapExecutor bubblewrap) {
    String why = bubblewrap.availability().whyNot();
    if (!why.isEmpty()) {
      assertThat(System.getenv("CI"))
          .as("bubblewrap has to work where CI=true, but: " + why)
          .isNotEqualTo("true");
      assumeTrue(false, "skipped: bubblewrap cannot be used here: " + why);
    }
  }
}
