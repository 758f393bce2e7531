// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StorageWaitsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final List<String> told = new ArrayList<>();
  private final StorageWaits waits = new StorageWaits(clock::get, told::add);

  private void wait(int seconds) {
    waits.tell(Duration.ofSeconds(seconds), MINUTE, () -> "waiting for a server");
  }

  @Test
  void aShortWaitIsNobodysConcern() {
    wait(0);
    wait(4);

    assertThat(told).isEmpty();
  }

  @Test
  void aLongOneIsToldWithItsReasonAndHowLongItMayTake() {
    wait(5);

    assertThat(told)
        .containsExactly(
            "waiting for a server; trying again, for up to 60 s from its first failure.");
  }

  @Test
  void manyCallsThatWaitAreToldTwiceAMinute() {
    for (int second = 5; second < 65; second++) {
      wait(second);
      wait(second);
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    assertThat(told).hasSize(2);
  }
}
