// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code move branch} of an input, and {@code run}. */
class RewindCommandsTest {

  private static final String SPECS =
      """
      [
        {
          "pipeline": {"name": "clean"},
          "transform": {"cmd": ["sh"], "stdin": ["sort $prices > /pfs/out/$(basename $prices)"]},
          "input": {"pfs": {"repo": "prices", "glob": "/*"}}
        },
        {
          "pipeline": {"name": "total"},
          "transform": {
            "cmd": ["sh"],
            "stdin": ["cat /pfs/clean/* | awk '{s += $1} END {print s}' > /pfs/out/total"]
          },
          "input": {"pfs": {"repo": "clean", "glob": "/"}}
        },
        {
          "pipeline": {"name": "report"},
          "transform": {
            "cmd": ["sh"],
            "stdin": [
              "(ls /pfs/clean; cat /pfs/clean/* /pfs/total/total /pfs/rates/*) > /pfs/out/report"
            ]
          },
          "input": {
            "cross": [
              {"pfs": {"repo": "clean", "glob": "/"}},
              {"pfs": {"repo": "total", "glob": "/"}},
              {"pfs": {"repo": "rates", "glob": "/"}}
            ]
          }
        }
      ]
      """;

  @TempDir private Path folder;

  @Test
  void everyStageFollowsAnInputBackAndForwardAndTwoInputsGoWhereTheyLike() throws IOException {
    CliStore store = new CliStore(folder);
    String specs = store.file("specs.json", SPECS).toString();
    Path prices = Files.createDirectory(folder.resolve("prices"));
    store.fine("create", "repo", "rates");
    store.put("rates@master:/rate", "0.5");
    store.put("rates@master:/rate", "0.75");
    Files.writeString(prices.resolve("2017"), "2\n1\n");
    runs(store, specs, "--put", "prices=" + prices);
    Files.writeString(prices.resolve("2018"), "40\n");
    runs(store, specs, "--put", "prices=" + prices);
    Files.writeString(prices.resolve("2018"), "400\n");
    runs(store, specs, "--put", "prices=" + prices);
    Map<String, String> reports =
        Map.of(
            "1", "2017\n1\n2\n3\n0.75",
            "2", "2017\n2018\n1\n2\n40\n43\n0.75",
            "3", "2017\n2018\n1\n2\n400\n403\n0.75");

    assertThat(report(store)).isEqualTo(reports.get("3"));
    String newest = store.json("inspect", "commit", "prices@master").at("/commit/id").asText();
    for (String place : List.of("2", "1", "3")) {
      store.fine("move", "branch", "prices@master", "--to", newest + "." + place);
      JsonNode run = runs(store, specs);
      assertThat(run.path("stages"))
          .allSatisfy(stage -> assertThat(stage.path("ran").asInt(-1)).isZero())
          .allSatisfy(stage -> assertThat(stage.path("why").asText()).doesNotContain("stays"));
      assertThat(report(store)).isEqualTo(reports.get(place));
    }

    store.fine("move", "branch", "prices@master", "--to", newest + ".1");
    runs(store, specs);
    store.fine("move", "branch", "prices@master", "--to", newest + ".2");
    store.fine("move", "branch", "rates@master", "--to", "master^");
    runs(store, specs);
    assertThat(report(store)).isEqualTo("2017\n2018\n1\n2\n40\n43\n0.5");
    assertThat(runs(store, specs).path("stages"))
        .allSatisfy(stage -> assertThat(stage.path("state").asText()).isEqualTo("REUSED"));
  }

  private static JsonNode runs(CliStore store, String specs, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", specs, "--json"));
    words.addAll(List.of(more));
    Ran ran = store.run(words.toArray(String[]::new));
    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
    return new JsonMapper().readTree(ran.out());
  }

  private static String report(CliStore store) {
    return store.fine("get", "file", "report@master:/report");
  }
}
