// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.RunnerNames;
import io.beamwright.runners.testkit.GraphRunnerContract;
import io.beamwright.versioning.fault.UserFault;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedFlinkTest extends GraphRunnerContract {

  @Override
  protected GraphRunner runner() {
    return GraphRunners.require("flink");
  }

  @Test
  void itsNameIsKnownWithoutLoadingIt() {
    assertThat(RunnerNames.onClassPath(EmbeddedFlinkTest.class.getClassLoader()))
        .containsExactly("flink");
  }

  @Test
  void aValueThatAnOptionCannotHaveIsRefused() {
    assertThatThrownBy(() -> runner().newGraph(settings(Map.of("retries", "often"))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("retries")
        .hasMessageContaining("often");
    assertThatThrownBy(() -> runner().newGraph(settings(Map.of("object_reuse", "yes"))))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("object_reuse")
        .hasMessageContaining("yes");
  }
}
