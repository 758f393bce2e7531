// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import io.beamwright.pipelines.Submission;
import io.beamwright.pipelines.record.JobRecord;
import io.beamwright.pipelines.record.JobRecords;
import io.beamwright.pipelines.record.RunRecord;
import io.beamwright.pipelines.record.RunRecords;
import io.beamwright.runners.ClusterJobs;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.gc.Lease;
import io.beamwright.versioning.gc.Leases;
import io.beamwright.versioning.job.ClusterJob;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Takes over a run that nobody drives any more. */
final class Resumption {

  private final Store store;
  private final Console console;

  Resumption(Store store, Console console) {
    this.store = store;
    this.console = console;
  }

  /**
   * The submission of the run that {@code typed} means, to be driven from here. What a cluster
   * still runs of it is waited for: it publishes by itself.
   *
   * @throws ConflictFault if another process drives it
   * @throws UserFault if there is no such run, or it ran in another store
   */
  Submission begin(String typed) {
    RunRecord run = new RunRecords(store).require(typed);
    if (run.isCopied()) {
      throw new UserFault(
          "The run " + Console.shortId(run.run()) + " ran in another store, and ended there.",
          "Run its specs here: beamwright run SPEC");
    }
    Instant now = Clock.systemUTC().instant();
    if (new Leases(store.storage()).standing(run.run(), now) == Leases.Standing.ALIVE) {
      throw new ConflictFault(
          "The run " + Console.shortId(run.run()) + " is being driven by another process.",
          "Wait for it (beamwright wait run " + Console.shortId(run.run()) + "), or stop it.");
    }
    // Held from here on: what runs in a cluster may be waited for, and long.
    Lease lease = Lease.hold(store.session(), run.run(), Clock.systemUTC());
    try {
      store.runs().resume(run.run(), now);
      for (JobRecord job : new JobRecords(store).of(run.run(), run.time())) {
        if (job.state().isOpen()) {
          job.cluster().ifPresent(cluster -> awaitEnd(job, cluster));
        }
      }
    } finally {
      lease.suspend();
    }
    return Submission.of(store, run.run());
  }

  private void awaitEnd(JobRecord job, ClusterJob cluster) {
    Optional<ClusterJobs.State> state = ClusterJobs.state(cluster);
    if (state.filter(s -> s == ClusterJobs.State.RUNNING).isPresent()) {
      console.note(
          job.stage()
              + " still runs at "
              + cluster.master()
              + " as "
              + cluster.id()
              + "; waiting…");
      ClusterJobs.awaitEnd(cluster);
    }
  }
}
