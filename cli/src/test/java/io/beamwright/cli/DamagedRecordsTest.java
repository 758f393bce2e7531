// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.job.JobCopy;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.job.RunCopy;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.testkit.ZippedStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records under checksums that are right, and that do not say all: damage, and no bug of ours. */
class DamagedRecordsTest {

  // Its job and its run were written by hand, with less than the command writes.
  private static final Path STORE =
      Path.of("../versioning/testkit/src/test/resources/stores/1.zip");

  private static final String RUN = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_RUN = "ffffffffffffffffffffffffffffffff";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Sha256 OTHER_JOB = Sha256.of(new byte[0]);

  @TempDir Path folder;
  private CliStore store;

  @BeforeEach
  void unpack() throws IOException {
    store = new CliStore(folder);
    try (InputStream zipped = Files.newInputStream(STORE)) {
      ZippedStore.unpack(zipped, store.root());
    }
  }

  @Test
  void thePlanOfAJobIsNamed() {
    Ran ran = store.run("list", "job");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith("error: " + store.uri() + "/jobs/4bf/")
        .contains("/plan, which should hold the plan of a job, does not say all of it.");
  }

  @Test
  void theRunIsNamed() {
    Ran ran = store.run("list", "run");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith(
            "error: What "
                + store.uri()
                + " tells of the run 0123456789abcdef0123456789abcdef is damaged: ");
  }

  @Test
  void aPushOfWhatTheJobMadeIsRefused() {
    Ran ran = store.run("push", "file:" + folder.resolve("copy"), "out");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .contains("should hold the description of a datum, does not say what came of one.");
  }

  @Test
  void aRunWithoutAnIdIsDamage() {
    CliStore home = made();
    begin(home, CanonicalJson.object().put("run", 7));

    for (Ran ran : List.of(home.run("list", "run"), home.run("inspect", "run", "1234"))) {
      assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
      assertThat(ran.err())
          .startsWith("error: What " + home.uri() + " tells of a run is damaged: ")
          .contains("beamwright fsck");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday"})
  void aRunWithoutATimeIsDamageBesideOneOfAnotherStore(String time) {
    CliStore home = made();
    begin(home, submission(OTHER_RUN, time));
    try (Store opened = home.open()) {
      opened
          .copies()
          .write(
              new RunCopy(
                  submission(RUN, "2026-01-01T12:00:00Z"),
                  CanonicalJson.object().put("state", "SUCCESS")));
    }

    Ran ran = home.run("list", "run");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith("error: What " + home.uri() + " tells of the run " + OTHER_RUN + " is damaged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'state': 'SUCCESS', 'attempt': 1}",
        "{'state': 'SUCCESS', 'attempt': 1, 'commit': 'COMMIT'}",
        "{'state': 'SUCCESS', 'attempt': 1, 'commit': 'COMMIT', 'at': 'yesterday'}",
        "{'state': 'FAILURE', 'attempt': 1, 'at': '2026-01-01T12:00:00Z'}",
        "{'state': 'FAILURE', 'attempt': 1, 'at': '2026-01-01T12:00:00Z', 'reason': 1,"
            + " 'remedy': 'x'}",
        "{'state': 'FAILURE', 'attempt': 1, 'at': '2026-01-01T12:00:00Z', 'reason': 'x',"
            + " 'remedy': 'x', 'contradictions': ['x']}",
        "{'state': 'KILLED', 'attempt': 1, 'by': 'x', 'at': 7}"
      })
  void theEndOfAJobThatDoesNotSayAllIsDamage(String end) throws IOException {
    CliStore home = made();
    Sha256 job = begunTwice(home);
    String commit = home.json("inspect", "commit", "copy").at("/commit/id").asText();
    try (Store opened = home.open()) {
      opened.jobs().record(job, parse(end.replace('\'', '"').replace("COMMIT", commit)));
    }

    namesTheJob(home, job);
  }

  @Test
  void aJobIsDamageWhoseRunDoesNotSayWhenItEnded() throws IOException {
    CliStore home = made();
    Sha256 job = begunTwice(home);
    try (Store opened = home.open()) {
      opened.runs().record(OTHER_RUN, CanonicalJson.object().put("state", "FAILURE"));
    }

    Ran ran = home.run("list", "job");

    assertThat(ran.exit()).as("%s: %s", job, ran).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith("error: What " + home.uri() + " tells of the run " + OTHER_RUN + " is damaged");
  }

  @Test
  void anAttemptOfNoRunIsDamage() throws IOException {
    CliStore home = made();
    try (Store opened = home.open()) {
      new NumberedLog(opened.storage(), StoreLayout.ATTEMPTS)
          .append(
              SummedJson.bytes(
                  parse(
                      "{\"job\": \"%s\", \"run\": 1, \"stage\": \"copy\", \"datums\": 1,"
                              .formatted(OTHER_JOB)
                          + " \"to_run\": 1, \"at\": \"2026-01-01T12:00:00Z\"}")));
    }

    Ran ran = home.run("list", "job");

    assertThat(ran.exit()).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err()).contains(home.uri() + ": entry 1 of the log of attempts is damaged.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday"})
  void aPushLeavesTheRunThatDoesNotSayWhenItWasSubmitted(String time) throws IOException {
    CliStore home = made();
    String run = home.json("list", "run").at("/runs/0/run").asText();
    begin(home, submission(run, time));
    CliStore copy = new CliStore(folder.resolve("copy"));

    Ran ran = home.run("push", copy.uri(), "copy");

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
    assertThat(copy.json("list", "run").path("runs")).isEmpty();
    assertThat(copy.json("list", "job").path("jobs")).hasSize(1);
  }

  @Test
  void aPushLeavesTheJobWhoseSuccessNamesNoAttempt() throws IOException {
    CliStore home = made();
    String id = home.json("list", "job").at("/jobs/0/job").asText();
    try (Store opened = home.open()) {
      Sha256 job = Sha256.parse(id);
      ObjectNode success = (ObjectNode) JobStates.success(opened.jobs().states(job)).orElseThrow();
      Files.delete(
          home.root()
              .resolve(new NumberedLog(opened.storage(), StoreLayout.jobLog(job)).key(0).text()));
      success.remove("attempt");
      opened.jobs().record(job, success);
    }
    CliStore copy = new CliStore(folder.resolve("copy"));

    Ran ran = home.run("push", copy.uri(), "copy");

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
  }

  @Test
  void aJobThatDidNotSucceedElsewhereIsDamage() throws IOException {
    CliStore home = made();
    try (Store opened = home.open()) {
      opened.copies().write(planned(home), NOON, new JobCopy(List.of(), List.of(), List.of()));
    }

    Ran ran = home.run("list", "job");

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err()).contains("which should hold a copied job, is not what was written.");
  }

