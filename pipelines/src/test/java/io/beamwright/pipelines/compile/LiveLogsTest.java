// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.Workshop;
import io.beamwright.pipelines.compile.LogRig.Go;
import io.beamwright.pipelines.compile.LogRig.Heard;
import io.beamwright.pipelines.compile.LogRig.Running;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.pipelines.record.DatumState;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.JobState;
import io.beamwright.pipelines.record.LogFollower;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.job.ClusterJob;
import io.beamwright.versioning.job.JobStates;
import io.beamwright.versioning.job.LogSegment;
import io.beamwright.versioning.result.DatumResult.State;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.FaultyStorage.Call;
import io.beamwright.versioning.testkit.Trouble;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs print is written while they run, and followed until their job ends. */
class LiveLogsTest {

  private final LogRig rig = new LogRig(2);
  private final Sha256 one = rig.datums.get(0);
  private final Sha256 two = rig.datums.get(1);
  private final Heard heard = new Heard();

  private LogFollower follower() {
    return new LogFollower(rig.store, rig.job(), datum -> true, false, heard);
  }

  /** Lets the follower see all that there is now; whether the job has ended. */
  private static boolean catchUp(LogFollower follower) {
    for (int look = 0; look < 17; look++) {
      if (follower.look()) {
        return true;
      }
    }
    return false;
  }

  private int segments(Running running) {
    return rig.storage
        .list(StoreLayout.liveLog(running.attempt.number()) + "/", Optional.empty(), 10_000)
        .size();
  }

  @Test
  void whatIsPrintedIsHeardWhileTheProgramRuns() {
    Running running = rig.begin("run");
    LogFollower follower = follower();
    assertThat(catchUp(follower)).isFalse();
    Go go = running.go(one).print("first\n");
    running.timer.fire();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.text(one)).isEqualTo("first\n");

