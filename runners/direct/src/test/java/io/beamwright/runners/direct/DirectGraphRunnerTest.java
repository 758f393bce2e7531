// SPDX-License-Identifier: Apache-2.0
package io.beamwright.runners.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.runners.GraphRunner;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.RunnerSettings;
import io.beamwright.runners.testkit.GraphRunnerContract;
import io.beamwright.versioning.fault.UserFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.Test;

class DirectGraphRunnerTest extends GraphRunnerContract {

  @Override
  protected GraphRunner runner() {
    return GraphRunners.require("direct");
  }

  @Test
  void beamsChecksAreOnWhereTheyAreAskedFor() {
    assertThat(enforces(Map.of())).isFalse();
    assertThat(enforces(Map.of("enforce", "true"))).isTrue();
  }

  private boolean enforces(Map<String, String> options) {
    return runner()
        .newGraph(settings(options))
        .getOptions()
        .as(DirectOptions.class)
        .isEnforceImmutability();
  }

  @Test
  void aMasterIsRefusedByName() {
    RunnerSettings settings =
        new RunnerSettings(
            "a-test", OptionalInt.empty(), Map.of(), Optional.of("there:8081"), List.of());

    assertThatThrownBy(() -> runner().newGraph(settings))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("there:8081");
  }

  @Test
  void anUnknownRunnerIsRefusedByNameWithThoseThatThereAre() {
    assertThatThrownBy(() -> GraphRunners.require("storm"))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("direct"))
        .hasMessageContaining("storm");
  }
}
