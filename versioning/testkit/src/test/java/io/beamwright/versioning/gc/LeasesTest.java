// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.testkit.MemoryStorage;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeasesTest {

  private final Leases leases = new Leases(new MemoryStorage());
  private final Instant now = Instant.now();

  @Test
  void aRunWhoseLeaseHasEndedIsDrivenByNobodyHoweverYoungItIs() {
    assertThat(leases.isDriven("run", now, now)).as("its driver is about to take it").isTrue();

    leases.renew("run", now);
    assertThat(leases.isDriven("run", now, now)).isTrue();

    leases.end("run", now);
    assertThat(leases.isDriven("run", now, now)).isFalse();

    leases.renew("run", now);
    assertThat(leases.isDriven("run", now, now)).as("it is resumed").isTrue();
  }

  @Test
  void oneThatNobodyTookIsDrivenByNobodyAfterAWhile() {
    assertThat(leases.isDriven("run", now.minus(Leases.STALE_AFTER).minusSeconds(1), now))
        .isFalse();
  }
}
