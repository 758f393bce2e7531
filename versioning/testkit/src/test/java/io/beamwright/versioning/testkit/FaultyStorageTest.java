// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static io.beamwright.versioning.testkit.FaultyStorage.Call.CREATE;
import static io.beamwright.versioning.testkit.FaultyStorage.Call.DELETE;
import static io.beamwright.versioning.testkit.FaultyStorage.Call.LIST;
import static io.beamwright.versioning.testkit.FaultyStorage.Call.OPEN;
import static io.beamwright.versioning.testkit.FaultyStorage.Call.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.testkit.FaultyStorage.When;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Without trouble it is a storage like any other, and with trouble it does what was ordered. */
class FaultyStorageTest extends StorageContract {

  private static final StorageKey KEY = new StorageKey("key");

  private final MemoryStorage inside = new MemoryStorage();
  private final FaultyStorage faulty = new FaultyStorage(inside);

  @Override
  protected Storage openEmpty() {
    return new FaultyStorage(new MemoryStorage());
  }

  @Test
  void aCallThatFailsBeforeHasDoneNothingAndTheNextSucceeds() {
    faulty.failBefore(CREATE, 2);

    assertThat(create("first")).isEqualTo(Creation.CREATED);
    assertThatThrownBy(() -> create("second"))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("memory:/second");
    assertThat(inside.list("", Optional.empty(), 9)).hasSize(1);
    assertThat(create("second")).isEqualTo(Creation.CREATED);
  }

  @Test
  void aCallThatFailsAfterHasHappened() {
    faulty.failAfter(CREATE, 1).failAfter(DELETE, 1);

    assertThatThrownBy(() -> create("key")).isInstanceOf(EnvironmentFault.class);
    assertThat(inside.read(KEY, 0, 9)).asString().isEqualTo("key");
    assertThatThrownBy(() -> faulty.delete(KEY)).isInstanceOf(EnvironmentFault.class);
    assertThat(inside.list("", Optional.empty(), 9)).isEmpty();
  }

  @Test
  void aRepeatedCreateSaysThatSomebodyWasFirst() {
    faulty.repeat(CREATE, 1);

    assertThat(create("key")).isEqualTo(Creation.EXISTS);
    assertThat(inside.read(KEY, 0, 9)).asString().isEqualTo("key");
  }

  @Test
  void callsAreCountedByKind() {
    create("key");
    create("key");
    faulty.read(KEY, 0, 1);

    assertThat(faulty.count(CREATE)).isEqualTo(2);
    assertThat(faulty.count(READ)).isEqualTo(1);
    assertThat(faulty.count(LIST)).isZero();
  }

  @Test
  void theNthCallOfAnyKindIsTroubled() {
    faulty.trouble(2, Trouble.FAIL_BEFORE);

    create("key");

    assertThatThrownBy(() -> faulty.list("", Optional.empty(), 1))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("LIST number 1 failed");
    assertThat(faulty.count()).isEqualTo(2);
  }

  @Test
  void aDeadClientMakesNoMoreCallsAndAnotherGoesOn() {
    FaultyStorage other = new FaultyStorage(inside);
    faulty.trouble(CREATE, 1, Trouble.DIE_AFTER);

    assertThatThrownBy(() -> create("key")).isInstanceOf(Killed.class);
    assertThatThrownBy(() -> create("later")).isInstanceOf(Killed.class);
    assertThatThrownBy(() -> faulty.read(KEY, 0, 1)).isInstanceOf(Killed.class);

    assertThat(faulty.isDead()).isTrue();
    assertThat(keys()).containsExactly("key");
    assertThat(other.read(KEY, 0, 9)).asString().isEqualTo("key");
  }

  @Test
  void aClientThatDiesBeforeItsCallHasNotMadeIt() {
    faulty.trouble(1, Trouble.DIE_BEFORE);

    assertThatThrownBy(() -> create("key")).isInstanceOf(Killed.class);

    assertThat(keys()).isEmpty();
  }

