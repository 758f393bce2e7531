// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines;

import io.beamwright.pipelines.plan.Plan;
import io.beamwright.pipelines.publish.Publication;
import io.beamwright.versioning.job.Attempt;

/**
 * Compiles what must run of a stage into a graph and runs it; the graph's last step publishes. The
 * one thing of the corridor that needs Beam, and so loaded only when something must run.
 */
public interface GraphEngine {

  /**
   * Runs {@code plan} as {@code attempt}, and waits for its end.
   *
   * @param events is told how far it is
   * @return how it ended, as the graph's last step wrote it into the store
   * @throws io.beamwright.versioning.fault.Fault if it could not run
   */
  Publication run(RunContext context, Plan.Run plan, Attempt attempt, RunEvents events);
}
