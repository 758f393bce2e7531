// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.junit.jupiter.api.Test;

class FlinkCommandTest {

  @Test
  void theClusterIsTheOneThatTheCommandWasGiven() {
    assertThat(FlinkCommand.cluster(told("remote"))).isEqualTo(new Address("there", 8082));
  }

  @Test
  void aTargetThatIsNoClusterOfItsOwnIsRefused() {
    for (String target : new String[] {"local", "embedded", "yarn-per-job", "kubernetes-session"}) {
      assertThatThrownBy(() -> FlinkCommand.cluster(told(target)))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining("flink was told the target " + target);
    }
  }

  @Test
  void aProcessThatItDidNotStartHasNoCluster() {
    assertThat(FlinkCommand.startedThisProcess()).isFalse();
    assertThat(new FlinkGraphRunner().masterOfProcess()).isEmpty();
  }

  private static Configuration told(String target) {
    Configuration told = new Configuration();
    told.set(DeploymentOptions.TARGET, target);
    told.set(RestOptions.ADDRESS, "there");
    told.set(RestOptions.PORT, 8082);
    return told;
  }
}