  @Test
  void whatTheDeadLeftUnderWayArrivesAfterOthersAndLosesToThem() {
    faulty.trouble(1, Trouble.DIE_UNDER_WAY);
    assertThatThrownBy(() -> create("key")).isInstanceOf(Killed.class);
    assertThat(keys()).isEmpty();
    assertThat(faulty.countUnderWay()).isEqualTo(1);

    faulty.deliver();

    assertThat(keys()).containsExactly("key");
    assertThat(faulty.countUnderWay()).isZero();
    assertThat(inside.createIfAbsent(KEY, StorageProcess.text("late"))).isEqualTo(Creation.EXISTS);
  }

  @Test
  void aLateRequestArrivesBeforeTheCallThatItIsDueAt() {
    faulty.arriveLate(CREATE, 1, 2);

    assertThatThrownBy(() -> create("key"))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessageContaining("memory:/key");
    assertThat(faulty.list("", Optional.empty(), 9)).isEmpty();
    assertThat(create("key")).isEqualTo(Creation.EXISTS);
  }

  @Test
  void othersActDuringASlowCall() {
    faulty.meanwhile(LIST, 1, When.BEFORE_IT_HAPPENS, () -> create("early"));
    faulty.meanwhile(LIST, 2, When.BEFORE_IT_IS_ANSWERED, () -> create("late"));

    assertThat(faulty.list("", Optional.empty(), 9)).hasSize(1);
    assertThat(faulty.list("", Optional.empty(), 9)).as("an old answer").hasSize(1);
    assertThat(keys()).containsExactly("early", "late");
  }

  @Test
  void whatIsReadMayBeCutShortOrHaveAWrongBit() throws IOException {
    create("key");
    faulty
        .trouble(READ, 1, Trouble.CUT_SHORT)
        .trouble(READ, 2, Trouble.FLIP_A_BIT)
        .trouble(OPEN, 1, Trouble.CUT_SHORT);

    assertThat(faulty.read(KEY, 0, 9)).asString().isEqualTo("k");
    assertThat(faulty.read(KEY, 0, 9)).asString().isEqualTo("kuy");
    try (InputStream in = faulty.open(KEY)) {
      assertThat(in.readAllBytes()).asString().isEqualTo("k");
    }
    assertThat(faulty.read(KEY, 0, 9)).asString().isEqualTo("key");
    assertThatThrownBy(() -> faulty.trouble(LIST, 1, Trouble.FLIP_A_BIT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFullStorageRefusesCreatesUntilThereIsRoomAgain() {
    faulty.full(1);

    assertThat(create("first")).isEqualTo(Creation.CREATED);
    assertThatThrownBy(() -> create("key")).hasMessageContaining("memory:/key cannot be created");
    assertThatThrownBy(() -> create("key")).hasMessageContaining("no space left");
    faulty.roomAgain();
    assertThat(create("key")).isEqualTo(Creation.CREATED);
  }

  @Test
  void theClockIsOffAndJumps() {
    create("key");
    Instant right = inside.list("", Optional.empty(), 1).get(0).created();

    faulty.clockIsOff(Duration.ofHours(-1));
    assertThat(faulty.list("", Optional.empty(), 1).get(0).created())
        .isEqualTo(right.minusSeconds(3600));
    faulty.clockIsOff(Duration.ofHours(1));
    assertThat(faulty.list("", Optional.empty(), 1).get(0).created())
        .isEqualTo(right.plusSeconds(3600));
  }

  @Test
  void theSameSeedTroublesTheSameCalls() {
    assertThat(failures(1)).isEqualTo(failures(1)).isNotEqualTo(failures(2)).contains(true, false);
  }

  private List<Boolean> failures(long seed) {
    FaultyStorage one = new FaultyStorage(new MemoryStorage());
    one.troubleAtRandom(seed, 3, Trouble.FAIL_BEFORE, Trouble.FAIL_AFTER);
    List<Boolean> failures = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      try {
        failures.add(one.list("", Optional.empty(), 1).size() > 1);
      } catch (EnvironmentFault e) {
        failures.add(true);
      }
    }
    return failures;
  }

  private List<String> keys() {
    return inside.list("", Optional.empty(), 9).stream().map(one -> one.key().text()).toList();
  }

  private Creation create(String key) {
    return faulty.createIfAbsent(new StorageKey(key), StorageProcess.text(key));
  }
}
