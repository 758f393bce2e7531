// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.record;

import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.LogSegment;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows what the datums of a job print until the job has ended: first the logs that are kept
 * already, then what programs print while they run, and of each datum that ends the rest of its
 * log. In the end all of every log was given, and nothing twice: what was given of a datum is the
 * beginning of its log, or it is said that it begins anew.
 *
 * <p>Each {@link #look} asks the storage for one list, and reads what is new; each 64th also looks
 * at the lease of the run. One that fails may be repeated. Memory is about that of the datums that
 * ended. Not safe for several threads.
 */
public final class LogFollower {

  private static final int JOURNALS_A_LOOK = 1_000;
  private static final int ROUNDS_A_LOOK_AT_THE_LEASE = 4;
  private static final int LOOKS_BEFORE_LOST = 2;

  /** Takes what is printed. */
  public interface Reader {

    /** More of what {@code datum} prints. */
    void more(Sha256 datum, byte[] bytes);

    /** What was given of {@code datum} counts no more, because of {@code why}. */
    void beginsAnew(Sha256 datum, String why);

    /**
     * {@code datum} has ended.
     *
     * @param result what it came to
     * @param isNew whether nothing was given of it before
     */
    void ends(Sha256 datum, DatumState state, DatumResult result, boolean isNew);

    /** All was given of what {@code datum} printed. */
    void isComplete(Sha256 datum);
  }

  /** What is looked at, in turn. */
  private enum Look {
    SEGMENTS,
    JOURNALS,
    END,
    ATTEMPTS,
    RUN
  }

  // What programs print comes first; a new attempt at the job is rare.
  private static final List<Look> TURNS =
      List.of(
          Look.SEGMENTS,
          Look.JOURNALS,
          Look.SEGMENTS,
          Look.END,
          Look.SEGMENTS,
          Look.JOURNALS,
          Look.SEGMENTS,
          Look.ATTEMPTS,
          Look.SEGMENTS,
          Look.JOURNALS,
          Look.SEGMENTS,
          Look.END,
          Look.SEGMENTS,
          Look.JOURNALS,
          Look.SEGMENTS,
          Look.RUN);

  private final Store store;
  private final Predicate<Sha256> wanted;
  private final boolean failedOnly;
  private final Reader reader;
  private final Map<Sha256, Given> given = new HashMap<>();
  private final Set<String> journals = new HashSet<>();
  private final NumberedLog ends;
  private JobRecord job;
  private boolean hasBegun;
  private int turn;
  private int rounds;
  private int lost;
  private long attempt = -1;
  private long newestAttempt;
  private long newestEnd;
  private long segment = -1;
  private Optional<String> afterJournal = Optional.empty();

  /**
   * Follows {@code job}.
   *
   * @param wanted keys of the datums to follow
   * @param failedOnly whether only the logs of datums that failed are given, once they have
   */
  public LogFollower(
      Store store, JobRecord job, Predicate<Sha256> wanted, boolean failedOnly, Reader reader) {
    this.store = store;
    this.job = job;
    this.wanted = wanted;
    this.failedOnly = failedOnly;
    this.reader = reader;
    this.ends = new NumberedLog(store.storage(), StoreLayout.jobLog(job.id()));
  }

  /** What was given of a datum. */
  private static final class Given {

    private final Set<LogSegment.Stream> left = new HashSet<>();
    private LogSegment.@Nullable Stream stream;
    private MessageDigest digest = Sha256.messageDigest();
    private long bytes;
    // The state and the log of its end, once all of that was given.
    private @Nullable DatumState state;
    private Optional<Sha256> log = Optional.empty();

    void add(byte[] more) {
      digest.update(more);
      bytes += more.length;
    }

    void clear() {
      digest = Sha256.messageDigest();
      bytes = 0;
      state = null;
    }
  }

  /** The job, as it was when it was last read: LOST if whoever drove it is gone. */
  public JobRecord job() {
    return job;
  }

  /**
   * Gives what is new.
   *
   * @return whether the job has ended, or nobody has driven it for about 128 looks; all was given
   */
  public boolean look() {
    if (!hasBegun) {
      return begin();
    }
    boolean hasEnded =
        switch (TURNS.get(turn)) {
          case SEGMENTS -> {
            segments();
            yield false;
          }
          case JOURNALS -> {
            journals();
            yield false;
          }
          case END -> ends.newestNumber() != newestEnd && reload();
          case ATTEMPTS -> isAttempted() && reload();
          // A job that was planned and not begun has no end of its own.
          case RUN ->
              store.runs().end(job.run()).isPresent()
                  ? reload() || attempt < 0
                  : isLost() && endLost();
        };
    turn = (turn + 1) % TURNS.size();
    return hasEnded;
  }

  // --- how the job stands ---

  private boolean begin() {
    boolean hasEnded = reload();
    hasBegun = true;
    return hasEnded;
  }

  /** Whether there is an attempt at the job that was not there when it was last read. */
  private boolean isAttempted() {
    long newest = store.attempts().newestNumber();
    boolean isOurs = false;
    for (long number = newestAttempt + 1; number <= newest && !isOurs; number++) {
      isOurs = store.attempts().at(number).filter(a -> a.job().equals(job.id())).isPresent();
    }
    newestAttempt = isOurs ? newestAttempt : newest;
    return isOurs;
  }

  /**
   * Whether nobody has driven the attempt for a while; another process may go on with the job soon
   * after its driver died.
   */
  private boolean isLost() {
    rounds++;
    if (attempt < 0 || rounds % ROUNDS_A_LOOK_AT_THE_LEASE != 0) {
      return false;
    }
    Instant begun = job.attempts().get(0).at();
    boolean isDriven = new Leases(store.storage()).isDriven(job.run(), begun, Instant.now());
    lost = isDriven ? 0 : lost + 1;
    return lost >= LOOKS_BEFORE_LOST;
  }

  private boolean endLost() {
    if (!reload()) {
      segments();
      kept();
    }
    return true;
  }

  /** Reads the job again; whether it has ended, and all was given. */
  private boolean reload() {
    long newest = store.attempts().newestNumber();
    long end = ends.newestNumber();
    JobRecord now = new JobRecords(store).require(job.id().hex());
    // The number of an attempt in another store is that of any other here.
    long current =
        now.copy().isPresent()
            ? -1
            : now.attempts().stream().findFirst().map(Attempt::number).orElse(-1L);
    if (current != attempt) {
      // What the one before printed and nobody has read is read before the new one's.
      segments();
      attempt = current;
      segment = -1;
      journals.clear();
      afterJournal = Optional.empty();
    }
    job = now;
    boolean hasEnded = now.end().isPresent();
    if (hasEnded) {
      segments();
    }
    if (hasEnded || !hasBegun) {
      kept();
    }
    newestAttempt = newest;
    newestEnd = end;
    return hasEnded;
  }

  /** Gives all logs that are kept. */
  private void kept() {
    JobDatums datums = JobDatums.of(store, job);
    datums.forEach(
        datum -> {
          if (datum.state() != DatumState.PENDING && wanted.test(datum.datum().key())) {
            datums.resultOf(datum).ifPresent(result -> end(datum.state(), result));
          }
        });
  }

  // --- what programs print ---

  private void segments() {
    if (attempt >= 0 && !failedOnly) {
      store
          .liveLog(attempt)
          .readAfter(
              segment,
              (number, read) -> {
                if (wanted.test(read.stream().datum())) {
                  take(read);
                }
                segment = number;
              });
    }
  }

  private void take(LogSegment read) {
    Given of = given.computeIfAbsent(read.stream().datum(), key -> new Given());
    if (of.state == DatumState.SUCCESS || of.state == DatumState.SKIPPED) {
      return;
    }
    boolean isFirst = read.offset() == 0 && !of.left.contains(read.stream());
    if (!read.stream().equals(of.stream) && isFirst) {
      follow(read.stream(), of);
    }
    // What lies before is given already: a segment may be written twice. What lies after waits for
    // the whole log.
    boolean continues = read.offset() <= of.bytes && read.end() > of.bytes;
    if (read.stream().equals(of.stream) && of.state == null && continues) {
      byte[] bytes = read.bytes();
      int from = (int) (of.bytes - read.offset());
      give(read.stream().datum(), of, Arrays.copyOfRange(bytes, from, bytes.length));
    }
  }

  private void follow(LogSegment.Stream stream, Given of) {
    LogSegment.Stream before = of.stream;
    if (before != null) {
      of.left.add(before);
    }
    if (of.bytes > 0) {
      boolean isTry = before != null && before.copy().equals(stream.copy());
      String why = isTry ? "attempt " + stream.number() + " of the program" : "it is run once more";
      reader.beginsAnew(stream.datum(), why);
    }
    of.clear();
    of.stream = stream;
  }

  private void give(Sha256 datum, Given of, byte[] bytes) {
    // Before it is counted: what a reader did not take is given again.
    reader.more(datum, bytes);
    of.add(bytes);
  }

  // --- what is kept ---

  /** Reads journals that were not there before, a page of them, and then begins again. */
  private void journals() {
    if (attempt < 0) {
      return;
    }
    List<Listed> page =
        store.storage().list(StoreLayout.journals(attempt), afterJournal, JOURNALS_A_LOOK);
    for (Listed listed : page) {
      if (!journals.contains(listed.key().text())) {
        journal(listed.key());
        journals.add(listed.key().text());
      }
    }
    boolean isLast = page.size() < JOURNALS_A_LOOK;
    afterJournal = isLast ? Optional.empty() : Optional.of(page.get(page.size() - 1).key().text());
  }

  private void journal(StorageKey key) {
    for (DatumResult result : store.journals().read(key)) {
      if (wanted.test(result.key())) {
        end(
            result.state() == DatumResult.State.SUCCESS ? DatumState.SUCCESS : DatumState.FAILED,
            result);
      }
    }
  }

  /** Gives what is left of the log of a datum that ended. */
  private void end(DatumState state, DatumResult result) {
    boolean isFailure = state == DatumState.FAILED;
    Optional<Sha256> log = result.log().map(StoredFile::sha256);
    Given now = given.computeIfAbsent(result.key(), key -> new Given());
    boolean isSame = isFailure && now.log.equals(log);
    if (now.state != null && (now.state != DatumState.FAILED || isSame)) {
      return;
    }
    boolean isTold = isFailure || (!failedOnly && (log.isPresent() || now.bytes > 0));
    if (isTold) {
      rest(state, result, now);
    }
    now.state = state;
    now.log = log;
  }

  private void rest(DatumState state, DatumResult result, Given of) {
    boolean isKept = result.log().isPresent();
    // What a failure left no log of was printed all the same.
    boolean isOther =
        isKept ? !isBeginning(of, result.log().get()) : of.bytes > 0 && state != DatumState.FAILED;
    if (isOther) {
      reader.beginsAnew(result.key(), "another copy of it ended first");
      of.clear();
    }
    reader.ends(result.key(), state, result, of.bytes == 0);
    if (isKept) {
      try (InputStream in = store.files().open(result.log().get())) {
        in.skipNBytes(of.bytes);
        in.transferTo(new To(result.key(), of));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    reader.isComplete(result.key());
  }

  /** Gives what is written to it. */
  private final class To extends OutputStream {
    private final Sha256 datum;
    private final Given of;

    To(Sha256 datum, Given of) {
      this.datum = datum;
      this.of = of;
    }

    @Override
    public void write(int b) {
      give(datum, of, new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      give(datum, of, Arrays.copyOfRange(bytes, offset, offset + length));
    }
  }

  /** Whether what was given, which may be nothing, is the beginning of {@code log}. */
  private boolean isBeginning(Given of, StoredFile log) {
    if (of.bytes == 0 || of.bytes > log.size()) {
      return of.bytes == 0;
    }
    MessageDigest digest = Sha256.messageDigest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = store.files().open(log)) {
      for (long left = of.bytes; left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          return false;
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
      MessageDigest ours = (MessageDigest) of.digest.clone();
      return MessageDigest.isEqual(digest.digest(), ours.digest());
    } catch (IOException | CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }
}
