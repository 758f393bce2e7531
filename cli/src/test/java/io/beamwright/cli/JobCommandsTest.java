// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.Submission;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One store with three runs: one that failed, one after the repair, one that changed nothing. */
class JobCommandsTest {

  private static final String SPECS =
      """
      [
        {
          "pipeline": {"name": "upper"},
          "transform": {
            "cmd": ["sh"],
            "stdin": [
              "echo reading $(basename $lines)",
              "if grep -q bad $lines; then echo this is bad >&2; exit 3; fi",
              "tr a-z A-Z < $lines > /pfs/out/$(basename $lines)"
            ]
          },
          "input": {"atom": {"repo": "lines", "glob": "/*"}},
          "datum_tries": 1
        },
        {
          "pipeline": {"name": "count"},
          "transform": {"cmd": ["sh"], "stdin": ["ls /pfs/upper > /pfs/out/names"]},
          "input": {"atom": {"repo": "upper", "glob": "/"}}
        }
      ]
      """;

  @TempDir private static Path folder;
  private static CliStore store;

  private static JsonNode failedRun;
  private static JsonNode repairedRun;
  private static JsonNode repeatedRun;

  @BeforeAll
  static void threeRuns() throws Exception {
    store = new CliStore(folder);
    Path specs = store.file("specs.json", SPECS);
    Path lines = Files.createDirectory(folder.resolve("lines"));
    for (String word : List.of("one", "two", "bad")) {
      Files.writeString(lines.resolve(word + ".txt"), word + "\n");
    }
    failedRun = runs(specs, Exit.JOB_FAILED);
    Files.writeString(lines.resolve("bad.txt"), "good\n");
    repairedRun = runs(specs, Exit.FINE);
    repeatedRun = runs(specs, Exit.FINE);
  }

  private static JsonNode runs(Path specs, Exit expected) throws IOException {
    Ran ran =
        store.run("run", specs.toString(), "--put", "lines=" + folder.resolve("lines"), "--json");
    assertThat(ran.exit()).as(ran.err()).isEqualTo(expected);
    return new JsonMapper().readTree(ran.out());
  }

  private static String text(JsonNode node, String name) {
    return node.required(name).textValue();
  }

  private static String failedJob() {
    return text(failedRun.at("/stages/0"), "job");
  }

  private static String repairedJob() {
    return text(repairedRun.at("/stages/0"), "job");
  }

