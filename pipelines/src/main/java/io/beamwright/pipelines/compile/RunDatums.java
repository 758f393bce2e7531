// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.runners.Counters;
import io.beamwright.transforms.datum.Datum;
import io.beamwright.transforms.datum.DatumJob;
import io.beamwright.transforms.datum.DatumOutcome;
import io.beamwright.transforms.datum.DatumRunner;
import io.beamwright.transforms.datum.DatumTransform;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/**
 * Runs the datums of each set, which its number names, and writes their results into journals;
 * gives the number of datums.
 *
 * <p>A bundle may run twice, or twice at once: results are kept by key, and the first one counts.
 */
final class RunDatums extends DoFn<Integer, Long> {

  private static final long serialVersionUID = 1L;

  /** The counters of datums that ran, failed ones too, and of those that failed. */
  static final String RAN = "datums";

  static final String FAILED = "failed_datums";

  private final Counter ran = Counters.named(RAN);
  private final Counter failed = Counters.named(FAILED);
  private final GraphSite site;
  private final String stage;
  private final String transform;
  private final DatumSets sets;
  private final Durable durable;
  private transient DatumSets.@Nullable Reader reader;
  private transient @Nullable Store store;
  private transient @Nullable LiveLogWriter live;
  private transient @Nullable DatumRunner runner;
  private transient @Nullable JournalWriter journal;

  /** When results are surely in the store, if not before. */
  enum Durable {
    /** When the bundle ends: what reads them comes after a shuffle. */
    WITH_BUNDLE,
    /** When the number of the set's datums is given: what reads them comes next in the bundle. */
    WITH_EACH_SET
  }

  /**
   * @param transform what to do, as {@link DatumTransform#toJson} has it
   */
  RunDatums(GraphSite site, String stage, String transform, DatumSets sets, Durable durable) {
    this.sets = sets;
    this.durable = durable;
    this.site = site;
    this.stage = stage;
    this.transform = transform;
  }

  /** Opens the store and what runs datums. */
  @Setup
  public void open() {
    Store opened = site.open();
    store = opened;
    reader = sets.new Reader(opened.files());
    LiveLogWriter shown =
        new LiveLogWriter(opened.liveLog(site.attempt()), LiveLogWriter.FLUSHED_EVERY);
    live = shown;
    runner =
        DatumRunner.of(
            DatumTransform.fromJson(GraphJson.parse(transform)),
            new DatumJob(site.job(), stage),
            opened.files(),
            opened.trees()::open,
            Path.of(System.getProperty("java.io.tmpdir")),
            shown);
  }

  /** Begins a journal. */
  @StartBundle
  public void begin() {
    journal = new JournalWriter(require(store), site.attempt());
  }

  /** Runs the datums of the set with {@code number}. */
  @ProcessElement
  public void run(@Element Integer number, OutputReceiver<Long> counts)
      throws InterruptedException {
    JournalWriter results = require(journal);
    List<Datum> datums = require(reader).datums(number);
    Set<Sha256> before = endedBefore();
    require(runner)
        .runAll(
            datums.stream().filter(datum -> !before.contains(datum.key())).toList(),
            results.packer(),
            (datum, outcome) -> ended(datum, outcome, results));
    if (durable == Durable.WITH_EACH_SET) {
      results.flush();
    }
    counts.output((long) datums.size());
  }

  private void ended(Datum datum, DatumOutcome outcome, JournalWriter results) {
    results.add(datum.key(), outcome);
    ran.inc();
    failed.inc(outcome instanceof DatumOutcome.Failed ? 1 : 0);
  }

  /**
   * What need not run again. Where the publishing is in the same bundle, that fails for reasons of
   * its own, and the bundle begins again; what a datum took hours for is in a journal.
   */
  private Set<Sha256> endedBefore() {
    Set<Sha256> keys = new HashSet<>();
    if (durable == Durable.WITH_EACH_SET) {
      require(store).journals().read(site.attempt(), result -> keys.add(result.key()));
    }
    return keys;
  }

  /** Writes the journal. */
  @FinishBundle
  public void finish() {
    try (JournalWriter results = require(journal)) {
      results.flush();
    }
    journal = null;
  }

  /** Closes the store. */
  @Teardown
  public void close() {
    if (journal != null) {
      journal.close();
    }
    if (live != null) {
      live.close();
    }
    if (runner != null) {
      runner.close();
    }
    if (store != null) {
      store.close();
    }
  }

  private static <T> T require(@Nullable T opened) {
    if (opened == null) {
      throw new IllegalStateException("used before setup");
    }
    return opened;
  }
}
