// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands tell of jobs and runs is the same in a store that their commits were copied to. */
class CopiedJobsTest {

  private static final String SPECS =
      """
      [
        {
          "pipeline": {"name": "upper"},
          "transform": {
            "cmd": ["sh"],
            "stdin": [
              "echo reading $(basename $lines)",
              "if [ $(cat $lines) = bad ]; then exit 3; fi",
              "tr a-z A-Z < $lines > /pfs/out/$(basename $lines)"
            ]
          },
          "input": {"pfs": {"repo": "lines", "glob": "/*"}},
          "datum_tries": 1
        },
        {
          "pipeline": {"name": "count"},
          "transform": {"cmd": ["sh"], "stdin": ["ls /pfs/upper | tee /pfs/out/names"]},
          "input": {"pfs": {"repo": "upper", "glob": "/"}}
        }
      ]
      """;

  @TempDir private static Path here;
  @TempDir private static Path there;
  @TempDir private static Path third;

  private static CliStore home;
  private static final List<JsonNode> RUNS = new ArrayList<>();

  @BeforeAll
  static void twoRunsAndOneThatFailed() throws IOException {
    home = new CliStore(here);
    Path specs = home.file("specs.json", SPECS);
    Path lines = Files.createDirectory(here.resolve("lines"));
    Files.writeString(lines.resolve("one"), "one\n");
    run(specs, lines, Exit.FINE);
    Files.writeString(lines.resolve("two"), "two\n");
    Files.writeString(lines.resolve("three"), "bad\n");
    run(specs, lines, Exit.JOB_FAILED);
    Files.writeString(lines.resolve("three"), "three\n");
    run(specs, lines, Exit.FINE);
  }

  private static void run(Path specs, Path lines, Exit expected) throws IOException {
    Ran ran = home.run("run", specs.toString(), "--put", "lines=" + lines, "--json");
    assertThat(ran.exit()).as("%s", ran).isEqualTo(expected);
    RUNS.add(new JsonMapper().readTree(ran.out()));
  }

  /** What each command prints that tells of what was copied, by the command. */
  private static Map<String, String> told(CliStore store) {
    List<List<String>> commands = new ArrayList<>();
    for (String job : List.of("upper", "count", "upper@master", "upper@master^", "count@master^")) {
      commands.add(List.of("logs", job));
      commands.add(List.of("logs", job, "--json"));
      commands.add(List.of("logs", job, "-f"));
      commands.add(List.of("inspect", "job", job));
      commands.add(List.of("inspect", "job", job, "--json"));
    }
    for (JsonNode run : List.of(RUNS.get(0), RUNS.get(2))) {
      for (JsonNode stage : run.path("stages")) {
        commands.add(List.of("inspect", "job", stage.path("job").asText().substring(0, 12)));
      }
      commands.add(List.of("inspect", "run", run.path("run").asText()));
      commands.add(List.of("inspect", "run", run.path("run").asText(), "--json"));
    }
    commands.add(List.of("list", "job", "-n", "1"));
    commands.add(List.of("list", "job", "--stage", "upper", "-n", "1", "--json"));
    commands.add(List.of("list", "run", "-n", "1"));
    commands.add(List.of("trace", "count@master"));
    commands.add(List.of("trace", "count@master:/names"));
    commands.add(List.of("get", "spec", "upper@master"));
    Map<String, String> told = new LinkedHashMap<>();
    for (List<String> command : commands) {
      Ran ran = store.run(command.toArray(String[]::new));
      assertThat(ran.exit()).as("%s: %s", command, ran).isEqualTo(Exit.FINE);
      told.put(command.toString(), ran.out() + ran.err());
    }
    return told;
  }

  private static List<String> jobs(CliStore store) throws IOException {
    List<String> jobs = new ArrayList<>();
    for (JsonNode job : store.json("list", "job").path("jobs")) {
      if (job.path("state").asText().equals("SUCCESS")) {
        jobs.add(job.toString());
      }
    }
    return jobs;
  }

  private static void requireSame(Map<String, String> told, Map<String, String> ours) {
    ours.forEach((command, text) -> assertThat(told.get(command)).as(command).isEqualTo(text));
  }

  private static void pushAll(CliStore to) {
    for (String repo : List.of("lines", "upper", "count")) {
      home.fine("push", to.uri(), repo);
    }
  }

  @Test
  void whatWasPushedAndPulledIsToldAsAtHomeForAsLongAsTheCommitsAreThere() throws Exception {
    Map<String, String> ours = told(home);
    assertThat(ours.get("[logs, upper]")).contains("reading one").contains("reading three");
    CliStore copy = new CliStore(there);

    pushAll(copy);

    requireSame(told(copy), ours);
    assertThat(jobs(copy)).isEqualTo(jobs(home)).hasSize(4);
    assertThat(copy.fine("fsck")).endsWith("sound\n");
    CliStore pulled = new CliStore(third);
    pulled.fine("create", "repo", "own");
    for (String repo : List.of("count", "lines", "upper")) {
      pulled.fine("pull", copy.uri(), repo);
    }
    requireSame(told(pulled), ours);
    assertThat(jobs(pulled)).isEqualTo(jobs(home));

    copy.age(30);
    assertThat(copy.run("gc").exit()).isEqualTo(Exit.FINE);
    copy.age(2);
    assertThat(copy.run("gc").exit()).isEqualTo(Exit.FINE);

    requireSame(told(copy), ours);
    assertThat(copy.fine("fsck")).endsWith("sound\n");
  }

  @Test
  void aRunOfAnotherStoreIsNotResumedHereAndItsSpecsRunHere(@TempDir Path folder) throws Exception {
    CliStore copy = new CliStore(folder);
    pushAll(copy);
    String run = RUNS.get(2).path("run").asText();

    Ran resumed = copy.run("run", "--resume", run);

    assertThat(resumed.exit()).isEqualTo(Exit.USER);
    assertThat(resumed.err()).contains("ran in another store, and ended there");
    Ran again = copy.run("run", here.resolve("specs.json").toString(), "--json");
    assertThat(again.exit()).as("%s", again).isEqualTo(Exit.FINE);
    assertThat(new JsonMapper().readTree(again.out()).path("stages"))
        .allSatisfy(stage -> assertThat(stage.path("state").asText()).isEqualTo("REUSED"));
    copy.put("lines@master:/four", "four\n");
    Ran more = copy.run("run", here.resolve("specs.json").toString(), "--json");
    assertThat(more.exit()).as("%s", more).isEqualTo(Exit.FINE);
    assertThat(copy.json("list", "job").path("jobs")).hasSize(6);
    assertThat(copy.fine("logs", "upper")).contains("reading four");
    assertThat(copy.fine("logs", "count@master^")).contains("three");
    assertThat(copy.json("list", "run").path("runs").get(0).path("run").asText())
        .isEqualTo(new JsonMapper().readTree(more.out()).path("run").asText());
    assertThat(copy.fine("fsck")).endsWith("sound\n");
  }
}
