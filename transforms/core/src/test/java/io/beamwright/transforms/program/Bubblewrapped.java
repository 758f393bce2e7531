// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that need bubblewrap are skipped where it does not work, but for the project's own CI. */
public final class Bubblewrapped {

  private Bubblewrapped() {}

  /** Skips or fails the test that calls this if {@code bubblewrap} cannot be used here. */
  public static void require(BubblewrapExecutor bubblewrap) {
    if (bubblewrap.availability() instanceof Availability.Unusable unusable) {
      assertThat(System.getenv("CI"))
          .as("bubblewrap has to work where CI=true, but: " + unusable.reason())
          .isNotEqualTo("true");
      assumeTrue(false, "skipped: bubblewrap cannot be used here: " + unusable.reason());
    }
  }
}
