// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.transforms.datum.LiveOutput;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.job.LiveLog;
import io.beamwright.versioning.job.LogSegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes what programs have printed into the live log of their attempt, while they run: every five
 * seconds what is new, if anything is. A datum that ends sooner writes nothing. What cannot be
 * written is no business of the datum's: its whole log is kept with its result.
 *
 * <p>A segment holds at most half a MiB, and a go at a datum writes at most 8 MiB, all its tries
 * together. After every 720 segments, which is an hour of them, it writes half as often, so that a
 * program that prints for a week leaves some thousands.
 */
final class LiveLogWriter implements LiveOutput, AutoCloseable {

  /** How often what is new is written. */
  static final Duration FLUSHED_EVERY = Duration.ofSeconds(5);

  static final int MOST_BYTES_A_DATUM = ProgramLog.HALF;
  static final int SEGMENTS_AT_A_PACE = 720;

  private static final Logger LOG = Logger.getLogger(LiveLogWriter.class.getName());

  private final LiveLog live;
  private final Duration every;
  private final Timer timer;

  /** Calls back later. */
  interface Timer {

    /**
     * Has {@code task} run once after {@code delay}, unless that is taken back.
     *
     * @return takes it back
     */
    Runnable after(Duration delay, Runnable task);

    /** Has nothing run any more. */
    default void stop() {}
  }

  /** Writes into {@code live}, what is new every {@code every}. */
  LiveLogWriter(LiveLog live, Duration every) {
    this(live, every, new OneThread());
  }

  LiveLogWriter(LiveLog live, Duration every, Timer timer) {
    this.live = live;
    this.every = every;
    this.timer = timer;
  }

  /** A thread of its own, once there is something to do. */
  private static final class OneThread implements Timer {

    private final ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(1, OneThread::daemon);

    OneThread() {
      // Most datums end before anything of theirs is due, and their logs must not wait for it.
      thread.setRemoveOnCancelPolicy(true);
    }

    private static Thread daemon(Runnable flushes) {
      Thread thread = new Thread(flushes, "beamwright-live-log");
      thread.setDaemon(true);
      return thread;
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
      var due = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> due.cancel(false);
    }

    @Override
    public void stop() {
      thread.shutdownNow();
    }
  }

  @Override
  public OfDatum of(Sha256 key) {
    return new Go(key);
  }

  /** Ends without a flush. */
  @Override
  public void close() {
    timer.stop();
  }

  /** One go at a datum. Its monitor is not held while the storage is asked. */
  private final class Go implements OfDatum {

    private final Sha256 datum;
    private final String copy = UUID.randomUUID().toString();
    private @Nullable Try current;
    private Runnable takeBack = () -> {};
    private long written;
    private int segments;

    Go(Sha256 datum) {
      this.datum = datum;
    }

    @Override
    public synchronized void begin(int number, byte[] earlier, ProgramLog log) {
      current = new Try(new LogSegment.Stream(datum, copy, number), earlier, log);
      schedule();
    }

    @Override
    public synchronized void close() {
      current = null;
      takeBack.run();
    }

    private synchronized void schedule() {
      takeBack.run();
      if (current != null && written < MOST_BYTES_A_DATUM) {
        int pace = Math.min(segments / SEGMENTS_AT_A_PACE, 20);
        takeBack = timer.after(every.multipliedBy(1L << pace), this::flush);
      }
    }

    private synchronized @Nullable Try current() {
      return current;
    }

    private synchronized long room() {
      return MOST_BYTES_A_DATUM - written;
    }

    private synchronized void wrote(long bytes) {
      written += bytes;
      segments++;
    }

    private void flush() {
      try {
        Try now = current();
        if (now != null) {
          flush(now);
        }
      } catch (RuntimeException e) {
        LOG.log(Level.FINE, "what datum " + datum + " printed could not be written yet", e);
      } finally {
        schedule();
      }
    }

    private void flush(Try now) {
      byte[] fresh = now.unwritten((int) Math.min(LogSegment.MOST_BYTES, room()));
      if (fresh.length > 0 && live.append(new LogSegment(now.stream, now.offset, fresh))) {
        now.offset += fresh.length;
        wrote(fresh.length);
      }
    }
  }

  /** A try of a go: what it prints, and how much of that is written. Flushed by one thread. */
  private static final class Try {

    private final LogSegment.Stream stream;
    private final byte[] earlier;
    private final ProgramLog log;
    private long offset;

    Try(LogSegment.Stream stream, byte[] earlier, ProgramLog log) {
      this.stream = stream;
      this.earlier = earlier;
      this.log = log;
    }

    /** At most {@code most} bytes of what will be kept, from the first that is not written. */
    byte[] unwritten(int most) {
      if (offset >= earlier.length) {
        return log.settled(offset - earlier.length, most);
      }
      int from = (int) offset;
      byte[] begun = Arrays.copyOfRange(earlier, from, Math.min(earlier.length, from + most));
      byte[] printed = log.settled(0, most - begun.length);
      byte[] both = Arrays.copyOf(begun, begun.length + printed.length);
      System.arraycopy(printed, 0, both, begun.length, printed.length);
      return both;
    }
  }
}
