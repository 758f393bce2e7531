// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.Puts;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.StageOutcome;
import io.beamwright.pipelines.StopRequest;
import io.beamwright.pipelines.Submission;
import io.beamwright.pipelines.compile.BeamEngine;
import io.beamwright.pipelines.compile.SpecTexts;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.runners.RunnerNames;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.Lease;
import io.beamwright.versioning.ref.Revision;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;

/**
 * A store, and what a test does with one: puts files, runs specs, reads commits. A run goes the way
 * of the command {@code run}, in this process.
 */
public final class BeamwrightStore implements AutoCloseable {

  private static final String AUTHOR = "test";
  private static final String ENGINE = "test";

  private final StorageLocation location;
  private final Path scratch;
  private final Store store;
  private final Clock clock = Clock.systemUTC();
  private final RunnerDefaults runners;

  private BeamwrightStore(
      StorageLocation location, Path scratch, Store store, RunnerDefaults runners) {
    this.location = location;
    this.scratch = scratch;
    this.store = store;
    this.runners = runners;
  }

  /**
   * A store in {@code folder}, which may have one already; runs are on the DirectRunner.
   *
   * @param folder is there, and holds the store and temporary files
   */
  public static BeamwrightStore in(Path folder) {
    return at("file:" + folder.resolve("store").toAbsolutePath(), Map.of(), folder);
  }

  /**
   * The store at {@code uri}, which is made if it is absent; runs are on the DirectRunner.
   *
   * @param uri as {@code --store} takes it
   * @param storeOptions as {@code --store-option} takes them
   * @param scratch a folder that is there, for temporary files
   */
  public static BeamwrightStore at(String uri, Map<String, String> storeOptions, Path scratch) {
    StorageLocation location = StorageLocation.parse(uri, storeOptions);
    return new BeamwrightStore(
        location, scratch, Store.openOrCreate(location.open()), RunnerDefaults.here("direct"));
  }

  /**
   * The same store with another runner for the stages that name none; closing one closes both.
   *
   * @param runnerOptions its options; {@code master} names a cluster, without it is this process
   * @throws UserFault if no such runner is on the class path
   */
  public BeamwrightStore withRunner(String name, Map<String, String> runnerOptions) {
    SortedSet<String> known = runners();
    if (!known.contains(name)) {
      throw new UserFault(
          "There is no runner \"" + name + "\"; there are: " + String.join(", ", known) + ".",
          "Put the runner's module on the test's class path.");
    }
    Map<String, String> options = new HashMap<>(runnerOptions);
    Map<String, String> masters = new HashMap<>();
    Optional.ofNullable(options.remove(RunnerDefaults.MASTER))
        .ifPresent(master -> masters.put(name, master));
    return new BeamwrightStore(
        location, scratch, store, new RunnerDefaults(name, options, masters));
  }

  private static SortedSet<String> runners() {
    return RunnerNames.onClassPath(BeamwrightStore.class.getClassLoader());
  }

  /** What {@code --store} would be, for the command. */
  public String uri() {
    return location.root().toString();
  }

  /** The store itself, for what this class does not show. */
  public Store store() {
    return store;
  }

  /**
   * Makes the files of {@code repo} those of a folder, or one file; creates the repo if absent.
   *
   * @return the head of its branch, which is the one of before where nothing changed
   */
  public StoredCommit put(String repo, Path source) {
    Map<String, CommitId> heads = new HashMap<>();
    new Puts(store, AUTHOR, now()).apply(Map.of(repo, source), heads::put);
    return commit(repo + "@" + Objects.requireNonNull(heads.get(repo)).hex());
  }

  /**
   * The same with files that the test writes.
   *
   * @param files the content of each by its path, as {@code /2013/01.csv}
   */
  public StoredCommit put(String repo, Map<String, String> files) {
    Path folder = temporaryFolder("put");
    files.forEach((path, text) -> write(folder, path, text.getBytes(StandardCharsets.UTF_8)));
    return put(repo, folder);
  }

  /**
   * The same with resources, each under its file name.
   *
   * @param beside the class that they are found from
   * @param names as {@link Class#getResource} takes them
   */
  public StoredCommit putResources(String repo, Class<?> beside, String... names) {
    Path folder = temporaryFolder("resources");
    for (String name : names) {
      write(folder, name.substring(name.lastIndexOf('/') + 1), resource(beside, name));
    }
    return put(repo, folder);
  }

