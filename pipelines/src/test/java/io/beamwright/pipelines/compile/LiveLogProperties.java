// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.pipelines.compile.LogRig.Go;
import io.beamwright.pipelines.compile.LogRig.Heard;
import io.beamwright.pipelines.compile.LogRig.Running;
import io.beamwright.pipelines.record.JobDatums;
import io.beamwright.pipelines.record.LogFollower;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.result.DatumResult.State;
import io.beamwright.versioning.testkit.FaultyStorage;
import io.beamwright.versioning.testkit.Trouble;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever programs print, fail, run twice or die, in whatever attempts, and whatever trouble the
 * storage is in for workers and for who follows: what is followed to the end is what is kept.
 */
class LiveLogProperties {

  private static final int DATUMS = 3;

  @Property(tries = 300)
  void whatIsFollowedToTheEndIsWhatIsKept(@ForAll long seed) {
    new Course(seed).run();
  }

  /** A course of things that happen, by a seed. */
  private static final class Course {

    private final Random random;
    private final LogRig rig = new LogRig(DATUMS);
    private final Heard heard = new Heard();
    private final FaultyStorage workers;
    private final FaultyStorage ours;
    private final LogFollower follower;
    private final List<Go> goes = new ArrayList<>();
    private final List<Go> everyGo = new ArrayList<>();
    private Running running;
    private int attempts = 1;

    Course(long seed) {
      random = new Random(seed);
      workers = new FaultyStorage(rig.storage);
      ours = new FaultyStorage(rig.storage);
      running = rig.begin("run0", workers);
      follower = new LogFollower(Store.open(ours), rig.job(), datum -> true, false, heard);
      if (random.nextBoolean()) {
        workers.troubleAtRandom(seed, 5, Trouble.FAIL_BEFORE, Trouble.FAIL_AFTER, Trouble.REPEAT);
        ours.troubleAtRandom(seed, 9, Trouble.FAIL_BEFORE, Trouble.FLIP_A_BIT, Trouble.CUT_SHORT);
      }
    }

    void run() {
      int steps = 20 + random.nextInt(150);
      // Who follows may come late.
      int joins = random.nextInt(steps);
      for (int step = 0; step < steps; step++) {
        happen();
        if (step > joins) {
          look();
        }
      }
      // Whoever is left ends, and what did not run well runs now.
      for (Sha256 datum : rig.datums) {
        go(datum).print(text()).end(State.SUCCESS);
      }
      running.end();
      ours.noMoreTrouble();
      for (int looks = 0; !look(); looks++) {
        assertThat(looks).as("looks until the end is seen").isLessThan(20);
      }
      check();
    }

    private void happen() {
      switch (random.nextInt(10)) {
        case 0 -> goes.add(go(rig.datums.get(random.nextInt(DATUMS))));
        case 1, 2, 3, 4 -> any().ifPresent(go -> go.print(text()));
        case 5, 6 -> running.timer.fire();
        case 7 -> any().ifPresent(Go::again);
        case 8 -> any().ifPresent(this::end);
        default -> {
          if (random.nextInt(6) == 0) {
            goes.forEach(Go::die);
            goes.clear();
            running = rig.begin("run" + attempts++, workers);
          }
        }
      }
    }

    private Optional<Go> any() {
      return goes.isEmpty() ? Optional.empty() : Optional.of(goes.get(random.nextInt(goes.size())));
    }

    private void end(Go go) {
      goes.remove(go);
      if (random.nextInt(4) == 0) {
        go.die();
      } else {
        byte[] unused = go.end(random.nextInt(3) == 0 ? State.FAILED : State.SUCCESS);
      }
    }

    private String text() {
      String line = "line " + random.nextInt(1_000) + (random.nextInt(5) == 0 ? "" : "\n");
      return line.repeat(random.nextInt(4));
    }

    private Go go(Sha256 datum) {
      Go go = running.go(datum);
      everyGo.add(go);
      return go;
    }

    private boolean look() {
      boolean hasEnded = false;
      try {
        hasEnded = follower.look();
      } catch (EnvironmentFault fault) {
        // It is repeated.
      }
      rig.datums.forEach(this::checkThatItIsABeginning);
      return hasEnded;
    }

    /** At any time, what was given of a datum is how one of its programs began. */
    private void checkThatItIsABeginning(Sha256 datum) {
      byte[] heardNow = heard.bytes(datum);
      List<byte[]> printed = new ArrayList<>();
      for (Go go : everyGo) {
        if (go.datum.equals(datum)) {
          printed.addAll(go.past);
          printed.add(go.kept());
        }
      }
      assertThat(heardNow.length == 0 || printed.stream().anyMatch(p -> begins(p, heardNow)))
          .as("\"" + new String(heardNow, UTF_8) + "\" is the beginning of a log")
          .isTrue();
    }

    private static boolean begins(byte[] all, byte[] beginning) {
      return beginning.length <= all.length
          && Arrays.equals(Arrays.copyOf(all, beginning.length), beginning);
    }

    private void check() {
      JobDatums datums = JobDatums.of(rig.store, rig.job());
      datums.forEach(
          datum -> {
            Optional<StoredFile> log = datums.resultOf(datum).flatMap(DatumResult::log);
            byte[] kept = log.map(rig.store.files()::readAll).orElse(new byte[0]);
            byte[] given = heard.bytes(datum.datum().key());
            assertThat(isOneThatWasKept(datum.datum().key(), given, kept))
                .as(new String(given, UTF_8) + "\n--- is not ---\n" + new String(kept, UTF_8))
                .isTrue();
          });
    }

    // Of two copies that ended well either is kept, and both are true.
    private boolean isOneThatWasKept(Sha256 datum, byte[] given, byte[] kept) {
      if (Arrays.equals(given, kept)) {
        return true;
      }
      boolean[] found = {false};
      for (long attempt = 0; attempt < attempts; attempt++) {
        rig.store
            .journals()
            .read(
                attempt,
                result -> {
                  byte[] log = result.log().map(rig.store.files()::readAll).orElse(new byte[0]);
                  found[0] |=
                      result.key().equals(datum)
                          && result.state() == State.SUCCESS
                          && Arrays.equals(log, given);
                });
      }
      return found[0];
    }
  }
}
