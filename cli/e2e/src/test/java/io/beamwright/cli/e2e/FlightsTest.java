// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.test.BeamwrightStore;
import io.beamwright.test.BeamwrightTest;
import io.beamwright.test.FinishedRun;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The third sample: a year of flights, joined with airlines and planes. */
@BeamwrightTest
class FlightsTest {

  @TempDir static Path scratch;
  private static FlightsSample sample;
  private static FinishedRun first;

  @BeforeAll
  static void runOnce(BeamwrightStore store) {
    sample = new FlightsSample(store, scratch);
    first = sample.run();
    sample.fetchTables();
  }

  @Test
  void everyStageRunsOnce() {
    assertThat(first.states())
        .containsOnlyKeys(FlightsSample.STAGES)
        .allSatisfy((stage, state) -> assertThat(state).isEqualTo("SUCCESS ran 1 reused 0"));
  }

  @Test
  void theTablesAreThoseOfDuckDb() throws Exception {
    sample.assertTables();
  }

  @Test
  void rowsKeepTheOrderOfTheirFilesAndNoTableFileHasTwoMonths() throws Exception {
    assertThat(
            sample.row(
                "clean",
                "SELECT max(months), count(*) >= 12 FROM (SELECT filename, count(DISTINCT month) AS"
                    + " months FROM $T GROUP BY filename)"))
        .containsExactly(1L, true);
    assertThat(
            sample.row(
                "clean",
                "SELECT count(*) FILTER ((t.month, t.day, t.carrier, t.flight) IS DISTINCT FROM"
                    + " (x.month, x.day, x.carrier, x.flight)) FROM $T t POSITIONAL JOIN "
                    + FlightsSample.FLIGHTS
                    + " x"))
        .containsExactly(0L);
  }

  @Test
  void runningAgainRunsNothing() {
    FinishedRun again = sample.run();

    again.assertNothingRan();
    assertThat(again.states().values()).containsOnly("REUSED");
  }
}
