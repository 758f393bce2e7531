// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.Puts;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.RunnerDefaults;
import io.beamwright.pipelines.StopRequest;
import io.beamwright.pipelines.Submission;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.LocalFiles;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.storage.OverlayStorage;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: specs to commits. */
@Command(
    name = "run",
    description = "Run the pipelines of spec files: what changed, and what follows from it.")
final class RunCommand implements Subcommand {

  /** Of the process that takes over a run which another one began: its failures stand. */
  static final String HANDED_OVER = "--handed-over";

  @Parameters(arity = "0..*", paramLabel = "SPEC", description = "Spec files in JSON.")
  private List<Path> specs = new ArrayList<>();

  @Option(
      names = "--put",
      paramLabel = "REPO=PATH",
      description = "First make the repo equal to a file or folder; creates the repo if absent.")
  private Map<String, Path> puts = new LinkedHashMap<>();

  @Option(
      names = "--raw",
      description = "With --put: take Parquet files as plain bytes too, without looking at them.")
  private boolean raw;

  @Option(names = "--dry-run", description = "Say what would run and why; change nothing.")
  private boolean dryRun;

  @Mixin private RunnerArguments runners = new RunnerArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--detach",
      description = "Leave the run to a process in the background, and return at once.")
  private boolean detach;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description = "Go on with a run that stopped, failed or was lost; names no spec.")
  private @Nullable String resume;

  // Its value is the runner of what comes next, if that runs in this process.
  @Option(names = HANDED_OVER, hidden = true, arity = "0..1", fallbackValue = "")
  private @Nullable String handedOver;

  @Override
  public Exit run(Session session) {
    if (handedOver != null && !handedOver.isEmpty()) {
      RunDriver.warmUp(handedOver);
    }
    StorageLocation location = session.location();
    if (resume != null) {
      return resume(session, location, resume);
    }
    if (specs.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "No spec file is named: run SPEC…");
    }
    if (detach) {
      BackgroundDriver.require();
    }
    RunnerDefaults defaults = runnerDefaults(session);
    List<SpecSource> sources = specs.stream().map(SpecSource::of).toList();
    Pipeline pipeline = Corridor.read(sources, StepCatalog.load(), RunDriver.runners(session));
    new TextCheck(session, specs, sources).require(pipeline, afterTexts(pipeline, defaults));
    pipeline.warnings().forEach(warning -> session.console().warning(warning.line()));
    return dryRun
        ? dryRun(session, location, pipeline, sources, defaults)
        : submit(session, location, pipeline, sources, defaults);
  }

  /** What the command will need once the texts of its specs were read, most likely. */
  private ClassPath afterTexts(Pipeline pipeline, RunnerDefaults defaults) {
    ClassPath here = ClassPath.ofProcess();
    boolean isUsual =
        pipeline.stages().stream()
            .map(stage -> defaults.use(stage.spec().runner()).name())
            .anyMatch(defaults.name()::equals);
    return isUsual && !dryRun && !detach ? here.withRunner(defaults.name()) : here.withAll();
  }

  private Exit resume(Session session, StorageLocation location, String run) {
    try (Store store = Store.open(location.open())) {
      RunDriver driver = new RunDriver(session, location, store);
      return handedOver != null
          ? driver.drive(Submission.of(store, run), true)
          : driver.drive(new Resumption(store, session.console()).begin(run), false);
    }
  }

  private RunnerDefaults runnerDefaults(Session session) {
    NamedContext context = session.context();
    SortedSet<String> there = RunDriver.runners(session);
    String name = runners.runner().or(context::runner).orElse(RunnerArguments.usual(there));
    RunnerDefaults defaults =
        context.runners(name, runners.options(), runners.masters(name), runners.sandbox());
    Set<String> named = new LinkedHashSet<>(defaults.masters().keySet());
    named.add(name);
    RunnerArguments.require(spec.commandLine(), named, there);
    return defaults;
  }

  private Exit submit(
      Session session,
      StorageLocation location,
      Pipeline pipeline,
      List<SpecSource> sources,
      RunnerDefaults defaults) {
    Map<String, CommitId> inputs = pinInputs(session, location, pipeline);
    try (Store store = Store.openOrCreate(location.open())) {
      Submission submission = begin(session, store, sources, inputs, defaults);
      if (detach) {
        return detached(session, submission.run());
      }
      return new RunDriver(session, location, store).drive(submission, false);
    }
  }

  private Submission begin(
      Session session,
      Store store,
      List<SpecSource> sources,
      Map<String, CommitId> inputs,
      RunnerDefaults defaults) {
    Map<String, CommitId> heads = new LinkedHashMap<>();
    try {
      Submission submission = prepare(session, store, sources, inputs, defaults, heads);
      submission.begin(store);
      return submission;
    } catch (Fault fault) {
      heads.forEach(
          (repo, head) ->
              session.console().note("After --put, " + repo + " is at " + head.brief() + "."));
      throw fault;
    }
  }

  private static Exit detached(Session session, String run) {
    Path log = new BackgroundDriver(session).start(run);
    Console console = session.console();
    if (session.json()) {
      console.document(
          json -> {
            json.writeStartObject();
            json.writeStringField("run", run);
            json.writeStringField("driver_log", log.toString());
            json.writeEndObject();
          });
      return Exit.FINE;
    }
    String brief = Console.shortId(run);
    console.line("run " + brief + " goes on in the background");
    console.line("  wait for it    beamwright wait run " + brief);
    console.line("  how it stands  beamwright inspect run " + brief);
    console.line("  what it says   " + log);
    return Exit.FINE;
  }

  /** On a trial: where something is not there, nothing is made, not even the store. */
  private Map<String, CommitId> pinInputs(
      Session session, StorageLocation location, Pipeline pipeline) {
    puts.values().forEach(path -> new LocalFiles(path, Set.of()));
    try (Store trial = Store.openOrCreate(new OverlayStorage(location.open()))) {
      return new Puts(trial, session.author(), Instant.EPOCH).pinInputs(pipeline, puts.keySet());
    }
  }

  private Submission prepare(
      Session session,
      Store store,
      List<SpecSource> sources,
      Map<String, CommitId> pinned,
      RunnerDefaults defaults,
      Map<String, CommitId> heads) {
    Instant now = Session.now();
    new Puts(store, session.author(), now, Looking.inspection(raw, false), session.cache())
        .apply(puts, heads::put);
    Map<String, CommitId> inputs = new LinkedHashMap<>(pinned);
    heads.forEach((repo, commit) -> inputs.put(Puts.branch(repo), commit));
    return new Submission(
        UUID.randomUUID().toString().replace("-", ""),
        session.author(),
        now,
        Build.current().version(),
        defaults,
        sources,
        heads,
        inputs);
  }

  private Exit dryRun(
      Session session,
      StorageLocation location,
      Pipeline pipeline,
      List<SpecSource> sources,
      RunnerDefaults defaults) {
    try (Store trial = Store.openOrCreate(new OverlayStorage(location.open()))) {
      Map<String, CommitId> inputs = pinInputs(session, location, pipeline);
      Submission submission =
          prepare(session, trial, sources, inputs, defaults, new LinkedHashMap<>());
      Corridor corridor =
          new Corridor(
              RunDriver.context(location, trial, submission, false, new StopRequest()),
              RunDriver::engine,
              RunEvents.NONE);
      PlanOutput.print(session, corridor.dryRun(pipeline));
      return Exit.FINE;
    }
  }
}
