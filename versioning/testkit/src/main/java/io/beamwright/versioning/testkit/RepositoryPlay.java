// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.testkit.FaultyStorage.Call;
import io.beamwright.versioning.testkit.FaultyStorage.When;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Several clients of one store, each with its own troubles, and the picture they must leave. */
final class RepositoryPlay implements AutoCloseable {

  private static final int CLIENTS = 3;
  private static final int STEPS_UNTIL_ARRIVAL = 4;

  private final Supplier<Storage> place;
  private final List<Storage> opened = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final List<FaultyStorage> all = new ArrayList<>();
  private final RepositoryPicture picture;
  private boolean metAll = true;

  RepositoryPlay(Supplier<Storage> place) {
    this.place = place;
    this.picture = new RepositoryPicture(open());
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(newClient());
    }
  }

  private record Client(FaultyStorage storage, Store store) {}

  /** What goes wrong in a step, or goes on during it. */
  sealed interface Mishap {
    /** The {@code nth} call gets into trouble. */
    record Troubled(int nth, Trouble trouble) implements Mishap {}

    /** A bit is wrong of the {@code nth} thing that is opened: nodes of trees and files are. */
    record WrongBit(int nth) implements Mishap {}

    /** The storage is full after so many creates. */
    record Full(int creates) implements Mishap {}

    /** Another step is taken during the {@code nth} call. */
    record Meanwhile(int nth, When when, Step step) implements Mishap {}
  }

  /** One act of one client. */
  record Step(int client, RepositoryAct act, Optional<Mishap> mishap) {}

  /** Takes all steps, lets arrive what is under way, and compares all that is there at the end. */
  void all(List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      take(steps.get(i));
      picture.settle();
      if (i % STEPS_UNTIL_ARRIVAL == STEPS_UNTIL_ARRIVAL - 1) {
        deliver();
        picture.settle();
      }
    }
    deliver();
    picture.settle();
    picture.compareAll(open());
  }

  /** What the dead left under way arrives. */
  private void deliver() {
    all.forEach(FaultyStorage::deliver);
    picture.allArrived();
  }

  /** Whether each mishap was met: it is not if its act makes fewer calls than it says. */
  boolean metAll() {
    return metAll;
  }

  private void take(Step step) {
    Client client = living(step.client());
    step.mishap().ifPresent(mishap -> arrange(client.storage(), step.client(), mishap));
    boolean isDisturbed =
        step.mishap().filter(one -> one instanceof Mishap.Meanwhile).isPresent() || isUnderWay();
    RepositoryAct.Turn turn = new RepositoryAct.Turn(client.store(), picture, !isDisturbed);
    try {
      step.act().play(turn);
    } catch (EnvironmentFault | Killed e) {
      assertThat(step.mishap().filter(one -> !(one instanceof Mishap.Meanwhile)))
          .as("why this step failed: " + e.getMessage())
          .isPresent();
    } finally {
      picture.failed(turn.claims(), client.storage().countUnderWay() > 0);
      metAll &= !client.storage().hasOrders();
      client.storage().noMoreTrouble().roomAgain();
    }
  }

  private boolean isUnderWay() {
    return all.stream().anyMatch(storage -> storage.countUnderWay() > 0);
  }

  private void arrange(FaultyStorage storage, int client, Mishap mishap) {
    if (mishap instanceof Mishap.Troubled one) {
      storage.trouble(storage.count() + one.nth(), one.trouble());
    } else if (mishap instanceof Mishap.WrongBit one) {
      storage.trouble(Call.OPEN, storage.count(Call.OPEN) + one.nth(), Trouble.FLIP_A_BIT);
    } else if (mishap instanceof Mishap.Full one) {
      storage.full(one.creates());
    } else if (mishap instanceof Mishap.Meanwhile one) {
      int other = one.step().client() == client ? (client + 1) % CLIENTS : one.step().client();
      Step step = new Step(other, one.step().act(), one.step().mishap());
      storage.meanwhile(
          storage.count() + one.nth(),
          one.when(),
          () -> {
            deliver();
            picture.settle();
            take(step);
            picture.settle();
          });
    }
  }

  /** A client that died is followed by a new one; what it left under way may arrive later. */
  private Client living(int number) {
    if (clients.get(number).storage().isDead()) {
      clients.set(number, newClient());
    }
    return clients.get(number);
  }

  private Client newClient() {
    FaultyStorage storage = new FaultyStorage(open());
    all.add(storage);
    return new Client(storage, Store.open(storage));
  }

  private Storage open() {
    Storage storage = place.get();
    opened.add(storage);
    return storage;
  }

  @Override
  public void close() {
    opened.forEach(Storage::close);
  }
}