    go.print("second\n");
    running.timer.fire();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.text(one)).isEqualTo("first\nsecond\n");

    go.print("last");
    go.end(State.SUCCESS);
    running.go(two).end(State.SUCCESS);
    running.end();
    assertThat(catchUp(follower)).isTrue();
    assertThat(heard.text(one)).isEqualTo("first\nsecond\nlast");
    assertThat(heard.anew).isEmpty();
    assertThat(heard.complete).containsExactly(one);
    assertThat(follower.job().state()).isEqualTo(JobState.SUCCESS);
  }

  @Test
  void aDatumThatEndsBeforeAFlushIsDueWritesNothingAndNothingWaitsForIt() {
    Running running = rig.begin("run");
    Go go = running.go(one).print("quick\n");
    go.end(State.SUCCESS);

    assertThat(running.timer.isIdle()).isTrue();
    assertThat(running.timer.delays).containsExactly(LiveLogWriter.FLUSHED_EVERY);
    assertThat(segments(running)).isZero();
    LogFollower follower = follower();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.text(one)).isEqualTo("quick\n");
  }

  @Test
  void aProgramThatPrintsNothingNewWritesNothing() {
    Running running = rig.begin("run");
    Go go = running.go(one);
    running.timer.fire();
    assertThat(segments(running)).isZero();
    go.print("x");
    running.timer.fire();
    running.timer.fire();
    running.timer.fire();
    assertThat(segments(running)).isOne();
  }

  @Test
  void whoComesLateHearsAllOfIt() {
    Running running = rig.begin("run");
    Go go = running.go(one);
    for (int i = 0; i < 300; i++) {
      go.print(i + "\n");
      running.timer.fire();
    }
    LogFollower follower = follower();

    assertThat(catchUp(follower)).isFalse();

    assertThat(heard.bytes(one)).isEqualTo(go.kept());
    assertThat(heard.text(one)).endsWith("299\n");
  }

  @Test
  void aTryThatFailedGivesWayToTheNextWhichSaysSo() {
    Running running = rig.begin("run");
    LogFollower follower = follower();
    Go go = running.go(one).print("in vain\n");
    running.timer.fire();
    assertThat(catchUp(follower)).isFalse();

    go.again().print("now\n");
    running.timer.fire();
    assertThat(catchUp(follower)).isFalse();

    assertThat(heard.anew).containsExactly("attempt 2 of the program");
    assertThat(heard.text(one)).isEqualTo("[beamwright: attempt 1 failed]\nnow\n");
    byte[] all = go.print("more\n").end(State.SUCCESS);
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.bytes(one)).isEqualTo(all);
    assertThat(heard.anew).hasSize(1);
  }

  @Test
  void ofTwoCopiesOfADatumTheOneThatIsKeptIsHeardToTheEnd() {
    Running running = rig.begin("run");
    LogFollower follower = follower();
    Go first = running.go(one).print("at 10:00\n");
    running.timer.fire();
    Go second = running.go(one).print("at 10:01\n");
    running.timer.fire();
    first.print("more of the first\n");
    running.timer.fire();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.anew).containsExactly("it is run once more");
    assertThat(heard.text(one)).isEqualTo("at 10:01\n");

    byte[] kept = first.end(State.SUCCESS);
    second.end(State.SUCCESS);
    running.go(two).end(State.SUCCESS);
    running.end();

    assertThat(catchUp(follower)).isTrue();
    assertThat(heard.text(one)).isIn(new String(kept, UTF_8), "at 10:01\n");
    assertThat(heard.complete).containsExactly(one);
  }

  @Test
  void aResultOfAnotherCopyThanWasHeardBeginsAnew() {
    Running running = rig.begin("run");
    LogFollower follower = follower();
    running.go(one).print("at 10:00\n");
    running.timer.fire();
    assertThat(catchUp(follower)).isFalse();

    byte[] kept = running.go(one).print("at 10:01, in a hurry\n").end(State.SUCCESS);
    assertThat(catchUp(follower)).isFalse();

    assertThat(heard.bytes(one)).isEqualTo(kept);
    assertThat(heard.anew).containsExactly("another copy of it ended first");
  }

  @Test
  void afterAKilledAttemptTheNextIsFollowed() {
    Running killed = rig.begin("run1");
    LogFollower follower = follower();
    Go dies = killed.go(one).print("one\n");
    byte[] kept = killed.go(two).print("two\n").end(State.SUCCESS);
    killed.timer.fire();
    assertThat(catchUp(follower)).isFalse();
    dies.print("unheard of\n");
    killed.timer.fire();

    Running next = rig.begin("run2");
    Go go = next.go(one).print("once more\n");
    next.timer.fire();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.anew).containsExactly("it is run once more");
    assertThat(heard.text(one)).isEqualTo("once more\n");

    byte[] all = go.print("and well\n").end(State.SUCCESS);
    next.end();
    assertThat(catchUp(follower)).isTrue();
    assertThat(heard.bytes(one)).isEqualTo(all);
    assertThat(heard.bytes(two)).isEqualTo(kept);
    assertThat(heard.anew).hasSize(1);
  }

  @Test
  void whatAKilledAttemptPrintedLastIsHeardWhenItsRunIsSaidToHaveEnded() {
    Running killed = rig.begin("run");
    LogFollower follower = follower();
    assertThat(catchUp(follower)).isFalse();
    killed.go(one).print("last words\n");
    killed.timer.fire();
    rig.store
        .runs()
        .record(
            "run",
            CanonicalJson.object().put("state", "FAILURE").put("at", "2026-01-01T00:00:00Z"));

    assertThat(catchUp(follower)).isTrue();

    assertThat(heard.text(one)).isEqualTo("last words\n");
    assertThat(heard.complete).isEmpty();
    assertThat(follower.job().state()).isEqualTo(JobState.FAILURE);
  }

  @Test
  void aJobThatNobodyDrivesIsGivenUpAfterAWhile() {
    Running lost =
        rig.begin("run", rig.plan.job().time().minus(Duration.ofMinutes(7)), rig.storage);
    LogFollower follower = follower();
    lost.go(one).print("last words\n");
    lost.go(two).print("done\n").end(State.SUCCESS);
    lost.timer.fire();
    int looks = 0;
    while (!follower.look()) {
      looks++;
    }
    assertThat(looks).isBetween(64, 200);
    assertThat(follower.job().state()).isEqualTo(JobState.LOST);
    assertThat(heard.text(one)).isEqualTo("last words\n");
    assertThat(heard.text(two)).isEqualTo("done\n");
  }

  @Test
  void aJobThatIsStoppedIsFollowedToItsEnd() {
    Running running = rig.begin("run");
    LogFollower follower = follower();
    running.go(one).print("as far as here\n");
    running.timer.fire();
    JobStates states = new JobStates(rig.store.jobs(), rig.plan.job().job());
    states.submitted(
        running.attempt.number(), new ClusterJob("flink", "there", "1"), Instant.EPOCH);
    states.askToStop(running.attempt.number(), "ann", Instant.EPOCH);
    assertThat(catchUp(follower)).as("asked to stop is not stopped").isFalse();

    var unused =
        new Publisher(rig.store, Clock.systemUTC())
            .kill(rig.plan.job(), running.attempt, new Publication.Killed("ann"));

    assertThat(catchUp(follower)).isTrue();
    assertThat(follower.job().state()).isEqualTo(JobState.KILLED);
    assertThat(heard.text(one)).isEqualTo("as far as here\n");
  }

  @Test
  void aFailedDatumIsHeardWithItsStateAndAgainIfItRunsAgain() {
    Running first = rig.begin("run1");
    LogFollower follower = follower();
    first.go(one).print("bad\n").end(State.FAILED);
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.states).containsEntry(one, DatumState.FAILED);

    Running second = rig.begin("run2");
    byte[] good = second.go(one).print("good\n").end(State.SUCCESS);
    second.go(two).end(State.SUCCESS);
    second.end();

    assertThat(catchUp(follower)).isTrue();
    assertThat(heard.states).containsEntry(one, DatumState.SUCCESS);
    assertThat(heard.bytes(one)).isEqualTo(good);
    assertThat(heard.anew).hasSize(1);
  }

  @Test
  void ofFailuresAloneNothingElseIsHeard() {
    Running running = rig.begin("run");
    LogFollower failures = new LogFollower(rig.store, rig.job(), datum -> true, true, heard);
    Go bad = running.go(one).print("bad ");
    Go good = running.go(two).print("good ");
    running.timer.fire();
    assertThat(catchUp(failures)).isFalse();
    assertThat(heard.texts).isEmpty();

    bad.print("end").end(State.FAILED);
    good.print("end").end(State.SUCCESS);
    running.end();

    assertThat(catchUp(failures)).isTrue();
    assertThat(heard.texts.keySet()).containsExactly(one);
    assertThat(heard.text(one)).isEqualTo("bad end");
  }

  @Test
  void oneDatumIsFollowedAlone() {
    Running running = rig.begin("run");
    LogFollower follower =
        new LogFollower(rig.store, rig.job(), datum -> datum.equals(two), false, heard);
    running.go(one).print("no\n");
    running.go(two).print("yes\n");
    running.timer.fire();

    assertThat(catchUp(follower)).isFalse();

    assertThat(heard.texts.keySet()).containsExactly(two);
  }

  @Test
  void aJobThatHasNotBegunIsWaitedFor() {
    LogFollower follower = follower();
    assertThat(catchUp(follower)).isFalse();
    Running running = rig.begin("run");
    running.go(one).print("here I am\n");
    running.timer.fire();

    assertThat(catchUp(follower)).isFalse();

    assertThat(heard.text(one)).isEqualTo("here I am\n");
  }

  @Test
  void aLookIsOneListAndReadsWhatIsNew() {
    Running running = rig.begin("run");
    FaultyStorage counted = new FaultyStorage(rig.storage);
    LogFollower follower =
        new LogFollower(Store.open(counted), rig.job(), datum -> true, false, heard);
    assertThat(catchUp(follower)).isFalse();
    Go go = running.go(one);
    for (int i = 0; i < 40; i++) {
      if (i % 5 == 0) {
        go.print("line\n");
        running.timer.fire();
      }
      int lists = counted.count(Call.LIST);
      assertThat(follower.look()).isFalse();
      assertThat(counted.count(Call.LIST) - lists).isOne();
    }
    assertThat(heard.bytes(one)).isEqualTo(go.kept());
  }

  @Test
  void aRealProgramIsHeardBeforeItEnds(@TempDir Path temp) {
    String spec =
        """
        {"pipeline": {"name": "slow"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
         "transform": {"cmd": ["sh"], "stdin": ["echo early", "sleep 2", "echo late"]}}
        """;
    try (Workshop workshop = Workshop.in(temp)) {
      workshop.put("in", Map.of("/a", "1"));
      RunReport report = workshop.run(spec, new PlainEngine(1, Duration.ofMillis(20)));
      assertThat(report.succeeded()).isTrue();
      List<String> live = new ArrayList<>();
      workshop
          .store()
          .liveLog(0)
          .readAfter(-1, (number, segment) -> live.add(new String(segment.bytes(), UTF_8)));
      assertThat(live.get(0)).isEqualTo("early\n");

      Sha256 job = report.stages().get(0).job().orElseThrow();
      JobRecord record = new JobRecords(workshop.store()).require(job.hex());
      assertThat(new LogFollower(workshop.store(), record, d -> true, false, heard).look())
          .isTrue();
      assertThat(heard.texts.values()).hasSize(1);
      assertThat(heard.text(heard.complete.get(0))).isEqualTo("early\nlate\n");
    }
  }

  // --- bounds ---

  @Test
  void ofALogThatIsLongerThanIsKeptTheBeginningIsLiveAndTheRestComesWithTheResult() {
    Running running = rig.begin("run");
    LogFollower follower = follower();
    Go go = running.go(one);
    byte[] million = new byte[1_000_000];
    new Random(1).nextBytes(million);
    for (int i = 0; i < 20; i++) {
      go.print(million);
      running.timer.fire();
      running.timer.fire();
    }
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.bytes(one)).hasSize(LiveLogWriter.MOST_BYTES_A_DATUM);
    assertThat(running.timer.isIdle()).as("no more is due for it").isTrue();
    assertThat(segments(running)).isBetween(ProgramLog.HALF / LogSegment.MOST_BYTES, 20);

    byte[] all = go.end(State.SUCCESS);
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.bytes(one)).isEqualTo(all);
    assertThat(heard.anew).isEmpty();
  }

  @Test
  void whoPrintsForLongWritesMoreSeldom() {
    Running running = rig.begin("run");
    Go go = running.go(one);
    int begun = LiveLogWriter.SEGMENTS_AT_A_PACE;
    for (int i = 0; i < 2 * begun; i++) {
      go.print("x");
      running.timer.fire();
    }
    List<Duration> delays = running.timer.delays;
    assertThat(delays.get(begun - 1)).isEqualTo(LiveLogWriter.FLUSHED_EVERY);
    assertThat(delays.get(begun)).isEqualTo(LiveLogWriter.FLUSHED_EVERY.multipliedBy(2));
    assertThat(delays.get(2 * begun)).isEqualTo(LiveLogWriter.FLUSHED_EVERY.multipliedBy(4));
  }

  // --- a storage in trouble ---

  @Test
  void whatCannotBeWrittenIsWrittenWithTheNextFlush() {
    FaultyStorage failing = new FaultyStorage(rig.storage);
    Running running = rig.begin("run", failing);
    Go go = running.go(one).print("a\n");
    failing.failBefore(Call.CREATE, 1).failBefore(Call.LIST, 2);
    running.timer.fire();
    running.timer.fire();
    assertThat(segments(running)).isZero();
    go.print("b\n");
    running.timer.fire();

    LogFollower follower = follower();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.text(one)).isEqualTo("a\nb\n");
  }

  @Test
  void whatIsWrittenTwiceIsHeardOnce() {
    for (Trouble trouble : List.of(Trouble.FAIL_AFTER, Trouble.REPEAT)) {
      FaultyStorage failing = new FaultyStorage(rig.storage).trouble(Call.CREATE, 1, trouble);
      Running running = rig.begin("run", failing);
      Go go = running.go(one).print("a\n");
      running.timer.fire();
      go.print("b\n");
      running.timer.fire();
      assertThat(segments(running)).isGreaterThan(1);

      Heard again = new Heard();
      LogFollower follower = new LogFollower(rig.store, rig.job(), datum -> true, false, again);
      assertThat(catchUp(follower)).isFalse();
      assertThat(again.text(one)).isEqualTo("a\nb\n");
    }
  }

  @Test
  void aSegmentThatIsGoneIsHeardWithTheWholeLog() {
    Running running = rig.begin("run");
    Go go = running.go(one);
    for (String text : List.of("a", "b", "c")) {
      go.print(text);
      running.timer.fire();
    }
    var log = StoreLayout.liveLog(running.attempt.number());
    var middle = rig.storage.list(log + "/", Optional.empty(), 3).get(1);
    rig.storage.delete(middle.key());
    LogFollower follower = follower();
    assertThat(catchUp(follower)).isFalse();
    assertThat(heard.text(one)).isEqualTo("a");

    go.end(State.SUCCESS);
    assertThat(catchUp(follower)).isFalse();

    assertThat(heard.text(one)).isEqualTo("abc");
    assertThat(heard.anew).isEmpty();
  }

  @Test
  void aLookThatFailsIsRepeated() {
    Running running = rig.begin("run");
    FaultyStorage failing = new FaultyStorage(rig.storage);
    LogFollower follower =
        new LogFollower(Store.open(failing), rig.job(), datum -> true, false, heard);
    Go go = running.go(one);
    List<String> failures = new ArrayList<>();
    failing.troubleAtRandom(5, 4, Trouble.FAIL_BEFORE, Trouble.FAIL_AFTER);
    for (int i = 0; i < 200; i++) {
      if (i % 7 == 0) {
        go.print(i + "\n");
        running.timer.fire();
      }
      try {
        assertThat(follower.look()).isFalse();
      } catch (EnvironmentFault e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    failing.noMoreTrouble();
    byte[] all = go.end(State.SUCCESS);
    running.go(two).end(State.SUCCESS);
    running.end();

    assertThat(catchUp(follower)).isTrue();
    assertThat(failures).isNotEmpty();
    assertThat(heard.bytes(one)).isEqualTo(all);
    assertThat(heard.anew).isEmpty();
  }
}