  @Test
  void thePlanOfAJobThatWasBegunIsMissed() {
    CliStore home = made();
    try (Store opened = home.open()) {
      var unused = opened.attempts().begin(OTHER_JOB, OTHER_RUN, "copy", NOON, 1, 1);
    }

    Ran ran = home.run("list", "job");

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err()).contains("/plan, which should hold the plan of a job, is absent.");
  }

  private static void namesTheJob(CliStore home, Sha256 job) {
    Ran ran = home.run("list", "job");

    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.ENVIRONMENT);
    assertThat(ran.err())
        .startsWith("error: What " + home.uri() + " tells of the job " + job.hex() + " is damaged");
  }

  /** A store with a stage that ran: attempt 0. */
  private CliStore made() {
    CliStore home = new CliStore(folder.resolve("made"));
    home.fine("create", "repo", "in");
    home.put("in@master:/a", "1");
    try {
      Path spec =
          home.file(
              "copy.json",
              """
              {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
               "transform": {"cmd": ["sh"], "stdin": ["cp /pfs/in/a /pfs/out"]}}
              """);
      Ran ran = home.run("run", spec.toString());
      assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.FINE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return home;
  }

  /** Another job, planned as the one that ran; attempt 1 is its own. */
  private static Sha256 begunTwice(CliStore home) throws IOException {
    Sha256 job = planned(home);
    try (Store opened = home.open()) {
      var unused = opened.attempts().begin(job, OTHER_RUN, "copy", NOON, 1, 1);
    }
    return job;
  }

  private static Sha256 planned(CliStore home) throws IOException {
    Sha256 first = Sha256.parse(home.json("list", "job").at("/jobs/0/job").asText());
    try (Store opened = home.open()) {
      ObjectNode plan = opened.jobs().plan(first).orElseThrow().deepCopy();
      ((ObjectNode) plan.required("provenance")).put("job", OTHER_JOB.hex());
      plan.put("time", NOON.toString());
      var unused = opened.jobs().fixPlan(OTHER_JOB, plan);
    }
    return OTHER_JOB;
  }

  private static void begin(CliStore home, ObjectNode submission) {
    try (Store opened = home.open()) {
      opened.runs().begin(submission);
    }
  }

  private static ObjectNode submission(String run, String time) {
    ObjectNode submission =
        CanonicalJson.object()
            .put("run", run)
            .put("author", "ada")
            .put("engine", "1")
            .put("runner", "direct");
    submission.putArray("specs");
    submission.putObject("puts");
    return time.isEmpty() ? submission : submission.put("time", time);
  }

  private static ObjectNode parse(String json) throws IOException {
    return (ObjectNode) CanonicalJson.parse(json.getBytes(UTF_8));
  }
}