  private static List<String> members(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  // --- list job ---

  @Test
  void jobsAreListedTheLastBegunFirstWithTheStagesThatCouldNotRun() {
    List<String> lines = store.fine("list", "job").lines().toList();

    assertThat(lines.get(0))
        .matches(
            "JOB +STAGE +STATE +STARTED +TOOK +DATUMS +RAN +REUSED +FAILED +WROTE +RUN +COMMIT OR CAUSE");
    assertThat(lines).hasSize(5);
    assertThat(lines.get(1))
        .matches("\\w{12} +count +SUCCESS .* 1 +1 +0 +24 bytes +\\w{12} +count@\\w{12}");
    assertThat(lines.get(2))
        .startsWith(repairedJob().substring(0, 12))
        .matches(".* upper +SUCCESS .* 3 +1 +2 +5 bytes +\\w{12} +upper@\\w{12}");
    assertThat(lines.get(3)).matches(" +count +UNRUNNABLE +\\S+Z +\\w{12} +the stage upper failed");
    assertThat(lines.get(4))
        .startsWith(failedJob().substring(0, 12))
        .matches(".* upper +FAILURE .* 3 +3 +0 +1 +8 bytes +\\w{12} +1 of 3 datums failed\\.");
  }

  @Test
  void jobsOfOneStageAreListedUpToALimit() throws Exception {
    JsonNode jobs = store.json("list", "job", "--stage", "upper", "-n", "1").required("jobs");

    assertThat(jobs).hasSize(1);
    assertThat(text(jobs.get(0), "job")).isEqualTo(repairedJob());
  }

  @Test
  void theDocumentOfAJobInAListIsThis() throws Exception {
    JsonNode jobs = store.json("list", "job").required("jobs");

    assertThat(members(jobs.get(1)))
        .containsExactly(
            "job", "stage", "state", "run", "started", "ended", "datums", "ran", "reused", "failed",
            "summary", "commit");
    assertThat(members(jobs.get(2))).containsExactly("stage", "state", "cause", "run");
    assertThat(members(jobs.get(3)))
        .containsExactly(
            "job", "stage", "state", "run", "started", "ended", "datums", "ran", "reused", "failed",
            "summary", "cause", "remedy");
    assertThat(jobs.get(1).required("commit")).isEqualTo(repairedRun.at("/stages/0/commit"));
    assertThat(jobs.get(1).required("run")).isEqualTo(repairedRun.required("run"));
    assertThat(jobs.get(1).required("ran").intValue()).isEqualTo(1);
    assertThat(jobs.get(1).required("reused").intValue()).isEqualTo(2);
    assertThat(jobs.get(3).required("failed").intValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many"})
  void aLimitIsANumberOfOneOrMore(String limit) {
    Ran ran = store.run("list", "job", "-n", limit);

    assertThat(ran.exit()).isEqualTo(Exit.COMMAND_LINE);
    assertThat(ran.err()).contains("\"" + limit + "\" is not a number of 1 or more");
  }

  // --- inspect job ---

  @Test
  void aFailedJobShowsTheDatumThatFailedFirstWithItsLastLines() {
    String shown = store.fine("inspect", "job", failedJob());

    assertThat(shown)
        .startsWith("job          " + failedJob() + "\nstage        upper\nstate        FAILURE\n")
        .contains("\ncause        1 of 3 datums failed.\n             Correct what the log says")
        .contains("\ninput        lines@")
        .contains("\ndatums       3: 3 ran, 0 reused, 1 failed\n")
        .contains("\nbytes        12 bytes in, 8 bytes out\n")
        .containsPattern("\nsummary      .*s: 3 of 3 datums ran, 0 reused, 1 failed, 0 retries\n")
        .containsPattern(
            "\n             wrote 8 bytes\n +.*s in datums, the longest .*s in \\w{12}\n")
        .containsPattern("\nDATUM +STATE +EXIT .*\n\\w{12}  FAILED +3 +1 .* lines:/bad.txt\n")
        .containsPattern("\n\\w{12}  SUCCESS +0 +1 .* 4 bytes +4 bytes +lines:/one.txt\n")
        .contains("(lines:/bad.txt): The program sh ended with exit code 3.\n")
        .contains("\n  | this is bad\n")
        .endsWith("beamwright logs " + failedJob().substring(0, 12) + " --failed\n")
        .doesNotContain("\ncommit");
  }

  @Test
  void afterTheRepairTheGoodDatumsAreReused() throws Exception {
    JsonNode job = store.json("inspect", "job", repairedJob());

    assertThat(text(job, "state")).isEqualTo("SUCCESS");
    assertThat(job.required("results").findValuesAsText("state"))
        .containsExactly("SUCCESS", "SKIPPED", "SKIPPED");
    assertThat(job.at("/totals/ran").intValue()).isEqualTo(1);
    assertThat(job.at("/totals/reused").intValue()).isEqualTo(2);
    assertThat(job.at("/totals/bytes/in").intValue()).isEqualTo(5);
    assertThat(job.at("/totals/bytes/out").intValue()).isEqualTo(5);
  }

  @Test
  void theDocumentOfAJobIsThis() throws Exception {
    JsonNode job = store.json("inspect", "job", failedJob());

    assertThat(members(job))
        .containsExactly(
            "job",
            "stage",
            "state",
            "run",
            "started",
            "ended",
            "datums",
            "ran",
            "reused",
            "failed",
            "summary",
            "cause",
            "remedy",
            "repo",
            "branch",
            "author",
            "submitted",
            "provenance",
            "attempts",
            "results",
            "totals");
    assertThat(job.required("attempts")).hasSize(1);
    assertThat(members(job.at("/attempts/0")))
        .containsExactly("number", "of_job", "run", "started", "to_run");
    assertThat(job.at("/attempts/0/of_job").asInt()).isEqualTo(1);
    assertThat(members(job.required("summary")))
        .containsExactlyInAnyOrder(
            "milliseconds",
            "datums",
            "ran",
            "reused",
            "failed",
            "retried",
            "bytes",
            "datum_milliseconds",
            "longest");
    assertThat(members(job.required("totals")))
        .containsExactly("ran", "reused", "failed", "pending", "bytes", "milliseconds");
    JsonNode failed = job.at("/results/0");
    assertThat(members(failed)).containsExactly("datum", "state", "inputs", "facts", "log_bytes");
    assertThat(text(failed, "state")).isEqualTo("FAILED");
    assertThat(text(failed, "datum")).hasSize(64);
    assertThat(text(failed.at("/inputs/0"), "match")).isEqualTo("/bad.txt");
    assertThat(failed.at("/facts/exit_code").intValue()).isEqualTo(3);
    assertThat(job.at("/provenance/inputs/0/commit")).isEqualTo(failedRun.at("/puts/lines"));
  }

  @Test
  void aJobIsFoundByAPrefixOfItsIdByItsStageAndByItsCommit() throws Exception {
    String commit = text(repairedRun.at("/stages/0"), "commit");

    for (String name : List.of(repairedJob().substring(0, 4), "upper", "upper@" + commit)) {
      assertThat(text(store.json("inspect", "job", name), "job")).as(name).isEqualTo(repairedJob());
    }
  }

  // --- logs ---

  @Test
  void theLogsOfAJobAreHeadedByTheirDatums() {
    assertThat(store.fine("logs", failedJob()))
        .matches(
            """
            ==> datum \\w{12} \\(lines:/bad.txt\\) FAILED <==
            reading bad.txt
            this is bad

            ==> datum \\w{12} \\(lines:/one.txt\\) SUCCESS <==
            reading one.txt

            ==> datum \\w{12} \\(lines:/two.txt\\) SUCCESS <==
            reading two.txt
            """);
  }

  @Test
  void theLogsOfReusedDatumsAreThoseOfTheJobThatRanThem() {
    assertThat(store.fine("logs", "upper"))
        .contains(
            "bad.txt) SUCCESS <==\nreading bad.txt\n", "one.txt) SKIPPED <==\nreading one.txt\n");
  }

  @Test
  void theLogsOfFailedDatumsAlone() {
    assertThat(store.fine("logs", failedJob(), "--failed"))
        .contains("bad.txt", "this is bad")
        .doesNotContain("one.txt");
    Ran none = store.run("logs", repairedJob(), "--failed");
    assertThat(none.exit()).isEqualTo(Exit.FINE);
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).matches("No datum of the job \\w{12} \\(upper\\) failed\\.\n");
  }

  @Test
  void theLogOfOneDatumIsPrintedAsItIs() throws Exception {
    String datum = text(store.json("inspect", "job", failedJob()).at("/results/0"), "datum");

    assertThat(store.fine("logs", failedJob(), "--datum", datum.substring(0, 8)))
        .isEqualTo("reading bad.txt\nthis is bad\n");
  }

  @Test
  void theDocumentOfLogsHoldsThem() throws Exception {
    JsonNode logs = store.json("logs", failedJob(), "--failed");

    assertThat(members(logs)).containsExactly("job", "stage", "datums");
    assertThat(logs.required("datums")).hasSize(1);
    assertThat(text(logs.at("/datums/0"), "log")).isEqualTo("reading bad.txt\nthis is bad\n");
    assertThat(logs.at("/datums/0/log_bytes").intValue()).isEqualTo(28);
  }

  @Test
  void aDatumThatTheJobDoesNotHaveIsNamed() {
    Ran ran = store.run("logs", failedJob(), "--datum", "0000000000");

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.err())
        .contains(
            "has no datum \"0000000000\"",
            "Try: beamwright inspect job " + failedJob().substring(0, 12));
  }

  @Test
  void followingAJobThatHasEndedIsItsLogsAndItsEnd() throws Exception {
    Ran failed = store.run("logs", "-f", failedJob());
    assertThat(failed.exit()).isEqualTo(Exit.JOB_FAILED);
    assertThat(failed.out()).isEqualTo(store.fine("logs", failedJob()));
    assertThat(failed.err()).isEmpty();
    Ran reused = store.run("logs", "--follow", "upper");
    assertThat(reused.exit()).isEqualTo(Exit.FINE);
    assertThat(reused.out()).isEqualTo(store.fine("logs", "upper"));

    String datum = text(store.json("inspect", "job", failedJob()).at("/results/0"), "datum");
    assertThat(store.run("logs", "-f", failedJob(), "--datum", datum.substring(0, 8)).out())
        .isEqualTo("reading bad.txt\nthis is bad\n");
    assertThat(store.run("logs", "-f", failedJob(), "--failed").out())
        .isEqualTo(store.fine("logs", failedJob(), "--failed"));
    assertThat(store.run("logs", "-f", "count").err())
        .matches("No datum of the job \\w{12} \\(count\\) printed anything\\.\n");
    Ran document = store.run("logs", "-f", failedJob(), "--json");
    assertThat(document.exit()).isEqualTo(Exit.JOB_FAILED);
    assertThat(new JsonMapper().readTree(document.out()))
        .isEqualTo(store.json("logs", failedJob()));
  }

  // --- runs ---

  @Test
  void runsAreListedTheLastSubmittedFirst() {
    List<String> lines = store.fine("list", "run").lines().toList();

    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).matches("RUN +STATE +AUTHOR +SUBMITTED +TOOK +STAGES +SPECS");
    assertThat(lines.get(1)).contains("SUCCESS  ada", "2 REUSED", "specs.json");
    assertThat(lines.get(2)).contains("SUCCESS  ada", "2 SUCCESS");
    assertThat(lines.get(3)).contains("FAILURE  ada", "1 FAILURE, 1 UNRUNNABLE");
    assertThat(lines.get(3)).startsWith(text(failedRun, "run").substring(0, 12));
  }

