// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.test.BeamwrightStore;
import io.beamwright.test.FinishedRun;
import io.beamwright.versioning.testkit.ZippedStore;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A store of the version before there were rules of reading: what it computed wrongly is computed
 * again, though the store has a result of it, and what it tells of its jobs is told in copies.
 *
 * <p>The store was written by the command of the commit 69d3ce7, on Linux as root: by one run of
 * both specs with bubblewrap, and another with an empty file in place of {@code bwrap}, so that it
 * has the results of programs with and without a sandbox.
 */
class StoreOfBeforeRulesTest {

  private static final String KEPT = "before-rules/";

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void unpack() throws IOException {
    bench = new Bench(folder.resolve("store"));
    try (InputStream zipped =
        Objects.requireNonNull(getClass().getResourceAsStream(KEPT + "store.zip"))) {
      ZippedStore.unpack(zipped, bench.folder());
    }
  }

  @Test
  void queriesAndStepsReadByTheRulesOfToday() {
    try (BeamwrightStore store = BeamwrightStore.in(folder)) {
      store.commit("distinct@master").assertRows("2|3");
      store.commit("read@master").assertRows("a", "e");
      // Beam SQL compared with 0, the integer of 0.5.
      assertThat(store.commit("above@master").rows().rows()).hasSize(2);
      assertThat(store.commit("large@master").rows().rows()).hasSize(5);

      List<String> versions = versions("distinct", "sql.rules");
      versions.addAll(versions("above", "ReadFromCsv", "Sql"));

      FinishedRun run = store.run(BeamwrightStore.specResource(getClass(), KEPT + "tables.json"));

      assertThat(run.states())
          .containsOnlyKeys("distinct", "read", "above", "large")
          .allSatisfy((stage, state) -> assertThat(state).isEqualTo("SUCCESS ran 1 reused 0"));
      // A library that chains no longer use changed their keys, too: that alone would hide a
      // step's.
      assertThat(versions("distinct", "sql.rules")).doesNotContainAnyElementsOf(versions);
      assertThat(versions("above", "ReadFromCsv", "Sql")).doesNotContainAnyElementsOf(versions);
      run.commit("distinct").assertRows("3|3");
      run.commit("read").assertRows("a", "c\rd", "e");
      run.commit("above").assertRows("1.2500");
      run.commit("large").assertRows("2|0.7500", "3|1.2500", "4|1.7500", "5|2.2500");
    }
  }

  private List<String> versions(String stage, String... names) {
    Map<String, String> all =
        bench.commit(stage + "@master").commit().provenance().orElseThrow().steps();
    return Stream.of(names)
        .map(name -> name + " " + Objects.requireNonNull(all.get(name)))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  // The contracts of both kinds of executors changed, so a program that sees no table runs, too.
  @ParameterizedTest
  @ValueSource(strings = {"preferred", "off"})
  void programsSeeAllOfATableInASandboxAndWithout(String sandbox) throws Exception {
    assertThat(bench.text("shown@master", "/rows.csv")).isEqualTo(rows(3));
    String sum = bench.text("plain@master", "/sum");
    Path spec = Path.of(getClass().getResource(KEPT + "programs.json").toURI());

    JsonNode run = bench.document(0, "run", spec.toString(), "--sandbox", sandbox);

    assertThat(Bench.states(run))
        .containsOnlyKeys("shown", "plain")
        .allSatisfy((stage, state) -> assertThat(state).isEqualTo("SUCCESS ran 1 reused 0"));
    assertThat(bench.text("shown@master", "/rows.csv")).isEqualTo(rows(5));
    assertThat(bench.text("plain@master", "/sum")).isEqualTo(sum);
  }

  @Test
  void whatIsToldOfItsJobsIsToldInACopy() {
    Bench copy = new Bench(folder.resolve("copy"));

    for (JsonNode repo : bench.document(0, "list", "repo").path("repos")) {
      var unused = bench.document(0, "push", copy.uri(), repo.path("name").asText());
    }

    for (String stage : List.of("distinct", "read", "above", "large", "shown", "plain")) {
      for (String command : List.of("logs", "inspect job", "log", "trace")) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.add(stage + "@master");
        String[] all = words.toArray(String[]::new);
        assertThat(copy.document(0, all)).as("%s", words).isEqualTo(bench.document(0, all));
      }
    }
    assertThat(copy.document(0, "list", "run")).isEqualTo(bench.document(0, "list", "run"));
    assertThat(copy.command("fsck").out()).endsWith("sound\n");
  }

  private static String rows(int count) {
    return Stream.iterate(1, k -> k <= count, k -> k + 1)
        .map(k -> k + "," + BigDecimal.valueOf(5_000L * k - 2_500, 4))
        .collect(Collectors.joining("\n", "k,n\n", "\n"));
  }
}
