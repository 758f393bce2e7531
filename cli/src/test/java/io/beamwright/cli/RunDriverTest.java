// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.pipelines.Puts;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.Submission;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.ForwardingStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose store fails as its end is written down tells what came of it all the same. */
class RunDriverTest {

  private static final String RUN = "0123456789abcdef0123456789abcdef";
  private static final String UNWRITTEN =
      "The run came to its end, and that could not be written down: Cannot create "
          + StoreLayout.runLog(RUN)
          + "/999/999/999/999: it is full.";

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private CliStore home;

  @BeforeEach
  void makeInput() {
    home = new CliStore(folder);
    home.fine("create", "repo", "in");
    home.put("in@master:/a", "1");
  }

  /** Cannot write down how runs end; and from then on cannot be read, if it is {@code gone}. */
  private static final class Failing extends ForwardingStorage {

    private final boolean isGoneThen;
    private boolean isGone;

    Failing(Storage storage, boolean isGoneThen) {
      super(storage);
      this.isGoneThen = isGoneThen;
    }

    @Override
    public Creation createIfAbsent(StorageKey key, Content content) {
      if (key.text().startsWith(StoreLayout.runLog(RUN))) {
        isGone = isGoneThen;
        throw new EnvironmentFault("Cannot create " + key + ": it is full.", "Make room.");
      }
      return super.createIfAbsent(key, content);
    }

    @Override
    public byte[] read(StorageKey key, long offset, int length) {
      if (isGone) {
        throw new EnvironmentFault("Cannot read " + key + ": it is gone.", "Look for it.");
      }
      return super.read(key, offset, length);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theTableIsPrintedAndNothingIsSaidToBeUnchanged(boolean isGoneThen) {
    Exit exit = drive(session(false), isGoneThen);

    assertThat(exit).isEqualTo(Exit.ENVIRONMENT);
    assertThat(out.toString(UTF_8))
        .containsPattern("copy@[0-9a-f]{12} +SUCCESS .* 1 +0  first job of this stage")
        .contains(isGoneThen ? "the store cannot be read" : "nothing changed");
    assertThat(err.toString(UTF_8))
        .contains(
            "error: "
                + UNWRITTEN
                + "\n  Make room. What its stages committed is there. To write down the end:"
                + " beamwright run --resume 0123456789ab\n");
    assertThat(home.fine("get", "file", "copy@master:/a")).isEqualTo("1");
  }

  @Test
  void whatOfTheStoreCannotBeReadIsNamed() {
    var unused = drive(session(false), true);

    assertThat(err.toString(UTF_8))
        .containsOnlyOnce("warning: ")
        .containsPattern("warning: Cannot read (jobs|commits)/.*: it is gone\\. Look for it\\.\n");
  }

  @Test
  void itsResumptionWritesDownTheEnd() throws Exception {
    var unused = drive(session(false), false);

    home.fine("run", "--resume", "0123456789ab");

    assertThat(home.json("inspect", "run", RUN).path("state").asText()).isEqualTo("SUCCESS");
  }

  @Test
  void theDocumentHasTheErrorToo() throws Exception {
    assertThat(drive(session(true), false)).isEqualTo(Exit.ENVIRONMENT);

    JsonNode document = new JsonMapper().readTree(out.toString(UTF_8));
    assertThat(document.path("stages").path(0).path("state").asText()).isEqualTo("SUCCESS");
    assertThat(document.path("error").path("exit_code").asInt()).isEqualTo(4);
    assertThat(document.path("error").path("what").asText()).isEqualTo(UNWRITTEN);
    assertThat(document.path("error").path("remedy").asText()).startsWith("Make room. ");
  }

  @Test
  void whatWasPutBeforeAnotherPutFailedIsNamed() throws Exception {
    Path spec =
        home.file(
            "spec.json",
            """
            {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
             "transform": {"cmd": ["true"]}}
            """);
    Path full = home.file("full/a", "2").getParent();
    Path empty = Files.createDirectory(folder.resolve("empty"));

    Ran ran = home.run("run", spec.toString(), "--put", "in=" + full, "--put", "nothing=" + empty);

    assertThat(ran.exit()).isEqualTo(Exit.USER);
    assertThat(ran.err())
        .containsPattern("After --put, in is at [0-9a-f]{12}\\.")
        .contains("holds no file to put into the new repo nothing");
    assertThat(home.fine("get", "file", "in@master:/a")).isEqualTo("2");
  }

  /** A run whose lease cannot be written is not RUNNING until that would have run out. */
  @Test
  void aRunThatCannotHoldItsLeaseHasEnded() throws Exception {
    Storage storage =
        new ForwardingStorage(session(false).location().open()) {
          @Override
          public Creation createIfAbsent(StorageKey key, Content content) {
            if (key.text().startsWith(StoreLayout.LEASES)) {
              throw new EnvironmentFault("Cannot create " + key + ": it is full.", "Make room.");
            }
            return super.createIfAbsent(key, content);
          }
        };
    try (Store store = Store.open(storage)) {
      Submission submission =
          submission(Map.of(Puts.branch("in"), store.history().resolve(Revision.parse("in")).id()));
      submission.begin(store);

      assertThatThrownBy(
              () ->
                  new RunDriver(session(false), session(false).location(), store)
                      .drive(submission, false))
          .isInstanceOf(EnvironmentFault.class)
          .hasMessageContaining("it is full");
    }

    JsonNode run = home.json("inspect", "run", RUN);
    assertThat(run.path("state").asText()).isEqualTo("FAILURE");
    assertThat(run.path("cause").asText()).contains("it is full");
    home.fine("run", "--resume", "0123456789ab");
    assertThat(home.fine("get", "file", "copy@master:/a")).isEqualTo("1");
  }

  @Test
  void itIsToldEvenIfNobodyReadsTheTable() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };

    assertThatThrownBy(() -> drive(session(closed, false), false))
        .isInstanceOf(Console.OutputClosed.class);

    assertThat(err.toString(UTF_8)).contains("error: " + UNWRITTEN);
  }

  private Exit drive(Session session, boolean isGoneThen) {
    try (Store store = Store.open(new Failing(session.location().open(), isGoneThen))) {
      Map<String, CommitId> inputs =
          Map.of(Puts.branch("in"), store.history().resolve(Revision.parse("in")).id());
      Submission submission = submission(inputs);
      submission.begin(store);
      Exit exit = new RunDriver(session, session.location(), store).drive(submission, false);
      session.console().flush();
      return exit;
    }
  }

  private Submission submission(Map<String, CommitId> inputs) {
    SpecSource spec =
        new SpecSource(
            "spec",
            folder,
            """
            {"pipeline": {"name": "copy"}, "input": {"pfs": {"repo": "in", "glob": "/"}},
             "transform": {"cmd": ["sh"], "stdin": ["cp /pfs/in/a /pfs/out"]}}
            """);
    return new Submission(
        RUN,
        "tester",
        Session.now(),
        "test",
        RunnerDefaults.here("direct"),
        List.of(spec),
        Map.of("in", inputs.values().iterator().next()),
        inputs);
  }

  private Session session(boolean json) {
    return session(out, json);
  }

  private Session session(OutputStream out, boolean json) {
    Console console = new Console(InputStream.nullInputStream(), out, err, false, System::nanoTime);
    if (json) {
      console.printJsonOnly();
    }
    return new Session(
        home.uri(),
        Map.of(),
        new Session.Typed(Optional.empty(), Map.of()),
        NamedContext.NONE,
        json,
        false,
        console,
        Map.of());
  }
}
