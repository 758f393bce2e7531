// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.server;

import io.beamwright.versioning.server.FaultyNetwork.Fate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Does to a share of all requests, by chance, one of the things that real networks do. */
public final class BadWeather implements FaultyNetwork.Weather {

  /** What it does. */
  public enum Fault {
    /** The answer comes up to half a second late. */
    LATE,
    /** The connection is reset before the server hears of the request. */
    RESET_BEFORE,
    /** The connection is reset when the server has done it. */
    RESET_AFTER,
    /** The answer breaks off somewhere. */
    CUT,
    /** The server has done it, and says 500. */
    FAILED_AFTER,
    /** The server does not do it, and says 503. */
    BUSY,
    /** No answer comes until whoever asked gives up; the server has done it, or not. */
    SILENT
  }

  private static final long LONGEST_MILLIS = 500;

  private final Random random;
  private final double share;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

  /**
   * Weather that is the same for the same requests in the same order.
   *
   * @param share of all requests that meet a fault, from 0 to 1
   */
  public BadWeather(long seed, double share) {
    this.random = new Random(seed);
    this.share = share;
  }

  @Override
  public synchronized Fate next() {
    if (random.nextDouble() >= share) {
      return FaultyNetwork.PASSED;
    }
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    done.merge(fault, 1, Integer::sum);
    return fate(fault);
  }

  private Fate fate(Fault fault) {
    return switch (fault) {
      case LATE -> late(random.nextLong(LONGEST_MILLIS));
      case RESET_BEFORE -> FaultyNetwork.LOST;
      case RESET_AFTER -> FaultyNetwork.ANSWER_LOST;
      case CUT -> FaultyNetwork.cutAt(random.nextDouble());
      case FAILED_AFTER -> FaultyNetwork.answeredAs(500, "InternalError");
      case BUSY -> FaultyNetwork.refusedAs(503, "SlowDown");
      case SILENT -> FaultyNetwork.silent(random.nextBoolean());
    };
  }

  private static Fate late(long millis) {
    return exchange -> {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      FaultyNetwork.PASSED.befall(exchange);
    };
  }

  /** How often each fault has been done. */
  public synchronized Map<Fault, Integer> done() {
    return Map.copyOf(done);
  }
}
