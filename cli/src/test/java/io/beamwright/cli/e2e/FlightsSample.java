// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.beamwright.test.BeamwrightStore;
import io.beamwright.test.FinishedRun;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The sample of a year of flights, run in one store by one runner, and what has to be true of it
 * wherever it ran.
 */
final class FlightsSample implements AutoCloseable {

  static final Path FOLDER = Bench.SAMPLES.resolve("flights");
  static final Path SPEC = FOLDER.resolve("pipeline.json");
  static final List<String> REPOS = List.of("flights", "airlines", "planes");
  static final List<String> STAGES =
      List.of("clean", "joined", "by_carrier", "by_month", "worst_routes");

  /** The same flights as DuckDB reads them from the CSV files. */
  static final String FLIGHTS = csv("flights/*.csv.gz", "");

  private static final String AIRLINES = csv("airlines/airlines.csv", "");
  private static final String PLANES = csv("planes/planes.csv", "NA");

  private static final String JOINED =
      """
      SELECT f.month, f.day, f.carrier, a.name AS airline, f.flight, f.tailnum, p.year AS built,
        p.manufacturer, p.model, p.seats, f.origin, f.dest, f.dep_delay, f.arr_delay, f.air_time,
        f.distance
      FROM %s f JOIN %s a ON f.carrier = a.carrier LEFT JOIN %s p ON f.tailnum = p.tailnum
      """
          .formatted(FLIGHTS, AIRLINES, PLANES);

  private final BeamwrightStore store;
  private final Path tables;

  /**
   * Puts the sample's data into a store; nothing has run yet.
   *
   * @param runner runs the stages
   * @param options of the runner
   * @param uri of the store, which is made if it is absent
   * @param storeOptions of the store
   * @param scratch a folder that is there and empty
   */
  FlightsSample(
      String runner,
      Map<String, String> options,
      String uri,
      Map<String, String> storeOptions,
      Path scratch) {
    this(BeamwrightStore.at(uri, storeOptions, scratch).withRunner(runner, options), scratch);
  }

  /** The same in a store that is open already, and is closed with this. */
  FlightsSample(BeamwrightStore store, Path scratch) {
    this.store = store;
    this.tables = scratch.resolve("tables");
    REPOS.forEach(repo -> store.put(repo, FOLDER.resolve(repo)));
  }

  /** Runs the pipeline, all of which has to run well. */
  FinishedRun run() {
    return store.run(SPEC);
  }

  /** What a run made, by stage: the id of its tree, which is the same whatever ran it. */
  Map<String, String> trees() {
    Map<String, String> trees = new TreeMap<>();
    STAGES.forEach(stage -> trees.put(stage, store.commit(stage).tree().hex()));
    return trees;
  }

  /** Copies the tables of all stages to where {@link #row} reads them. */
  void fetchTables() {
    STAGES.forEach(stage -> store.commit(stage).copyTo(tables.resolve(stage)));
  }

  /** The first row of {@code select}, in which {@code $T} stands for the table of a stage. */
  List<Object> row(String stage, String select) throws SQLException {
    return DuckDb.row(tables.resolve(stage).resolve("**/*.parquet"), select);
  }

  private static String csv(String files, String nulls) {
    return "read_csv('%s', sample_size = -1, nullstr = '%s')"
        .formatted(FOLDER.resolve(files), nulls);
  }

  /** Everything that is known of the tables; fetch them first. */
  void assertTables() throws SQLException {
    assertFlights();
    assertMeans();
    assertSameRows("joined", "FROM joined", "");
    assertSameRows(
        "by_carrier",
        "SELECT carrier, airline, count(*), count(dep_delay), avg(dep_delay) AS mean_dep_delay,"
            + " avg(arr_delay) AS mean_arr_delay, sum(distance) FROM joined GROUP BY ALL",
        "mean_dep_delay, mean_arr_delay");
    assertSameRows(
        "by_month",
        "SELECT month, count(*), count(dep_delay), avg(dep_delay) AS mean_dep_delay,"
            + " avg(arr_delay) AS mean_arr_delay FROM joined GROUP BY ALL",
        "mean_dep_delay, mean_arr_delay");
    assertSameRows(
        "worst_routes",
        "SELECT origin, dest, count(arr_delay) AS arrived, avg(arr_delay) AS mean_arr_delay"
            + " FROM joined GROUP BY ALL HAVING arrived >= 100 ORDER BY mean_arr_delay DESC LIMIT 20",
        "mean_arr_delay");
  }

  private void assertFlights() throws SQLException {
    assertThat(
            row(
                "clean",
                "SELECT count(*), count(*) - count(dep_delay), count(*) - count(arr_delay),"
                    + " count(*) - count(tailnum), CAST(sum(distance) AS BIGINT) FROM $T"))
        .containsExactly(336_776L, 8_255L, 9_430L, 2_512L, 350_217_607L);
    assertThat(
            row(
                "joined",
                "SELECT count(*), count(*) FILTER (manufacturer IS NULL),"
                    + " count(*) FILTER (airline IS NULL) FROM $T"))
        .containsExactly(336_776L, 52_606L, 0L);
  }

  private void assertMeans() throws SQLException {
    assertThat((double) row("clean", "SELECT avg(dep_delay) FROM $T").get(0))
        .isCloseTo(12.639070, within(1e-6));
    Map<String, Double> means =
        Map.of("9E", 16.725769, "EV", 19.955390, "HA", 4.900585, "UA", 12.106073, "US", 3.782418);
    for (Map.Entry<String, Double> mean : means.entrySet()) {
      String select = "SELECT mean_dep_delay FROM $T WHERE carrier = '%s'".formatted(mean.getKey());
      assertThat((double) row("by_carrier", select).get(0))
          .as(mean.getKey())
          .isCloseTo(mean.getValue(), within(1e-6));
    }
  }

  /**
   * A stage's table has the rows that DuckDB finds, and no others.
   *
   * @param expected a query of the CSV files; {@code joined} stands for all of them joined
   * @param means the columns that are compared to nine digits, since DuckDB rounds twice
   */
  private void assertSameRows(String stage, String expected, String means) throws SQLException {
    String rounded =
        Arrays.stream(means.split(", "))
            .filter(mean -> !mean.isEmpty())
            .map(mean -> "round(%1$s, 9) AS %1$s".formatted(mean))
            .collect(Collectors.joining(", "));
    String columns = rounded.isEmpty() ? "*" : "* REPLACE (" + rounded + ")";
    String difference =
        "WITH joined AS (%1$s), theirs AS (SELECT %2$s FROM (%3$s)), ours AS (SELECT %2$s FROM $T)"
            + " SELECT (SELECT count(*) FROM (FROM theirs EXCEPT ALL FROM ours)),"
            + " (SELECT count(*) FROM (FROM ours EXCEPT ALL FROM theirs))";
    assertThat(row(stage, difference.formatted(JOINED, columns, expected)))
        .as("rows that %s lacks, and that it should not have", stage)
        .containsExactly(0L, 0L);
  }

  @Override
  public void close() {
    store.close();
  }
}