  @Test
  void aRunShowsItsStagesWithTheirJobsCommitsAndCauses() {
    String shown = store.fine("inspect", "run", text(failedRun, "run").substring(0, 6));

    assertThat(shown)
        .startsWith("run          " + text(failedRun, "run") + "\nstate        FAILURE\n")
        .contains(" by ada\n", "runner       direct, beamwright ", "\nput          lines@")
        .containsPattern(
            "\nupper +FAILURE .*s +3 +0 +8 bytes +"
                + failedJob().substring(0, 12)
                + " +1 of 3 datums failed\\.\n")
        .containsPattern("\ncount +UNRUNNABLE +the stage upper failed\n");
  }

  @Test
  void aStageThatWasReusedNamesTheJobThatMadeItsCommit() throws Exception {
    JsonNode run = store.json("inspect", "run", text(repeatedRun, "run"));

    assertThat(members(run))
        .containsExactly(
            "run",
            "state",
            "author",
            "submitted",
            "ended",
            "engine",
            "runner",
            "specs",
            "puts",
            "stages");
    assertThat(members(run.at("/stages/0")))
        .as("what it cost was told by the run that made it")
        .containsExactly("stage", "state", "job", "commit", "why");
    assertThat(text(run.at("/stages/0"), "state")).isEqualTo("REUSED");
    JsonNode repaired = store.json("inspect", "run", text(repairedRun, "run"));
    assertThat(repaired.at("/stages/0/summary"))
        .isEqualTo(store.json("inspect", "job", repairedJob()).required("summary"))
        .isEqualTo(repairedRun.at("/stages/0/summary"));
    assertThat(text(run.at("/stages/0"), "job")).isEqualTo(repairedJob());
    assertThat(text(run.at("/stages/0"), "why")).isEqualTo("nothing changed");
  }

