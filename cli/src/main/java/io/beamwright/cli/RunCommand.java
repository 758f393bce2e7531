// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.GraphEngine;
import io.beamwright.pipelines.Puts;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.Submission;
import io.beamwright.pipelines.spec.SpecSource;
import io.beamwright.pipelines.validate.Pipeline;
import io.beamwright.runners.RunnerNames;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.LocalFiles;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.gc.Lease;
import io.beamwright.versioning.storage.OverlayStorage;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

  private static final String ENGINE = "io.beamwright.pipelines.compile.BeamEngine";
  private static final Logger LIBRARIES = Logger.getLogger("org.apache");
  private static final String BEAM = "org/apache/beam/sdk/Pipeline.class";

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

  @Option(
      names = "--runner",
      paramLabel = "NAME",
      defaultValue = "direct",
      description = "Runs the stages that name no runner (default: ${DEFAULT-VALUE}).")
  private String runner = "direct";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--resume", hidden = true, paramLabel = "RUN")
  private @Nullable String resume;

  /** Something must run, and this process has no Beam to run it. */
  private static final class BeamNeeded extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public Exit run(Session session) {
    StorageLocation location = session.location();
    if (resume != null) {
      try (Store store = Store.open(location.open())) {
        return run(session, location, store, Submission.of(store, resume));
      }
    }
    if (specs.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "No spec file is named: run SPEC…");
    }
    if (!runners().contains(runner)) {
      throw new ParameterException(
          spec.commandLine(),
          "There is no runner \""
              + runner
              + "\"; there are: "
              + String.join(", ", runners())
              + ".");
    }
    List<SpecSource> sources = specs.stream().map(SpecSource::of).toList();
    Pipeline pipeline = read(sources);
    pipeline.warnings().forEach(warning -> session.console().warning(warning.line()));
    return dryRun
        ? dryRun(session, location, pipeline, sources)
        : submit(session, location, pipeline, sources);
  }

  private static Set<String> runners() {
    return RunnerNames.onClassPath(RunCommand.class.getClassLoader());
  }

  private static Pipeline read(List<SpecSource> sources) {
    return Corridor.read(sources, StepCatalog.load(), runners());
  }

  private Exit submit(
      Session session, StorageLocation location, Pipeline pipeline, List<SpecSource> sources) {
    Map<String, CommitId> inputs = pinInputs(session, location, pipeline);
    try (Store store = Store.openOrCreate(location.open())) {
      Submission submission = prepare(session, store, sources, inputs);
      submission.begin(store);
      return run(session, location, store, submission);
    }
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
      Session session, Store store, List<SpecSource> sources, Map<String, CommitId> pinned) {
    var now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
    Map<String, CommitId> heads =
        new Puts(store, session.author(), now, Looking.inspection(raw, false), session.cache())
            .apply(puts);
    Map<String, CommitId> inputs = new LinkedHashMap<>(pinned);
    heads.forEach((repo, commit) -> inputs.put(Puts.branch(repo), commit));
    return new Submission(
        UUID.randomUUID().toString().replace("-", ""),
        session.author(),
        now,
        Build.current().version(),
        runner,
        Map.of(),
        sources,
        heads,
        inputs);
  }

  private static Exit run(
      Session session, StorageLocation location, Store store, Submission submission) {
    RunOutput output = new RunOutput(session.console(), store);
    Lease lease = Lease.hold(store.storage(), submission.run(), Clock.systemUTC());
    boolean goesOnElsewhere = false;
    try {
      Corridor corridor =
          new Corridor(context(location, store, submission), RunCommand::engine, output.events());
      RunReport report = walk(corridor, submission, store);
      submission.end(store, report, Clock.systemUTC().instant());
      output.print(submission, report);
      return report.succeeded() ? Exit.FINE : Exit.JOB_FAILED;
    } catch (BeamNeeded e) {
      goesOnElsewhere = true;
      throw ClassPathNeeded.toGoOn(
          ClassPath.ofProcess().withAll(), handedOver(session, submission));
    } finally {
      output.close();
      end(lease, goesOnElsewhere);
    }
  }

  private static void end(Lease lease, boolean goesOnElsewhere) {
    if (goesOnElsewhere) {
      lease.suspend();
      return;
    }
    try {
      lease.close();
    } catch (Fault fault) {
      // It runs out by itself; how the run ended is what there is to tell.
      lease.suspend();
    }
  }

  private static RunReport walk(Corridor corridor, Submission submission, Store store) {
    try {
      return corridor.run(read(submission.specs()), submission.inputs());
    } catch (BeamNeeded e) {
      throw e;
    } catch (Fault fault) {
      stop(store, submission, fault);
      throw fault;
    } catch (RuntimeException bug) {
      stop(
          store,
          submission,
          new EnvironmentFault("A bug in Beamwright ended the run: " + bug, "Report it."));
      throw bug;
    }
  }

  private static void stop(Store store, Submission submission, Fault fault) {
    try {
      submission.stop(store, fault, Clock.systemUTC().instant());
    } catch (Fault another) {
      // The store itself is what failed, most likely: the first fault is the one to tell of.
      fault.addSuppressed(another);
    }
  }

  private static List<String> handedOver(Session session, Submission submission) {
    List<String> words =
        new ArrayList<>(List.of("run", "--resume", submission.run(), "--store", session.store()));
    session.storeOptions().forEach((key, value) -> words.addAll(option(key, value)));
    if (session.json()) {
      words.add("--json");
    }
    return words;
  }

  private static List<String> option(String key, String value) {
    return List.of("--store-option", key + "=" + value);
  }

  private static RunContext context(StorageLocation location, Store store, Submission submission) {
    return new RunContext(
        store,
        location,
        submission.run(),
        submission.author(),
        submission.time(),
        submission.engine(),
        submission.runner(),
        submission.runnerOptions(),
        Path.of(System.getProperty("java.io.tmpdir")),
        Clock.systemUTC());
  }

  /** Loaded by name, so that a command that needs no Beam never loads a class of it. */
  private static GraphEngine engine() {
    if (RunCommand.class.getClassLoader().getResource(BEAM) == null) {
      throw new BeamNeeded();
    }
    // Beam and Calcite tell of every graph and query that they plan; the run's story is ours.
    LIBRARIES.setLevel(Level.WARNING);
    try {
      return (GraphEngine) Class.forName(ENGINE).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(ENGINE + " cannot be loaded", e);
    }
  }

  private Exit dryRun(
      Session session, StorageLocation location, Pipeline pipeline, List<SpecSource> sources) {
    try (Store trial = Store.openOrCreate(new OverlayStorage(location.open()))) {
      Map<String, CommitId> inputs = pinInputs(session, location, pipeline);
      Submission submission = prepare(session, trial, sources, inputs);
      Corridor corridor =
          new Corridor(
              context(location, trial, submission),
              RunCommand::engine,
              io.beamwright.pipelines.RunEvents.NONE);
      PlanOutput.print(session, corridor.dryRun(pipeline));
      return Exit.FINE;
    }
  }
}
