// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One kind of step in the chain of a {@code beam} stage; found by {@link java.util.ServiceLoader}.
 *
 * <p>What a step gives must depend on its input and configuration alone: not on the order or the
 * bundling of elements, the number of workers, the clock or chance. Where it keeps rows of a file
 * in their order, its output says so by {@link Ordering}.
 */
public interface Step {

  /** What is known of the step without running it; always the same. */
  StepDescription description();

  /**
   * Checks what can be said of a configuration without the tables that it is for; called before
   * anything of a run begins. {@link #expand} refuses the same.
   *
   * @param label what messages call the step
   * @param config its configuration, not to be changed
   * @throws io.beamwright.versioning.fault.UserFault if no table would make it right
   */
  default void check(String label, ObjectNode config) {}

  /**
   * Adds the step to the graph. Faults in the user's data that only workers can meet go to {@link
   * StepContext#report}; an exception in a worker is our own bug.
   *
   * @throws io.beamwright.versioning.fault.UserFault if the configuration or the input's schema is
   *     wrong, found while the graph is built
   */
  Dataset expand(StepContext context);
}
