// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;

/**
 * Tries a property on many values, and reports the smallest one found that it does not hold for.
 *
 * <p>As jqwik's own engine does, but with a number of tries that is known at run time only, because
 * a contract is run by storages of very different speeds. The values follow from the seeds 1, 2, 3…
 * so that a failure comes again; {@code -Dbeamwright.seed=N} begins with another.
 */
final class Tries<T> {

  private static final int GENERATOR_SIZE = 1_000;
  private static final int MOST_SHRINKING_TRIES = 300;
  private static final Duration MOST_SHRINKING = Duration.ofSeconds(20);

  private final Arbitrary<T> values;
  private final Consumer<T> property;

  private Tries(Arbitrary<T> values, Consumer<T> property) {
    this.values = values;
    this.property = property;
  }

  /** A value that the property does not hold for. */
  private record Failure<T>(Shrinkable<T> value, Throwable cause) {}

  /**
   * Runs {@code property}, which throws where it does not hold.
   *
   * @throws AssertionError with the seed and the smallest failing value
   */
  static <T> void of(int tries, Arbitrary<T> values, Consumer<T> property) {
    Tries<T> all = new Tries<>(values, property);
    JqwikSession.run(() -> all.run(tries));
  }

  private void run(int tries) {
    RandomGenerator<T> generator = values.generator(GENERATOR_SIZE);
    long first = Long.getLong("beamwright.seed", 1);
    for (long seed = first; seed < first + tries; seed++) {
      Optional<Failure<T>> failure = failure(generator.next(new Random(seed)));
      if (failure.isPresent()) {
        Failure<T> smallest = smallest(failure.get());
        throw new AssertionError(
            "seed "
                + seed
                + ": does not hold for "
                + smallest.value().value()
                + ": "
                + smallest.cause().getMessage(),
            smallest.cause());
      }
    }
  }

  private Optional<Failure<T>> failure(Shrinkable<T> value) {
    try {
      property.accept(value.value());
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(new Failure<>(value, e));
    }
  }

  private Failure<T> smallest(Failure<T> found) {
    Failure<T> smallest = found;
    int left = MOST_SHRINKING_TRIES;
    long end = System.nanoTime() + MOST_SHRINKING.toNanos();
    boolean shrinks = true;
    while (shrinks && left > 0) {
      shrinks = false;
      for (Shrinkable<T> smaller : (Iterable<Shrinkable<T>>) smallest.value().shrink()::iterator) {
        Optional<Failure<T>> failure = failure(smaller);
        if (failure.isPresent()) {
          smallest = failure.get();
          shrinks = true;
          break;
        }
        if (--left == 0 || System.nanoTime() > end) {
          left = 0;
          break;
        }
      }
    }
    return smallest;
  }
}