  private static void write(Path folder, String path, byte[] content) {
    try {
      Path file = folder.resolve(path.startsWith("/") ? path.substring(1) : path).normalize();
      if (!file.startsWith(folder) || file.equals(folder)) {
        throw new UserFault("\"" + path + "\" is no path of a file.", "Write it as /folder/file.");
      }
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw noResource(beside, name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UserFault noResource(Class<?> beside, String name) {
    return new UserFault(
        "There is no resource \"" + name + "\" beside " + beside.getName() + ".",
        "Names that begin with / are looked for from the root of the class path.");
  }

  private Path temporaryFolder(String name) {
    try {
      return Files.createTempDirectory(scratch, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A spec that is a resource; {@code code} is found beside it where the class path is a folder.
   *
   * @param beside the class that it is found from
   * @param name as {@link Class#getResource} takes it
   */
  public static SpecSource specResource(Class<?> beside, String name) {
    URL url = beside.getResource(name);
    if (url == null) {
      throw noResource(beside, name);
    }
    String text = new String(resource(beside, name), StandardCharsets.UTF_8);
    try {
      return url.getProtocol().equals("file")
          ? SpecSource.of(Path.of(url.toURI()))
          : new SpecSource(name, Path.of("").toAbsolutePath(), text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Runs a spec file; see {@link #run(SpecSource)}. */
  public FinishedRun run(Path spec) {
    return run(SpecSource.of(spec));
  }

  /** Runs a spec in JSON, whose {@code code} is named from the working directory. */
  public FinishedRun run(String json) {
    return run(text(json));
  }

  private static SpecSource text(String json) {
    return new SpecSource("the spec of the test", Path.of("").toAbsolutePath(), json);
  }

  /**
   * Runs a spec, every stage of which is to make or to find its commit.
   *
   * @throws AssertionError that tells which stage failed, which datum, and its last lines
   */
  public FinishedRun run(SpecSource spec) {
    FinishedRun run;
    try {
      run = tryRun(spec);
    } catch (Fault fault) {
      throw new AssertionError(fault.getMessage() + "\n" + fault.remedy(), fault);
    }
    run.assertSuccess();
    return run;
  }

  /** Runs a spec file that may fail; see {@link #tryRun(SpecSource)}. */
  public FinishedRun tryRun(Path spec) {
    return tryRun(SpecSource.of(spec));
  }

  /** Runs a spec in JSON that may fail; see {@link #tryRun(SpecSource)}. */
  public FinishedRun tryRun(String json) {
    return tryRun(text(json));
  }

  /**
   * Runs a spec that may fail.
   *
   * @throws Fault if the spec is wrong, an input is not there, or a runner cannot be reached
   */
  public FinishedRun tryRun(SpecSource spec) {
    Pipeline pipeline = Corridor.read(List.of(spec), StepCatalog.load(), runners());
    SpecTexts.require(pipeline);
    Instant time = now();
    Map<String, CommitId> inputs = new Puts(store, AUTHOR, time).pinInputs(pipeline, Set.of());
    Submission submission =
        new Submission(
            UUID.randomUUID().toString().replace("-", ""),
            AUTHOR,
            time,
            ENGINE,
            runners,
            List.of(spec),
            Map.of(),
            inputs);
    submission.begin(store);
    try (Lease lease = Lease.hold(store.session(), submission.run(), clock)) {
      RunReport report = walk(pipeline, submission);
      submission.end(store, report, clock.instant());
      report.stages().forEach(BeamwrightStore::requireUnbroken);
      return new FinishedRun(this, report);
    }
  }

  private RunReport walk(Pipeline pipeline, Submission submission) {
    RunContext context =
        new RunContext(
            store,
            location,
            submission.run(),
            AUTHOR,
            submission.time(),
            ENGINE,
            runners,
            // Not the test's own folder: programs of root run as another user, who may not enter
            // it.
            Path.of(System.getProperty("java.io.tmpdir")),
            clock,
            new StopRequest(),
            false);
    try {
      return new Corridor(context, runner -> new BeamEngine(), RunEvents.NONE)
          .run(pipeline, submission.inputs());
    } catch (Fault fault) {
      submission.stop(store, fault, clock.instant());
      throw fault;
    }
  }

  /** What is no failure of the data is thrown as it was: a test is not to take it for one. */
  private static void requireUnbroken(StageOutcome stage) {
    if (stage instanceof StageOutcome.Broken broken) {
      if (broken.thrown() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new AssertionError("The stage " + stage.stage() + " broke off.", broken.thrown());
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * A commit.
   *
   * @param revision as the command takes it: {@code repo}, {@code repo@branch}, {@code repo@id^}
   * @throws UserFault if there is none
   */
  public StoredCommit commit(String revision) {
    return new StoredCommit(store, revision, store.history().resolve(Revision.parse(revision)));
  }

  @Override
  public void close() {
    store.close();
  }
}
