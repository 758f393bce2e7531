// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.StopRequest;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.plan.Planner;
import io.beamwright.pipelines.plan.Segments;
import io.beamwright.pipelines.publish.Publisher;
import io.beamwright.pipelines.record.DatumState;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.LogFollower;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.transforms.datum.LiveOutput;
import io.beamwright.transforms.program.ProgramLog;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Committer;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFile;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.ref.Repo;
import io.beamwright.versioning.result.DatumResult;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.testkit.MemoryStorage;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A planned job whose datums print, end and die when a test says so, and nothing waits. */
final class LogRig {

  final MemoryStorage storage = new MemoryStorage();
  final Store store = Store.openOrCreate(storage);
  final Plan.Run plan;
  final List<Sha256> datums = new ArrayList<>();

  /** With a job of {@code count} datums. */
  LogRig(int count) {
    put(count);
    String spec =
        """
        {"pipeline": {"name": "talk"}, "input": {"pfs": {"repo": "in", "glob": "/*"}},
         "transform": {"cmd": ["true"]}}
        """;
    RunContext context =
        new RunContext(
            store,
            StorageLocation.parse("file:/nowhere"),
            "run",
            "tester",
            Instant.now(),
            "test",
            RunnerDefaults.here("direct"),
            Path.of("/nowhere"),
            Clock.systemUTC(),
            new StopRequest(),
            false);
    var pipeline =
        Corridor.read(
            List.of(new SpecSource("talk.json", Path.of("/nowhere"), spec)),
            StepCatalog.load(),
            Set.of("direct"));
    plan = (Plan.Run) new Planner(context).pin(pipeline.stages().get(0), Map.of());
    Segments.read(store.files(), plan.todo(), datum -> datums.add(datum.key()));
  }

  private void put(int count) {
    Repo repo = store.repos().create("in", "", "tester", Instant.now());
    List<FileEntry> files =
        IntStream.range(0, count)
            .mapToObj(i -> FileEntry.of(new FilePath("/" + (100 + i)), false, stored("in " + i)))
            .toList();
    var unused =
        new Committer(store, "tester", Instant.now())
            .commit(
                repo,
                "master",
                "",
                Committer.Empty.ALLOWED,
                before -> store.trees().build(files.iterator()));
  }

  private StoredFile stored(String text) {
    return stored(text.getBytes(UTF_8));
  }

  private StoredFile stored(byte[] bytes) {
    try (Packer packer = store.packer()) {
      var file = packer.add(Content.of(bytes));
      packer.flush();
      return file.stored();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins an attempt of {@code run}. */
  Running begin(String run) {
    return begin(run, storage);
  }

  /** The same, whose workers see {@code theirs}. */
  Running begin(String run, Storage theirs) {
    return begin(run, plan.job().time(), theirs);
  }

  /** The same, begun at another time. */
  Running begin(String run, Instant at, Storage theirs) {
    Sha256 job = plan.job().job();
    Attempt attempt =
        store.attempts().begin(job, run, plan.stage(), at, datums.size(), datums.size());
    store.jobs().writePlan(job, attempt.number(), plan.job().toJson());
    return new Running(attempt, theirs);
  }

  JobRecord job() {
    return new JobRecords(store).require(plan.job().job().hex());
  }

  /** Runs what is due only when it is told to. */
  static final class HandTimer implements LiveLogWriter.Timer {
    private final Deque<Runnable> due = new ArrayDeque<>();
    final List<Duration> delays = new ArrayList<>();

    @Override
    public Runnable after(Duration delay, Runnable task) {
      delays.add(delay);
      due.add(task);
      return () -> due.remove(task);
    }

    /** The next flush of each datum is due. */
    void fire() {
      for (Runnable task : List.copyOf(due)) {
        if (due.remove(task)) {
          task.run();
        }
      }
    }

    boolean isIdle() {
      return due.isEmpty();
    }
  }

  /** An attempt that is under way. */
  final class Running {
    final Attempt attempt;
    final HandTimer timer = new HandTimer();
    final LiveLogWriter writer;

    Running(Attempt attempt, Storage theirs) {
      this.attempt = attempt;
      this.writer =
          new LiveLogWriter(
              new io.beamwright.versioning.job.LiveLog(theirs, attempt.number()),
              LiveLogWriter.FLUSHED_EVERY,
              timer);
    }

    /** A worker begins with {@code datum}. */
    Go go(Sha256 datum) {
      return new Go(this, datum);
    }

    /** Publishes, and so ends the attempt. */
    void end() {
      var unused = new Publisher(store, Clock.systemUTC()).publish(plan.job(), attempt);
    }
  }

  /** A worker's go at a datum. */
  final class Go {
    final Sha256 datum;
    private final Running running;
    private final LiveOutput.OfDatum shown;
    private String earlier = "";
    private ProgramLog log = new ProgramLog();
    private int number = 1;

    /** The whole logs of its tries before this one. */
    final List<byte[]> past = new ArrayList<>();

    Go(Running running, Sha256 datum) {
      this.running = running;
      this.datum = datum;
      this.shown = running.writer.of(datum);
      shown.begin(1, new byte[0], log);
    }

    Go print(String text) {
      return print(text.getBytes(UTF_8));
    }

    Go print(byte[] bytes) {
      log.append(bytes, 0, bytes.length);
      return this;
    }

    /** The program fails and is tried again, as the runner of datums does it. */
    Go again() {
      past.add(kept());
      earlier += "[beamwright: attempt " + number + " failed]\n";
      log = new ProgramLog();
      number++;
      shown.begin(number, earlier.getBytes(UTF_8), log);
      return this;
    }

    byte[] kept() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(earlier.getBytes(UTF_8));
      all.writeBytes(log.bytes());
      return all.toByteArray();
    }

    /** It ends; its result with its whole log is in a journal. */
    byte[] end(DatumResult.State state) {
      shown.close();
      byte[] all = kept();
      DatumResult result =
          new DatumResult(
              datum,
              state,
              List.of(),
              all.length == 0 ? Optional.empty() : Optional.of(stored(all)),
              CanonicalJson.object().put("reason", "it failed"));
      store.journals().write(running.attempt.number(), List.of(result));
      return all;
    }

    /** Its worker dies. */
    void die() {
      shown.close();
    }
  }

  /** What a follower was given. */
  static final class Heard implements LogFollower.Reader {
    final Map<Sha256, ByteArrayOutputStream> texts = new HashMap<>();
    final Map<Sha256, DatumState> states = new LinkedHashMap<>();
    final List<String> anew = new ArrayList<>();
    final List<Sha256> complete = new ArrayList<>();

    @Override
    public void more(Sha256 datum, byte[] bytes) {
      texts.computeIfAbsent(datum, key -> new ByteArrayOutputStream()).writeBytes(bytes);
    }

    @Override
    public void beginsAnew(Sha256 datum, String why) {
      texts.remove(datum);
      anew.add(why);
    }

    @Override
    public void ends(Sha256 datum, DatumState state, DatumResult result, boolean isNew) {
      states.put(datum, state);
    }

    @Override
    public void isComplete(Sha256 datum) {
      complete.add(datum);
    }

    byte[] bytes(Sha256 datum) {
      ByteArrayOutputStream text = texts.get(datum);
      return text == null ? new byte[0] : text.toByteArray();
    }

    String text(Sha256 datum) {
      return new String(bytes(datum), UTF_8);
    }
  }
}
