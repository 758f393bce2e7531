// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.RunContext;
import io.beamwright.pipelines.RunEvents;
import io.beamwright.pipelines.plan.Plan;
import io.beamwright.runners.GraphFailure;
import io.beamwright.runners.GraphRun;
import io.beamwright.versioning.job.Attempt;
import io.beamwright.versioning.job.JobStates;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Waits for the graph of one attempt, and ends it when somebody asks for that. */
final class GraphWatch {

  private static final Duration LOOKS_HERE_EVERY = Duration.ofMillis(250);

  private static final Duration TELLS_EVERY = Duration.ofSeconds(1);

  /** A look into the store is a request or two. */
  private static final Duration LOOKS_INTO_STORE_EVERY = Duration.ofSeconds(2);

  private final RunContext context;
  private final JobStates states;
  private final Plan.Run plan;
  private final Attempt attempt;
  private final RunEvents events;
  private Optional<String> stoppedBy = Optional.empty();
  private long nextProgress = System.nanoTime() + TELLS_EVERY.toNanos();
  private long nextLook = System.nanoTime() + LOOKS_INTO_STORE_EVERY.toNanos();

  GraphWatch(RunContext context, Plan.Run plan, Attempt attempt, RunEvents events) {
    this.context = context;
    this.plan = plan;
    this.states = new JobStates(context.store().jobs(), plan.job().job());
    this.attempt = attempt;
    this.events = events;
  }

  /**
   * Writes down where the graph runs, and waits for its end.
   *
   * @throws GraphFailure if it did not end well; cancelled if {@link #stoppedBy} says by whom
   */
  void await(GraphRun run) throws GraphFailure, InterruptedException {
    run.clusterJob()
        .ifPresent(job -> states.submitted(attempt.number(), job, context.clock().instant()));
    while (!run.await(LOOKS_HERE_EVERY)) {
      tellProgress(run);
      if (stoppedBy.isEmpty()) {
        stoppedBy = stopRequest();
        stoppedBy.ifPresent(who -> run.cancel());
      }
    }
  }

  private void tellProgress(GraphRun run) {
    if (plan.toRun() > 1 && System.nanoTime() - nextProgress >= 0) {
      nextProgress = System.nanoTime() + TELLS_EVERY.toNanos();
      Map<String, Long> counters = run.counters();
      events.progressed(
          plan,
          counters.getOrDefault(RunDatums.RAN, 0L),
          counters.getOrDefault(RunDatums.FAILED, 0L));
    }
  }

  /** Who had the graph ended, if anybody did. */
  Optional<String> stoppedBy() {
    return stoppedBy;
  }

  private Optional<String> stopRequest() {
    Optional<String> here = context.stop().requestedBy();
    if (here.isPresent() || System.nanoTime() - nextLook < 0) {
      return here;
    }
    nextLook = System.nanoTime() + LOOKS_INTO_STORE_EVERY.toNanos();
    Optional<String> ofRun = context.store().runs().stopRequest(context.run());
    // Then no other stage begins, too.
    ofRun.ifPresent(context.stop()::by);
    return ofRun.or(() -> states.stopRequest(attempt.number()));
  }
}