  // --- what is not there ---

  @ParameterizedTest
  @CsvSource({
    "inspect job uper, 'no job \"uper\"', 'Did you mean upper? Try: beamwright list job'",
    "logs ffffffffffff, 'no job \"ffffffffffff\"', 'Try: beamwright list job'",
    "inspect run ffffffffffff, 'no run \"ffffffffffff\"', 'Try: beamwright list run'",
    "inspect run ab, 'no run \"ab\"', 'Try: beamwright list run'",
    "logs lines, 'The repo \"lines\" is no stage', 'Try: beamwright list job'",
    "logs lines@master, '\"lines@master\" was made by no job: ada put it.', 'Try: beamwright list job'",
    "logs lines@maste, '\"maste\" in the repo lines', 'Did you mean master?'"
  })
  void whatIsNotThereIsNamedWithTheNearMisses(String command, String what, String remedy) {
    Ran ran = store.run(command.split(" "));

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("error: ").contains(what, remedy);
  }

  @Test
  void anAmbiguousPrefixListsTheCandidates() throws Exception {
    Path other = folder.resolve("ambiguous");
    try (Store ours = store.open();
        Store theirs = Store.openOrCreate(location(other).open())) {
      for (String digit : List.of("0", "1")) {
        Sha256 job = Sha256.parse("abcd" + digit.repeat(60));
        ObjectNode plan = ours.jobs().plan(Sha256.parse(repairedJob())).orElseThrow().deepCopy();
        plan.withObject("/provenance").put("job", job.hex());
        var unused = theirs.jobs().fixPlan(job, plan);
      }
    }

    Ran ran = Ran.command("inspect", "job", "abcd", "--store", "file:" + other);

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.err())
        .contains(
            "\"abcd\" may be any of the jobs abcd" + "0".repeat(60) + " (upper), abcd1",
            "Give more digits.");
  }

  @Test
  void aDatumThatRanTwiceWithDifferentOutputsIsMarked() throws Exception {
    JsonNode job = store.json("inspect", "job", "count");
    String datum = text(job.at("/results/0"), "datum");
    assertThat(job.at("/results/0").has("contradicted")).isFalse();
    try (Store ours = store.open()) {
      // As a second attempt leaves it whose program wrote something else.
      ObjectNode state = new JsonMapper().createObjectNode();
      state.put("at", "2024-02-03T04:05:06Z").put("attempt", 9).put("state", "SUCCESS");
      state.put("commit", text(job, "commit")).putArray("contradictions").add(datum);
      ours.jobs().record(Sha256.parse(text(job, "job")), state);
    }

    assertThat(store.json("inspect", "job", "count").at("/results/0/contradicted").booleanValue())
        .isTrue();
    assertThat(store.fine("inspect", "job", "count"))
        .contains("1 ran twice with different outputs", "SUCCESS (not deterministic)");
  }

  @Test
  void whatBeganLongAgoAndHasNoEndAndNoLeaseIsLost() throws Exception {
    Path other = folder.resolve("running");
    Sha256 job = Sha256.parse(failedJob());
    try (Store ours = store.open();
        Store theirs = Store.openOrCreate(location(other).open())) {
      Instant now = Instant.parse("2024-02-03T04:05:06Z");
      Submission submission =
          new Submission(
              "feed0123",
              "bob",
              now,
              "1",
              RunnerDefaults.here("direct"),
              List.of(),
              Map.of(),
              Map.of());
      submission.begin(theirs);
      ObjectNode plan = ours.jobs().plan(job).orElseThrow().deepCopy();
      plan.put("time", now.toString()).putArray("segments");
      var fixed = theirs.jobs().fixPlan(job, plan);
      var attempt = theirs.attempts().begin(job, "feed0123", "upper", now.plusSeconds(1), 3, 2);
    }

    String[] at = {"--store", "file:" + other};
    assertThat(Ran.command("list", "job", at[0], at[1]).out())
        .containsPattern("upper +LOST +2024-02-03T04:05:07Z +3 +1 +feed0123\n");
    assertThat(Ran.command("inspect", "run", "feed", at[0], at[1]).out())
        .contains("state        LOST")
        .containsPattern("\nupper +LOST +" + failedJob().substring(0, 12) + "\n");
  }

  @Test
  void aRunThatAFaultEndedSaysWhy() throws Exception {
    CliStore other = new CliStore(folder.resolve("fault"));
    Path lines = other.file("lines", "a\n");
    Path specs =
        other.file(
            "specs.json",
            SPECS.replace("\"cmd\": [\"sh\"]", "\"cmd\": [\"sh\"], \"environment\": [\"exit 7\"]"));

    Ran ran = other.run("run", specs.toString(), "--put", "lines=" + lines);

    assertThat(ran.exit()).isNotEqualTo(Exit.FINE);
    JsonNode run = other.json("list", "run").at("/runs/0");
    assertThat(text(run, "state")).isEqualTo("FAILURE");
    JsonNode stage = other.json("inspect", "run", text(run, "run")).at("/stages/0");
    assertThat(text(stage, "cause")).isNotBlank();
    assertThat(ran.err()).contains(text(stage, "cause"));
  }

  @Test
  void noneOfTheseCommandsNeedsAClassOfBeam() throws Exception {
    List<URL> small = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.matches(".*/(beam-|parquet|hadoop|duckdb|avro).*\\.jar")) {
        small.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(small.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      assertThat(loader.getResource("org/apache/beam/sdk/Pipeline.class")).isNull();
      for (String command :
          List.of("list job", "list run", "logs upper", "inspect job upper --json")) {
        var run =
            Class.forName(Ran.class.getName(), true, loader)
                .getDeclaredMethod("command", String[].class);
        run.setAccessible(true);
        Object ran = run.invoke(null, (Object) (command + " --store " + store.uri()).split(" "));
        assertThat(ran).asString().contains("exit=FINE", "SUCCESS");
      }
    }
  }

  private static StorageLocation location(Path store) {
    return StorageLocation.parse("file:" + store);
  }
}
