// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.StageOutcome;
import io.beamwright.pipelines.Submission;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a run some of whose stages broke off, and the exit code that says so. */
class RunOutputTest {

  private static final StageOutcome BUG =
      new StageOutcome.Broken("a", Optional.empty(), new NullPointerException("oops"));
  private static final StageOutcome DISK =
      new StageOutcome.Broken(
          "b", Optional.empty(), new EnvironmentFault("The disk is full.", "Make room."));
  private static final StageOutcome TAG =
      new StageOutcome.Broken("c", Optional.empty(), new UserFault("It is a tag.", "Rename it."));
  private static final StageOutcome AFTER = new StageOutcome.Unrunnable("d", "the stage a failed");

  @TempDir Path temp;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aBugOfOursIsToldWithItsStageAfterTheTableOfAllStages() {
    assertThat(print(false, DISK, BUG, TAG, AFTER)).isEqualTo(Exit.BUG);
    assertThat(out.toString(UTF_8))
        .contains("b       FAILURE", "a       FAILURE", "d       UNRUNNABLE");
    assertThat(err.toString(UTF_8))
        .contains(
            "error: The stage a failed: this is a bug in Beamwright:"
                + " java.lang.NullPointerException: oops",
            "Please report it with the file ",
            "error: The stage b failed: The disk is full.\n  Make room.")
        .doesNotContain("at io.beamwright");
  }

  @Test
  void theExitCodeSaysWhoseFaultItIs() {
    assertThat(print(false, TAG, DISK)).isEqualTo(Exit.ENVIRONMENT);
    assertThat(print(false, AFTER, TAG)).isEqualTo(Exit.USER);
    assertThat(print(false, AFTER)).isEqualTo(Exit.JOB_FAILED);
  }

  @Test
  void aRunThatBrokeOffSaysHowToGoOn() {
    var unused = print(false, DISK, AFTER);
    assertThat(out.toString(UTF_8))
        .endsWith("\nTo go on with this run: beamwright run --resume run\n");
    out.reset();
    var alsoUnused = print(false, new StageOutcome.NotBegun("a", "ann"));
    assertThat(out.toString(UTF_8)).contains("beamwright run --resume run");
    out.reset();
    // The same specs would end alike.
    var unusedToo = print(false, AFTER, TAG, BUG);
    assertThat(out.toString(UTF_8)).doesNotContain("--resume");
  }

  @Test
  void theJsonHasTheErrorOfEachStage() {
    assertThat(print(true, DISK, AFTER)).isEqualTo(Exit.ENVIRONMENT);
    assertThat(out.toString(UTF_8))
        .contains(
            "\"exit_code\": 4",
            "\"what\": \"The disk is full.\"",
            "\"remedy\": \"Make room.\"",
            "\"state\": \"UNRUNNABLE\"");
  }

  @Test
  void withDebugTheTraceOfEachStageIsPrinted() {
    assertThat(print(false, true, BUG, DISK)).isEqualTo(Exit.BUG);
    assertThat(err.toString(UTF_8))
        .contains(
            "java.lang.NullPointerException: oops\n\tat io.beamwright.cli.RunOutputTest.<clinit>",
            "error: The stage a failed: this is a bug in Beamwright:"
                + " java.lang.NullPointerException: oops\n"
                + "  Please report it with the stack trace above.",
            "EnvironmentFault: The disk is full.\n\tat io.beamwright.cli.RunOutputTest.<clinit>");
  }

  @Test
  void anEndThatCouldNotBeWrittenDownHidesNoBugOfOursAndIsHiddenByNoFailedStage() {
    Optional<RuntimeException> unwritten =
        Optional.of(new EnvironmentFault("The store is full.", "Make more room."));

    assertThat(print(true, false, unwritten, BUG)).isEqualTo(Exit.BUG);
    assertThat(print(false, false, unwritten, AFTER)).isEqualTo(Exit.ENVIRONMENT);
    assertThat(print(false, false, unwritten)).isEqualTo(Exit.ENVIRONMENT);
    assertThat(out.toString(UTF_8))
        .contains("\"exit_code\": 70", "\"exit_code\": 4", "\"what\": \"The store is full.\"");
    assertThat(err.toString(UTF_8)).contains("error: The store is full.\n  Make more room.\n");
  }

  private Exit print(boolean json, StageOutcome... outcomes) {
    return print(json, false, outcomes);
  }

  private Exit print(boolean json, boolean debug, StageOutcome... outcomes) {
    return print(json, debug, Optional.empty(), outcomes);
  }

  private Exit print(
      boolean json, boolean debug, Optional<RuntimeException> unwritten, StageOutcome... outcomes) {
    Console console = new Console(InputStream.nullInputStream(), out, err, false, System::nanoTime);
    if (json) {
      console.printJsonOnly();
    }
    Session session =
        new Session(
            "file:" + temp.resolve("store"),
            Map.of(),
            new Session.Typed(Optional.empty(), Map.of()),
            NamedContext.NONE,
            json,
            debug,
            console,
            Map.of());
    Submission submission =
        new Submission(
            "run",
            "tester",
            Instant.EPOCH,
            "test",
            RunnerDefaults.here("direct"),
            List.of(),
            Map.of(),
            Map.of());
    try (Store store = session.openOrCreateStore();
        RunOutput output = new RunOutput(session, store)) {
      Exit exit = output.print(submission, new RunReport("run", List.of(outcomes)), unwritten);
      console.flush();
      return exit;
    }
  }
}
