// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.Corridor;
import io.beamwright.pipelines.GraphEngine;
import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunElsewhere;
import io.beamwright.pipelines.RunReport;
import io.beamwright.pipelines.RunnerUse;
import io.beamwright.pipelines.StopRequest;
import io.beamwright.pipelines.Submission;
import io.beamwright.runners.GraphRunners;
import io.beamwright.runners.RunnerNames;
import io.beamwright.transforms.beam.StepCatalog;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.gc.Lease;
import io.beamwright.versioning.storage.StorageLocation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Drives a submitted run to its end, in this process or, where its class path lacks what a stage
 * needs, in the next one: each process does what it can before it hands over.
 */
final class RunDriver {

  private static final String ENGINE = "io.beamwright.pipelines.compile.BeamEngine";
  private static final String BEAM = "org/apache/beam/sdk/Pipeline.class";

  private final Session session;
  private final StorageLocation location;
  private final Store store;
  private final StopRequest stop = new StopRequest();

  RunDriver(Session session, StorageLocation location, Store store) {
    this.session = session;
    this.location = location;
    this.store = store;
  }

  /** Something must run on a runner, and this process has not what that needs. */
  private static final class RunnerNeeded extends RunElsewhere {
    private static final long serialVersionUID = 1L;

    private final transient RunnerUse use;

    RunnerNeeded(RunnerUse use) {
      super(use.name());
      this.use = use;
    }

    /** What the next process is told, so that it can start the runner while it reads the store. */
    private String option() {
      return RunCommand.HANDED_OVER + (use.master().isEmpty() ? "=" + use.name() : "");
    }
  }

  /** The names of the runners there are: on this class path, or the launcher's to add. */
  static SortedSet<String> runners(Session session) {
    SortedSet<String> names = new TreeSet<>(here());
    if (session.handover().isPresent()) {
      names.addAll(ClassPath.RUNNERS);
    }
    return names;
  }

  private static SortedSet<String> here() {
    return RunnerNames.onClassPath(RunDriver.class.getClassLoader());
  }

  /**
   * Runs what is left of {@code submission}, and prints what came of it.
   *
   * @param goesOn whether another process of this run was here before, whose failures stand
   */
  Exit drive(Submission submission, boolean goesOn) {
    RunOutput output = new RunOutput(session, store);
    boolean goesOnElsewhere = false;
    Lease lease = hold(submission);
    try (StopOnSignal unused = StopOnSignal.install(stop, session.console());
        LauncherWatch alsoUnused = LauncherWatch.begin(session.environment())) {
      Corridor corridor =
          new Corridor(context(submission, goesOn), RunDriver::engine, output.events());
      RunReport report = walk(corridor, submission);
      return output.print(submission, report, writeDown(submission, report));
    } catch (RunnerNeeded e) {
      goesOnElsewhere = true;
      throw ClassPathNeeded.toGoOn(
          ClassPath.ofProcess().withRunner(e.use.name()),
          session.words("run", "--resume", submission.run(), e.option()));
    } finally {
      output.close();
      end(lease, goesOnElsewhere);
    }
  }

  private Lease hold(Submission submission) {
    try {
      return Lease.hold(store.session(), submission.run(), Clock.systemUTC());
    } catch (Fault fault) {
      stop(submission, fault);
      throw fault;
    }
  }

  /** Writes down how the run ended; gives what was thrown if it could not. */
  private Optional<RuntimeException> writeDown(Submission submission, RunReport report) {
    try {
      submission.end(store, report, Clock.systemUTC().instant());
      return Optional.empty();
    } catch (EnvironmentFault fault) {
      return Optional.of(
          new EnvironmentFault(
              "The run came to its end, and that could not be written down: " + fault.getMessage(),
              fault.remedy()
                  + " What its stages committed is there. To write down the end: beamwright run"
                  + " --resume "
                  + Console.shortId(submission.run()),
              fault));
    } catch (RuntimeException another) {
      return Optional.of(another);
    }
  }

  private static void end(Lease lease, boolean goesOnElsewhere) {
    if (goesOnElsewhere) {
      lease.handOver();
      return;
    }
    try {
      lease.close();
    } catch (Fault fault) {
      // It runs out by itself; how the run ended is what there is to tell.
      lease.suspend();
    }
  }

  private RunReport walk(Corridor corridor, Submission submission) {
    try {
      return corridor.run(
          Corridor.read(submission.specs(), StepCatalog.load(), runners(session)),
          submission.inputs());
    } catch (RunnerNeeded e) {
      throw e;
    } catch (Fault fault) {
      stop(submission, fault);
      throw fault;
    } catch (RuntimeException bug) {
      stop(
          submission,
          new EnvironmentFault("A bug in Beamwright ended the run: " + bug, "Report it."));
      throw bug;
    }
  }

  private void stop(Submission submission, Fault fault) {
    try {
      submission.stop(store, fault, Clock.systemUTC().instant());
    } catch (Fault another) {
      // The store itself is what failed, most likely: the first fault is the one to tell of.
      fault.addSuppressed(another);
    }
  }

  private RunContext context(Submission submission, boolean goesOn) {
    return context(location, store, submission, goesOn, stop);
  }

  /** What is the same for all stages of {@code submission}. */
  static RunContext context(
      StorageLocation location,
      Store store,
      Submission submission,
      boolean goesOn,
      StopRequest stop) {
    return new RunContext(
        store,
        location,
        submission.run(),
        submission.author(),
        submission.time(),
        submission.engine(),
        submission.runners(),
        Path.of(System.getProperty("java.io.tmpdir")),
        Clock.systemUTC(),
        stop,
        goesOn);
  }

  /** Starts the runner beside this thread, in a process that has its class path. */
  static void warmUp(String runner) {
    Thread start = new Thread(() -> GraphRunners.require(runner).warmUp(), "runner-starts");
    start.setDaemon(true);
    start.start();
  }

  /** Whether this process has what compiles and runs stages, but for runners. */
  static boolean hasBeam() {
    return RunDriver.class.getClassLoader().getResource(BEAM) != null;
  }

  /** Loaded by name, so that a command that needs no Beam never loads a class of it. */
  static GraphEngine engine(RunnerUse use) {
    if (!hasBeam() || !here().contains(use.name())) {
      throw new RunnerNeeded(use);
    }
    try {
      return (GraphEngine) Class.forName(ENGINE).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(ENGINE + " cannot be loaded", e);
    }
  }
}
