// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.ref.Revision.Steps;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {

  @Test
  void aRepoAloneMeansItsDefaultBranch() {
    Revision revision = Revision.parse("prices");

    assertThat(revision.repo()).isEqualTo("prices");
    assertThat(revision.nameOrDefault()).isEqualTo("master");
    assertThat(revision.path()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "prices@master^,1",
    "prices@master^^,2",
    "prices@master^3,3",
    "prices@master~4,4",
    "prices@master^~2,3",
    "prices@abcd1234,0",
  })
  void caretsAndTildesGoBack(String typed, long back) {
    assertThat(Revision.parse(typed).steps()).isEqualTo(new Steps.Back(back));
  }

  @Test
  void aDotCountsFromTheRoot() {
    assertThat(Revision.parse("prices@master.3").steps()).isEqualTo(new Steps.FromRoot(3));
  }

  @Test
  void aPathFollowsTheFirstColon() {
    Revision revision = Revision.parse("prices@feature/x^:/a:b@c.csv");

    assertThat(revision.name()).contains("feature/x");
    assertThat(revision.path()).contains("/a:b@c.csv");
    assertThat(Revision.parse("prices:a.csv").path()).contains("/a.csv");
    assertThat(Revision.parse("prices@master:").path()).isEqualTo(Optional.of("/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@master",
        "prices@",
        "prices@master^x",
        "prices@master.",
        "prices@master^.2",
        "prices@master~9999999999",
        "pri ces",
        "prices:/a/../b",
      })
  void whatIsNotARefIsRefusedWithWhatWasTyped(String typed) {
    assertThatThrownBy(() -> Revision.parse(typed)).isInstanceOf(UserFault.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prices^", "prices~2", "prices.3", "prices^:/a"})
  void aStepNeedsARefToGoFrom(String typed) {
    assertThatThrownBy(() -> Revision.parse(typed))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("repo@branch^"))
        .hasMessage("\"" + typed + "\" is not a ref.");
  }
}
