// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import io.beamwright.versioning.WriteSession;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A run's lease while the process that drives the run lives: renewed until it is closed. */
public final class Lease implements AutoCloseable {

  /** How often it is renewed: the shortest half grace has room for a failure or two. */
  public static final Duration RENEWED_EVERY = Duration.ofMinutes(2);

  private static final Logger LOG = Logger.getLogger(Lease.class.getName());

  private final WriteSession session;
  private final Leases leases;
  private final String run;
  private final Clock clock;
  private final ScheduledExecutorService renewals;

  private Lease(WriteSession session, String run, Clock clock) {
    this.session = session;
    this.leases = new Leases(session.storage());
    this.run = run;
    this.clock = clock;
    this.renewals = Executors.newSingleThreadScheduledExecutor(Lease::daemon);
  }

  /**
   * Begins the lease of {@code run}, or takes it over from the process before. At each renewal the
   * features of the store are looked at: where one came that this version does not know, the lease
   * is not renewed, and {@code session} writes nothing any more.
   *
   * @param session by which the run writes, to a store that is open until this is closed
   */
  public static Lease hold(WriteSession session, String run, Clock clock) {
    Lease lease = new Lease(session, run, clock);
    lease.leases.renew(run, clock.instant());
    long every = RENEWED_EVERY.toSeconds();
    var unused =
        lease.renewals.scheduleWithFixedDelay(lease::renew, every, every, TimeUnit.SECONDS);
    return lease;
  }

  private static Thread daemon(Runnable renewals) {
    Thread thread = new Thread(renewals, "beamwright-lease");
    thread.setDaemon(true);
    return thread;
  }

  // One that fails is tried again: whoever drives the run meets the same storage, and says so.
  void renew() {
    try {
      session.requireKnownFeatures();
      leases.renew(run, clock.instant());
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, "the lease of run " + run + " could not be renewed", e);
    }
  }

  /** Ends the lease. */
  @Override
  public void close() {
    suspend();
    leases.end(run, clock.instant());
  }

  /** Stops renewing without an end: nothing can be written any more. */
  public void suspend() {
    renewals.shutdownNow();
  }

  /**
   * Leaves the run to the process that comes after this one: until that takes the lease, the run is
   * not lost, though this process is gone.
   */
  public void handOver() {
    suspend();
    try {
      leases.leaveToNext(run, clock.instant());
    } catch (RuntimeException e) {
      LOG.log(Level.FINE, "the lease of run " + run + " could not be left to the next process", e);
    }
  }
}
