// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

@BeamwrightTest
class ClosingPricesTest {

  private static final String SPEC =
      """
      [{"pipeline": {"name": "highest"},
        "input": {"pfs": {"repo": "prices", "glob": "/*.csv"}},
        "transform": {"sql": "SELECT year, max(price) AS price FROM prices GROUP BY year"}},
       {"pipeline": {"name": "page"},
        "input": {"pfs": {"repo": "highest", "glob": "/", "as": "csv"}},
        "transform": {"cmd": ["sh", "-c", "cat /pfs/highest/*.csv > /pfs/out/page.txt"]}}]
      """;

  private static final Map<String, String> TWO_YEARS =
      Map.of(
          "/2016.csv", "year,price\n2016,434.5\n2016,963.7\n",
          "/2017.csv", "year,price\n2017,998.3\n2017,4892.0\n");

  @Test
  void eachYearHasItsHighestPrice(BeamwrightStore store) {
    store.put("prices", TWO_YEARS);

    FinishedRun run = store.run(SPEC);

    run.commit("highest")
        .assertFiles("/2016.csv/part-00000.parquet", "/2017.csv/part-00000.parquet");
    run.commit("highest").assertRows("2016|963.7", "2017|4892.0");
    run.commit("page").assertText("/page.txt", "year,price\n2016,963.7\nyear,price\n2017,4892.0\n");
  }

  @Test
  void aYearThatIsAddedIsTheOnlyOneThatRuns(BeamwrightStore store) {
    store.put("prices", Map.of("/2016.csv", TWO_YEARS.get("/2016.csv")));
    store.run(SPEC);
    store.put("prices", TWO_YEARS);

    FinishedRun next = store.run(SPEC);

    assertEquals("SUCCESS ran 1 reused 1", next.states().get("highest"));
    store.run(SPEC).assertNothingRan();
  }
}
